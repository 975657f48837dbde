from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0004_tails_of_numbers")]

    operations = [
        AddIndexConcurrently(
            model_name="identity",
            index=models.Index(
                condition=models.Q(("kind", "phone"), ("unlinked_at__isnull", True)),
                fields=["workspace_id", "tail"],
                name="customers_identity_tail",
            ),
        ),
    ]
