import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("calls", "0006_in_line"),
        ("commitments", "0006_waits"),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="about",
            field=models.CharField(
                choices=[("cases", "Cases and chats"), ("calls", "Calls")], default="cases", max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="measure",
            field=models.CharField(
                choices=[
                    ("first_response", "First answer"),
                    ("next_response", "Next answer"),
                    ("resolution", "Solution"),
                    ("callback", "Promised callback"),
                    ("wait", "Wait in line"),
                    ("task", "Task of another team"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="call",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="calls.call",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("call__isnull", False)),
                fields=("call", "started_at"),
                name="commitments_clock_once_in_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("call__isnull", True), ("case__isnull", False)),
                    models.Q(
                        ("call__isnull", False), ("case__isnull", True), ("chat__isnull", True), ("task__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="commitments_clock_of_case_or_call",
            ),
        ),
    ]
