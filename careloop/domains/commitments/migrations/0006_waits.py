import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("chats", "0003_live_of_case"),
        ("commitments", "0005_calling_back"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clock",
            name="commitments_clock_one_runs",
        ),
        migrations.AddField(
            model_name="clock",
            name="chat",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="chats.chat",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="measure",
            field=models.CharField(
                choices=[
                    ("first_response", "First answer"),
                    ("next_response", "Next answer"),
                    ("resolution", "Solution"),
                    ("callback", "Promised callback"),
                    ("wait", "Wait in the chat"),
                    ("task", "Task of another team"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("chat__isnull", False)),
                fields=["chat", "started_at"],
                name="commitments_clock_of_chat",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chat__isnull", True), ("outcome", "running"), ("task__isnull", True)),
                fields=("case", "measure"),
                name="commitments_clock_one_runs",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chat__isnull", False), ("outcome", "running")),
                fields=("chat",),
                name="commitments_clock_one_of_chat",
            ),
        ),
    ]
