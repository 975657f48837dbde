from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("calls", "0004_recordings")]

    operations = [
        AddIndexConcurrently(
            model_name="call",
            index=models.Index(fields=["workspace_id", "number", "-id"], name="calls_of_number"),
        ),
    ]
