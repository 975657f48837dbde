from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("contacts", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(fields=["conversation"], name="contacts_by_conversation"),
        ),
    ]
