from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("chats", "0002_queue_of_widget")]

    operations = [
        AddIndexConcurrently(
            model_name="chat",
            index=models.Index(
                fields=["workspace_id", "case"],
                condition=models.Q(("state", "ended"), _negated=True),
                name="chats_live_of_case",
            ),
        ),
    ]
