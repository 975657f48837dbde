from django.db import migrations

from careloop.kernel.search import search_function_sql


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            search_function_sql("customers", "customers_customer"),
            "DROP FUNCTION careloop_search_customers(tsquery, integer)",
        )
    ]
