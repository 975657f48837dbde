from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("chats", "0007_notice"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(fields=["case"], name="chats_of_case"),
        ),
    ]
