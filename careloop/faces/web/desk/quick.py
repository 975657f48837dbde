"""The quick filters above a list: one choice per field, kept as ordinary conditions."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from careloop.domains.cases import queries as cases
from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.rules import may_be_given
from careloop.domains.people import queries as people
from careloop.faces.web.desk.listing import Listing
from careloop.kernel.actors import Actor, Role
from careloop.kernel.conditions import Kind

__all__ = ["QuickFilter", "quick_filters", "quickly_filtered"]

DAYS = (1, 7, 30, 90)
Choices = list[tuple[str, str | Promise]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickFilter:
    """One field above the list. any: words of the choice that asks nothing. value: what is chosen now, or empty."""

    name: str
    label: str
    any: str
    choices: Choices
    value: str


LABELS = {
    "status": gettext_lazy("Any status"),
    "assignee": gettext_lazy("Anybody"),
    "team": gettext_lazy("Any team"),
    "priority": gettext_lazy("Any priority"),
    "tag": gettext_lazy("Any tag"),
    "channel": gettext_lazy("Any channel"),
    "activity_at": gettext_lazy("Any time"),
}


def quick_filters(listing: Listing, *, viewer: Actor) -> list[QuickFilter]:
    """Return the quick filters of a list with their choices, in four queries."""
    choices: dict[str, Choices] = {
        "status": [(str(row.id), row.name) for row in cases.statuses()],
        "assignee": [
            ("me", _("Me")),
            ("none", _("Nobody")),
            *((str(key), name) for key, name, role in people.people_choices(viewer) if may_be_given(Role(role))),
        ],
        "team": [("none", _("No team")), *((str(key), name) for key, name in people.team_choices(viewer))],
        "priority": [(key, _(label)) for key, label in REGISTRY["priority"].choices.items()],
        "tag": [(name, name) for name in cases.tags_like("", limit=100)],
        "channel": [(key, _(label)) for key, label in REGISTRY["channel"].choices.items()],
        "activity_at": [
            (str(days), ngettext("Last %(count)d day", "Last %(count)d days", days) % {"count": days}) for days in DAYS
        ],
    }
    return [
        QuickFilter(
            name=name,
            label=_(REGISTRY[name].label),
            any=str(label),
            choices=_with_asked(choices[name], listing.asked(name)),
            value=listing.asked(name),
        )
        for name, label in LABELS.items()
        if choices[name] or listing.asked(name)
    ]


def quickly_filtered(listing: Listing, given: QueryDict) -> Listing:
    """Return a list after the quick filters that a form gives. Raises CaseUnclear for what cannot be chosen."""
    for name in LABELS:
        value = given.get(name)
        if value is not None and value != listing.asked(name):
            listing = _asked(listing, name, value)
    return listing


def _asked(listing: Listing, name: str, value: str) -> Listing:
    match REGISTRY[name].kind:
        case _ if value == "":
            return listing.asking(name)
        case _ if value == "none":
            return listing.asking(name, {"operator": "is_not_set"})
        case Kind.MOMENT:
            length = {"amount": _number(value), "unit": "days"}
            return listing.asking(name, {"operator": "within_last", "value": length})
        case Kind.TAG:
            return listing.asking(name, {"operator": "any_of", "value": [value]})
        case Kind.PERSON | Kind.REFERENCE if value != "me":
            return listing.asking(name, {"operator": "is", "value": _number(value)})
    return listing.asking(name, {"operator": "is", "value": value})


def _number(text: str) -> int | str:
    # What is no number stays as it came, so that the condition language refuses it in its own words.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def _with_asked(choices: Choices, asked: str) -> Choices:
    """Return the choices with the chosen one among them, such as a period that only the editor offers."""
    return choices if not asked or any(key == asked for key, _words in choices) else [*choices, (asked, _("Other"))]
