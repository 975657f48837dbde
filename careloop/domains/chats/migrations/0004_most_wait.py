from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chats", "0003_live_of_case")]

    operations = [
        migrations.AddField(
            model_name="widget",
            name="most_wait_s",
            field=models.PositiveIntegerField(db_default=900, default=900),
        ),
        migrations.AlterField(
            model_name="chat",
            name="ended_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("visitor", "The visitor"),
                    ("agent", "The agent"),
                    ("silence", "Silence"),
                    ("nobody", "Nobody came"),
                ],
                max_length=10,
            ),
        ),
    ]
