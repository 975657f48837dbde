import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('queues', '0002_last_taken'),
        ('wallboards', '0003_promises'),
    ]

    operations = [
        migrations.AddField(
            model_name='threshold',
            name='queue',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='queues.queue'),
        ),
        migrations.AlterField(
            model_name='threshold',
            name='figure',
            field=models.CharField(choices=[('waiting', 'Waiting for a first answer'), ('longest_wait_seconds', 'Longest wait'), ('overdue', 'Waiting beyond the target'), ('within_target_today', 'Within target today'), ('within_target_half_hour', 'Within target this half hour'), ('abandoned_today', 'Given up today'), ('unassigned', 'Cases unassigned'), ('agents_here', 'Agents here'), ('promises_overdue', 'Promises overdue'), ('promises_due_soon', 'Promises due within the hour'), ('queue_waiting', 'Waiting in the queue'), ('queue_longest_wait_seconds', 'Longest wait in the queue'), ('queue_free_agents', 'Agents free for the queue')], max_length=32),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.CheckConstraint(condition=models.Q(('team__isnull', True), ('queue__isnull', True), _connector='OR'), name='wallboards_threshold_of_team_or_queue'),
        ),
    ]
