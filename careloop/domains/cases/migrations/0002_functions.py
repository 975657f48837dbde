from django.db import migrations

from careloop.kernel.search import search_function_sql


NUMBERS = """
CREATE FUNCTION careloop_next_case_number() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    numbers text := 'cases_number_' || current_setting('careloop.workspace')::bigint;
BEGIN
    IF to_regclass(numbers) IS NULL THEN
        BEGIN
            EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', numbers);
        EXCEPTION WHEN unique_violation OR duplicate_table THEN
            NULL;  -- another opening was faster
        END;
    END IF;
    RETURN nextval(numbers);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(NUMBERS, "DROP FUNCTION careloop_next_case_number()"),
        migrations.RunSQL(
            search_function_sql("cases", "cases_case"),
            "DROP FUNCTION careloop_search_cases(tsquery, integer)",
        ),
        migrations.RunSQL(
            search_function_sql("notes", "cases_note"),
            "DROP FUNCTION careloop_search_notes(tsquery, integer)",
        ),
    ]
