from django.db import migrations


class Migration(migrations.Migration):
    """Greeting and invitation stand in `greetings` and `invitations` alone."""

    dependencies = [("chats", "0009_said_in_languages")]

    operations = [
        migrations.RemoveField(model_name="widget", name=name)
        for name in ("greeting", "invitation", "invitation_path", "invitation_after_s", "invitation_to")
    ]
