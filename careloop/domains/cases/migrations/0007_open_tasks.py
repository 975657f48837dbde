from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0006_hold"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="open_task_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
