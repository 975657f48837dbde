from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION careloop_live_mailboxes() RETURNS TABLE (workspace_id bigint, mailbox_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.workspace_id, m.id FROM channels_mailbox m WHERE m.state = 'live' ORDER BY 1, 2
$$;
CREATE FUNCTION careloop_raw_waiting() RETURNS TABLE (workspace_id bigint, raw_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.workspace_id, r.id FROM channels_rawmail r WHERE r.state = 'stored' ORDER BY r.id LIMIT 500
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION careloop_live_mailboxes(), careloop_raw_waiting()")
    ]
