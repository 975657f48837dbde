from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wallboards", "0004_queues_watched")]

    operations = [
        migrations.AlterField(
            model_name="threshold",
            name="figure",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting for a first answer"),
                    ("longest_wait_seconds", "Longest wait"),
                    ("overdue", "Waiting beyond the target"),
                    ("within_target_today", "Within target today"),
                    ("within_target_half_hour", "Within target this half hour"),
                    ("abandoned_today", "Given up today"),
                    ("unassigned", "Cases unassigned"),
                    ("agents_here", "Agents here"),
                    ("promises_overdue", "Promises overdue"),
                    ("promises_due_soon", "Promises due within the hour"),
                    ("longest_call_seconds", "Longest call"),
                    ("longest_wrap_seconds", "Longest write-up"),
                    ("longest_break_seconds", "Longest break"),
                    ("longest_hand_seconds", "Longest wait for help"),
                    ("queue_waiting", "Waiting in the queue"),
                    ("queue_longest_wait_seconds", "Longest wait in the queue"),
                    ("queue_free_agents", "Agents free for the queue"),
                ],
                max_length=32,
            ),
        ),
    ]
