from django.db import migrations

from careloop.kernel.search import search_function_sql


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [
        migrations.RunSQL(
            search_function_sql("messages", "conversations_message"),
            "DROP FUNCTION careloop_search_messages(tsquery, integer)",
        )
    ]
