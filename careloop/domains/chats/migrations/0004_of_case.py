from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("chats", "0003_live_of_case"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(fields=["case"], name="chats_of_case"),
        ),
    ]
