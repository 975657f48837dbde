import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new mail has a draft before it has a case. Drafts are few and short-lived, so the table is rewritten in no time."""

    dependencies = [("cases", "0002_functions")]

    operations = [
        migrations.RemoveConstraint(model_name="draft", name="cases_draft_once"),
        migrations.AlterField(
            model_name="draft",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("workspace_id", "case", "user", "kind"), name="cases_draft_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(case__isnull=True, kind="mail") | models.Q(case__isnull=False) & ~models.Q(kind="mail"),
                name="cases_draft_of_case_or_mail",
            ),
        ),
    ]
