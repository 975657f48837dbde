from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("calls", "0005_of_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="line",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(model_name="call", name="queued_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="call", name="left_queue_at", field=models.DateTimeField(null=True)),
    ]
