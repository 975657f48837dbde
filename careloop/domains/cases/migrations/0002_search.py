from django.db import migrations

from careloop.kernel.search import search_function_sql


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(
            search_function_sql("cases", "cases_case"),
            "DROP FUNCTION careloop_search_cases(tsquery, integer)",
        ),
        migrations.RunSQL(
            search_function_sql("notes", "cases_note"),
            "DROP FUNCTION careloop_search_notes(tsquery, integer)",
        ),
    ]
