from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("queues", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="waiting",
            index=models.Index(
                fields=["queue", "kind", "-ended_at"],
                condition=models.Q(stage="taken"),
                name="queues_waiting_last_taken",
            ),
        ),
    ]
