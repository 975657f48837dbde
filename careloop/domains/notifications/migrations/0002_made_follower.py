from django.db import migrations, models


class Migration(migrations.Migration):
    """A person is told when somebody makes them a follower. The column stays as it is; only its vocabulary grows."""

    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                max_length=20,
                choices=[
                    ("assigned", "A case was given to you"),
                    ("mentioned", "You were mentioned"),
                    ("made_follower", "You were made a follower of a case"),
                    ("customer_wrote", "A customer wrote in a case of yours"),
                    ("followed_changed", "Something happened in a case you follow"),
                    ("delivery_failed", "An answer of yours did not arrive"),
                ],
            ),
        )
    ]
