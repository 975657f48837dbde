from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0010_providing")]

    operations = [
        migrations.AddField(
            model_name="pbx",
            name="pausing_refused_at",
            field=models.DateTimeField(null=True),
        ),
    ]
