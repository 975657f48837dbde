from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Cases are sorted by when something promised is due. A column without a default costs no rewriting."""

    atomic = False

    dependencies = [("cases", "0003_drafts_of_new_mails")]

    operations = [
        migrations.AddField(model_name="case", name="due_at", field=models.DateTimeField(null=True)),
        AddIndexConcurrently(
            model_name="case", index=models.Index(fields=["workspace_id", "due_at", "id"], name="cases_by_due")
        ),
    ]
