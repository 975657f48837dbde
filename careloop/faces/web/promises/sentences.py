"""How the log of who did what tells the events of calendars and of what is promised."""

from collections.abc import Iterable

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.events import CalendarChanged
from careloop.domains.calendars.queries import calendars_by_id
from careloop.domains.commitments.events import CommitmentPolicyMoved
from careloop.domains.commitments.queries import policy_names
from careloop.domains.commitments.states import Measure
from careloop.faces.web.access.wordings import name_subjects, say
from careloop.kernel.events import Event

__all__ = ["CALENDAR_LABELS"]

CALENDAR_LABELS = {
    "name": _("Name"),
    "zone": _("Time zone"),
    "weekly": _("Hours of the week"),
    "country": _("Holidays of"),
    "subdivision": _("Region"),
}


def _changes(event: Event) -> dict[str, str]:
    if not isinstance(event, CalendarChanged):
        return {}
    parts = [
        _now("%(setting)s: %(was)s → %(now)s")
        % {"setting": CALENDAR_LABELS.get(name, name), "was": event.before[name] or "–", "now": value or "–"}
        for name, value in event.after.items()
    ]
    return {"changes": "; ".join(parts)}


def _place(event: Event) -> dict[str, str]:
    return {"place": str(event.position + 1)} if isinstance(event, CommitmentPolicyMoved) else {}


def _measured(event: Event) -> dict[str, str]:
    measure = getattr(event, "measure", "")
    share = getattr(event, "share", None)
    return {
        "measure": str(Measure(measure).label) if measure in Measure.values else measure,
        "percent": "" if share is None else f"{round(share * 100)} %",
    }


def _calendars(ids: Iterable[int]) -> dict[int, str]:
    return {key: row.settings.name for key, row in calendars_by_id(set(ids)).items()}


def _policies(ids: Iterable[int]) -> dict[int, str]:
    return policy_names(set(ids))


name_subjects("calendar", _calendars)
name_subjects("commitment_policy", _policies)

say("calendar.created", label=_("Calendar made"), sentence=_("%(who)s made the calendar %(name)s."))
say(
    "calendar.changed",
    label=_("Calendar changed"),
    sentence=_("%(who)s changed the calendar %(whom)s: %(changes)s."),
    places=_changes,
)
say("calendar.retired", label=_("Calendar retired"), sentence=_("%(who)s took the calendar %(whom)s out of use."))
say(
    "calendar.used",
    label=_("Workspace's own hours chosen"),
    sentence=_("%(who)s made %(whom)s the workspace's own hours."),
)
say(
    "calendar.day_set",
    label=_("Day made different"),
    sentence=lambda event: (
        _("%(who)s gave %(day)s (%(name)s) its own hours in %(whom)s: %(hours)s.")
        if getattr(event, "hours", "")
        else _("%(who)s made %(day)s (%(name)s) a day off in %(whom)s.")
    ),
)
say(
    "calendar.day_cleared",
    label=_("Day made like others"),
    sentence=_("%(who)s made %(day)s like other days again in %(whom)s."),
)
say("commitment_policy.made", label=_("Policy made"), sentence=_("%(who)s made the policy %(name)s."))
say(
    "commitment_policy.changed",
    label=_("Policy changed"),
    sentence=_("%(who)s changed the policy %(name)s; version %(version)s holds for what begins from then on."),
)
say(
    "commitment_policy.moved",
    label=_("Policy moved"),
    sentence=_("%(who)s moved the policy %(whom)s to place %(place)s."),
    places=_place,
)
say("commitment_policy.retired", label=_("Policy retired"), sentence=_("%(who)s took the policy %(whom)s out of use."))
for _name, _label in {
    "commitment.made": _("Promise made to a customer"),
    "commitment.due_moved": _("Promise due at another time"),
    "commitment.missed": _("Promise missed"),
    "commitment.ended_late": _("Promise ended late"),
    "commitment.kept": _("Promise kept"),
    "commitment.called_off": _("Promise called off"),
}.items():
    say(_name, label=_label, sentence=_("%(label)s for %(whom)s: %(measure)s"), places=_measured)
say(
    "commitment.escalated",
    label=_("Part of the time for a promise used up"),
    sentence=_("%(percent)s of the time is used up for %(whom)s: %(measure)s"),
    places=_measured,
)
say(
    "callback.promised",
    label=_("Callback promised to a customer"),
    sentence=_("%(who)s promised the customer of %(whom)s to come back to them."),
)
say(
    "callback.moved", label=_("Promised callback moved"), sentence=_("%(who)s moved the promised callback of %(whom)s.")
)
say(
    "callback.tried",
    label=_("Promised callback tried in vain"),
    sentence=_("%(who)s called the customer of %(whom)s as promised and did not reach them."),
)
say(
    "callback.done",
    label=_("Promised callback done"),
    sentence=_("%(who)s came back to the customer of %(whom)s as promised."),
)
say(
    "callback.cancelled",
    label=_("Promised callback taken back"),
    sentence=_("%(who)s took the promised callback of %(whom)s back."),
)
