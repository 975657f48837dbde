from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0011_pausing")]

    operations = [
        migrations.AlterField(
            model_name="heard",
            name="kind",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("ringing", "ringing"),
                    ("missed", "missed"),
                    ("answered", "answered"),
                    ("held", "held"),
                    ("resumed", "resumed"),
                    ("callback", "callback"),
                    ("transferred", "transferred"),
                    ("ended", "ended"),
                ],
                max_length=12,
            ),
        ),
    ]
