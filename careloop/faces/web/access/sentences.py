"""The sentences of people's and workspaces' events."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import invited_emails_of, team_names_of, token_names_of
from careloop.domains.workspaces.events import WorkspaceSettingsChanged
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["SETTING_LABELS"]

SETTING_LABELS = {
    "name": _("Name"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "accent_color": _("Brand color"),
    "undo_send_seconds": _("Seconds to take back an answer"),
    "contact_quiet_hours": _("Quiet hours that end a contact"),
    "day_begins": _("A day begins at"),
}


def _changes(event: Event) -> dict[str, str]:
    if not isinstance(event, WorkspaceSettingsChanged):
        return {}
    parts = [
        _now("%(setting)s: %(was)s → %(now)s")
        % {"setting": SETTING_LABELS.get(name, name), "was": event.before[name], "now": value}
        for name, value in event.after.items()
    ]
    return {"changes": "; ".join(parts)}


name_subjects("team", team_names_of)
name_subjects("invitation", invited_emails_of)
name_subjects("token", token_names_of)

say("operation.created", label=_("Operation set up"), sentence=_("%(who)s set up the operation."))
say("workspace.created", label=_("Workspace made"), sentence=_("%(who)s made the workspace %(key)s."))
say(
    "workspace.settings_changed",
    label=_("Settings changed"),
    sentence=_("%(who)s changed settings: %(changes)s."),
    places=_changes,
)
say("workspace.host_added", label=_("Host name added"), sentence=_("%(who)s added the host name %(host)s."))
say("workspace.host_removed", label=_("Host name removed"), sentence=_("%(who)s removed the host name %(host)s."))

say("person.invited", label=_("Person invited"), sentence=_("%(who)s invited %(whom)s as: %(role)s."))
say(
    "person.invitation_revoked",
    label=_("Invitation taken back"),
    sentence=_("%(who)s took back the invitation to %(whom)s."),
)
say("person.joined", label=_("Person joined"), sentence=_("%(whom)s joined as: %(role)s."))
say(
    "person.role_changed",
    label=_("Role changed"),
    sentence=_("%(who)s changed the role of %(whom)s from %(was)s to %(role)s."),
)
say("person.left", label=_("Person left"), sentence=_("%(who)s ended the membership of %(whom)s."))
say("team.created", label=_("Team made"), sentence=_("%(who)s made the team %(name)s."))
say("team.renamed", label=_("Team renamed"), sentence=_("%(who)s renamed the team %(was)s to %(name)s."))
say("team.retired", label=_("Team retired"), sentence=_("%(who)s took the team %(whom)s out of use."))
say("team.member_added", label=_("Person added to team"), sentence=_("%(who)s put %(user_id)s into the team %(whom)s."))
say(
    "team.member_removed",
    label=_("Person removed from team"),
    sentence=_("%(who)s took %(user_id)s out of the team %(whom)s."),
)
say(
    "token.made",
    label=_("API token made"),
    sentence=_("%(who)s made the API token “%(whom)s” for %(scopes)s, valid until %(expires_at)s."),
)
say(
    "token.revoked",
    label=_("API token revoked"),
    sentence=_("%(who)s revoked the API token “%(whom)s” of %(user_id)s."),
)

say("account.created", label=_("Account made"), sentence=_("An account for %(whom)s was made."))
say("account.settings_changed", label=_("Own settings changed"), sentence=_("%(who)s changed their settings."))
say("account.signed_in", label=_("Signed in"), sentence=_("%(who)s signed in."))
say("account.signed_out", label=_("Signed out"), sentence=_("%(who)s signed out."))
say(
    "account.sign_in_failed",
    label=_("Sign-in failed"),
    sentence=_("Somebody failed to sign in as %(whom)s."),
)
say("account.password_changed", label=_("Password changed"), sentence=_("%(who)s changed their password."))
say(
    "account.password_reset",
    label=_("Password reset"),
    sentence=_("%(who)s chose a new password through a link sent by mail."),
)
say(
    "account.second_factor_activated",
    label=_("Second factor switched on"),
    sentence=_("%(who)s switched on the second factor."),
)
say(
    "account.second_factor_deactivated",
    label=_("Second factor switched off"),
    sentence=_("%(who)s switched off the second factor."),
)
say("account.recovery_codes_made", label=_("Recovery codes made"), sentence=_("%(who)s got new recovery codes."))
say(
    "account.sessions_ended",
    label=_("Devices signed out"),
    sentence=_("%(who)s signed out other devices (%(session_count)s)."),
)
