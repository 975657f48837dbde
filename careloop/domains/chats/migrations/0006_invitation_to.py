from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chats", "0005_most_waiting")]

    operations = [
        migrations.AddField(
            model_name="widget",
            name="invitation_to",
            field=models.CharField(
                choices=[
                    ("everybody", "Everybody"),
                    ("new", "Who is on the site for the first time"),
                    ("returning", "Who has been there before"),
                    ("named", "Whom your site has named"),
                ],
                db_default="everybody",
                default="everybody",
                max_length=10,
            ),
        ),
    ]
