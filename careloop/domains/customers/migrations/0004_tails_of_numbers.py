import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_pseudonyms")]

    operations = [
        migrations.AddField(
            model_name="identity",
            name="tail",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Right("value", 7),
                output_field=models.CharField(max_length=7),
            ),
        ),
    ]
