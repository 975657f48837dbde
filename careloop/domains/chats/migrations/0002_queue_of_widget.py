import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chats", "0001_initial"), ("queues", "0002_last_taken")]

    operations = [
        migrations.AddField(
            model_name="widget",
            name="queue",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="queues.queue",
            ),
        ),
    ]
