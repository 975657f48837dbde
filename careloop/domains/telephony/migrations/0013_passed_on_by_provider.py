from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0012_callbacks_told")]

    operations = [
        migrations.AlterField(
            model_name="callhook",
            name="kind",
            field=models.CharField(
                choices=[
                    ("calls", "calls"),
                    ("next", "next"),
                    ("transfers", "transfers"),
                    ("legs", "legs"),
                    ("statuses", "statuses"),
                    ("recordings", "recordings"),
                ],
                max_length=12,
            ),
        ),
    ]
