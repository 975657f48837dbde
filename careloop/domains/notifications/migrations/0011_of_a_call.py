from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0010_of_a_rule"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notification",
            name="notifications_of_something",
        ),
        migrations.AddField(model_name="notification", name="call_id", field=models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("call_id__isnull", True), ("case_id__isnull", False), ("case_number__isnull", False), ("flag_id__isnull", True), ("hand_id__isnull", True)),
                    models.Q(("call_id__isnull", True), ("case_id__isnull", True), ("case_number__isnull", True), ("flag_id__isnull", False), ("hand_id__isnull", True)),
                    models.Q(("call_id__isnull", True), ("case_id__isnull", True), ("case_number__isnull", True), ("flag_id__isnull", True), ("hand_id__isnull", False)),
                    models.Q(("call_id__isnull", False), ("case_id__isnull", True), ("case_number__isnull", True), ("flag_id__isnull", True), ("hand_id__isnull", True)),
                    models.Q(("call_id__isnull", True), ("case_id__isnull", True), ("case_number__isnull", True), ("flag_id__isnull", True), ("hand_id__isnull", True), ("kind", "rule_paused")),
                    _connector="OR",
                ),
                name="notifications_of_something",
            ),
        ),
    ]
