"""Let workers share stored mails workspace by workspace, so that the backlog of one holds up no other."""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION careloop_mail_waiting() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.id FROM workspaces_workspace w
    WHERE EXISTS (SELECT FROM channels_rawmail r WHERE r.workspace_id = w.id AND r.state = 'stored') ORDER BY 1
$$;
DROP FUNCTION careloop_raw_waiting();
"""

UNDO = """
CREATE FUNCTION careloop_raw_waiting() RETURNS TABLE (workspace_id bigint, raw_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.workspace_id, r.id FROM channels_rawmail r WHERE r.state = 'stored' ORDER BY r.id LIMIT 500
$$;
DROP FUNCTION careloop_mail_waiting();
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_everywhere"), ("workspaces", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="rawmail", name="channels_rawmail_waiting"),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(
                fields=["workspace_id", "id"],
                name="channels_rawmail_waiting",
                condition=models.Q(state="stored"),
            ),
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
