"""Kept answers and allowances of API tokens."""

from django.db import migrations, models

import careloop.kernel.scope


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_log")]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("workspace_id", models.BigIntegerField(default=careloop.kernel.scope.current_workspace, editable=False)),
                ("token_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("request_sha256", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "api_kept_answer",
                "indexes": [models.Index(fields=["token_id", "made_at"], name="api_kept_answer_age")],
                "constraints": [models.UniqueConstraint(fields=("token_id", "key"), name="api_kept_answer_once")],
            },
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("token_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("minute", models.BigIntegerField()),
                ("count", models.IntegerField()),
            ],
            options={"db_table": "api_allowance"},
        ),
        migrations.RunSQL("ALTER TABLE api_allowance SET UNLOGGED", "ALTER TABLE api_allowance SET LOGGED"),
    ]
