from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION careloop_listened_pbxes() RETURNS TABLE (workspace_id bigint, pbx_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.workspace_id, p.id FROM telephony_pbx p WHERE p.state = 'live' AND p.kind = 'asterisk' ORDER BY 1, 2
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0007_telling")]
    operations = [migrations.RunSQL(FUNCTIONS, "DROP FUNCTION careloop_listened_pbxes()")]
