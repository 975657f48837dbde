from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chats", "0006_invitation_to")]

    operations = [
        migrations.AddField(
            model_name="widget",
            name="notice",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="widget",
            name="notice_url",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
