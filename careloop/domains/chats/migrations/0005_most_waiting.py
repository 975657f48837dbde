from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chats", "0004_most_wait")]

    operations = [
        migrations.AddField(
            model_name="widget",
            name="most_waiting",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
