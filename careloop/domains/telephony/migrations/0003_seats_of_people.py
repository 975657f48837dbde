from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("telephony", "0002_everywhere")]

    operations = [
        AddIndexConcurrently(
            model_name="seat",
            index=models.Index(fields=["workspace_id", "person"], name="telephony_seat_of"),
        ),
    ]
