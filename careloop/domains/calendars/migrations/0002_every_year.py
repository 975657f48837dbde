from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="day", name="is_yearly", field=models.BooleanField(db_default=False, default=False)
        ),
    ]
