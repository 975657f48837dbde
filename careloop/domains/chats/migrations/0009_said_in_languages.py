from django.db import migrations, models

FORWARDS = """
UPDATE chats_widget SET
    greetings = CASE WHEN greeting = '' THEN '{}'::jsonb ELSE jsonb_build_object(language, greeting) END,
    invitations = CASE WHEN invitation = '' THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
        'texts', jsonb_build_object(language, invitation), 'path', invitation_path, 'after_s', invitation_after_s,
        'to', invitation_to, 'languages', '[]'::jsonb, 'pause_h', 24
    )) END
"""


class Migration(migrations.Migration):
    """What a widget says in one language it says in each from now on, and invites by several rules instead of one."""

    dependencies = [("chats", "0008_of_case")]

    operations = [
        migrations.AddField(
            model_name="widget", name="greetings", field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)
        ),
        migrations.AddField(
            model_name="widget", name="invitations", field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list)
        ),
        # Nothing was said, and nobody invited, in other words.
        migrations.RunSQL(FORWARDS, migrations.RunSQL.noop),
    ]
