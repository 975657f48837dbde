"""How the log of who did what names the events of reports."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.reports.queries import report_names_of
from careloop.domains.reports.states import RunState, Why
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__: list[str] = []

CHANGES = {
    "settings": _("%(who)s changed the report %(whom)s."),
    "paused": _("%(who)s paused the report %(whom)s."),
    "resumed": _("%(who)s resumed the report %(whom)s."),
}
OUTCOMES = {
    RunState.SENT: _("The report %(whom)s was sent to %(user_id)s."),
    RunState.SKIPPED: _("The report %(whom)s was not sent to %(user_id)s: %(because)s"),
    RunState.FAILED: _("The report %(whom)s could not be sent to %(user_id)s: %(because)s"),
    RunState.UNCERTAIN: _("Whether the report %(whom)s reached %(user_id)s is not certain: %(because)s"),
}


def _because(event: Event) -> dict[str, str]:
    return {"because": str(Why(getattr(event, "why", "")).label)}


name_subjects("report", report_names_of)
say("report.made", label=_("Report made"), sentence=_("%(who)s made the report %(whom)s."))
say("report.changed", label=_("Report changed"), sentence=lambda event: CHANGES[getattr(event, "change", "settings")])
say("report.deleted", label=_("Report deleted"))
say("report.asked_for", label=_("Report asked for"), sentence=_("%(who)s had the report %(whom)s sent to themselves."))
say(
    "report.ran",
    label=_("Report sent, or not"),
    sentence=lambda event: OUTCOMES[RunState(getattr(event, "state", "sent"))],
    places=_because,
)
