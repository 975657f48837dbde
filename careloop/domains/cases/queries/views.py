"""Named lists: those every workspace has, and those people made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import rules
from careloop.domains.cases.conditions import as_tree, compiled
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.models import SavedView, Tally
from careloop.domains.cases.queries.lists import seen_by
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import ViewRow
from careloop.kernel.actors import Actor, Role
from careloop.kernel.statements import Asked, Statement

__all__ = ["SYSTEM_VIEWS", "Count", "count_of", "unassigned_count", "view", "views_of"]

MOST_COUNTED = 1000
DEFAULT_COLUMNS: Final = (
    "subject",
    "requester",
    "tags",
    "status",
    "priority",
    "team",
    "assignee",
    "due",
    "waiting",
    "activity",
)

_TO_DO: Final = {"field": "category", "operator": "any_of", "value": [Category.NEW, Category.OPEN]}
_NO_SPAM: Final = {"field": "is_spam", "operator": "is", "value": False}


def _all(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"and": [dict(part) for part in (*parts, _NO_SPAM)]}


SYSTEM_VIEWS: Final[Mapping[str, tuple[Any, dict[str, Any]]]] = {
    "mine": (_("My work"), _all(_TO_DO, {"field": "assignee", "operator": "is", "value": "me"})),
    "due": (_("Due next"), _all({"field": "due_at", "operator": "is_set"})),
    "unassigned": (_("Nobody's yet"), _all(_TO_DO, {"field": "assignee", "operator": "is_not_set"})),
    "open": (_("To do"), _all(_TO_DO)),
    "waiting": (_("Waiting"), _all({"field": "category", "operator": "is", "value": Category.WAITING})),
    "done": (
        _("Solved"),
        _all({"field": "category", "operator": "any_of", "value": [Category.SOLVED, Category.CLOSED]}),
    ),
    "all": (_("All cases"), _all()),
    "spam": (_("Spam"), {"field": "is_spam", "operator": "is", "value": True}),
}
"""Name and conditions of the views every workspace has, in the order of the rail."""
_ORDERS: Final = {"due": "due_at"}


VIEWS: Final = Statement(
    lambda: (
        SavedView.objects.filter(Q(owner__isnull=True, team__isnull=True) | Q(owner_id=Asked("user_id")))
        .order_by(F("owner_id").asc(nulls_first=True), "position", "name", "pk")
        .values()
    )
)
VIEW: Final = Statement(lambda: SavedView.objects.filter(pk=Asked("key")).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many cases lie in a view. is_bounded: there are at least this many."""

    number: int
    is_bounded: bool = False


def views_of(viewer: Actor) -> list[ViewRow]:
    """Return the views a person has: the system's, the shared ones, their own, each in the order they were put into."""
    made = VIEWS.by_name(user_id=viewer.user_id)
    ready = [key for key in SYSTEM_VIEWS if key != "mine" or viewer.role is None or rules.may_be_given(viewer.role)]
    return [*map(_system_view, ready), *map(_row, made)]


def view(*, key: str, viewer: Actor) -> ViewRow:
    """Return a view by its key. Raises CaseNotFound for somebody else's, as if it were not there."""
    if key in SYSTEM_VIEWS:
        return _system_view(key)
    made = VIEW.by_name(key=int(key)) if key.isascii() and key.isdigit() and len(key) < 18 else []
    if not made or made[0]["owner_id"] not in {None, viewer.user_id}:
        raise CaseNotFound(_("There is no such view."))
    return _row(made[0])


def count_of(row: ViewRow, *, viewer: Actor, now: datetime) -> Count:
    """Count a view: a system view from its counters, any other one by walking an index, at most a thousand rows.

    What is due is not counted by place, so its view has no counters.
    """
    if row.is_system and row.key != "due" and not viewer.has_role(Role.COLLEAGUE):
        return Count(number=_tallied(row.key, viewer))
    found = seen_by(viewer).filter(compiled(as_tree(row.conditions), me=viewer.user_id, now=now))
    number = found.order_by()[: MOST_COUNTED + 1].count()
    return Count(number=min(number, MOST_COUNTED), is_bounded=number > MOST_COUNTED)


def unassigned_count(*, team_id: int | None = None) -> int:
    """Count the cases to be done that are in nobody's hands, from their counters.

    team_id: only those of this team; None for all. That the asker may see every case is settled before.
    """
    places = Tally.objects.filter(is_spam=False, category__in=[Category.NEW, Category.OPEN], assignee_id__isnull=True)
    if team_id is not None:
        places = places.filter(team_id=team_id)
    return int(places.aggregate(total=Sum("count"))["total"] or 0)


def _tallied(key: str, viewer: Actor) -> int:
    places = Tally.objects.filter(is_spam=key == "spam")
    to_do = places.filter(category__in=[Category.NEW, Category.OPEN])
    match key:
        case "mine":
            places = to_do.filter(assignee_id=viewer.user_id)
        case "unassigned":
            places = to_do.filter(assignee_id__isnull=True)
        case "open":
            places = to_do
        case "waiting":
            places = places.filter(category=Category.WAITING)
        case "done":
            places = places.filter(category__in=[Category.SOLVED, Category.CLOSED])
    return int(places.aggregate(total=Sum("count"))["total"] or 0)


def _system_view(key: str) -> ViewRow:
    name, conditions = SYSTEM_VIEWS[key]
    return ViewRow(
        key=key,
        name=str(name),
        conditions=conditions,
        columns=DEFAULT_COLUMNS,
        order=_ORDERS.get(key, "-activity_at"),
        is_own=False,
        is_system=True,
    )


def _row(view: Mapping[str, Any]) -> ViewRow:
    return ViewRow(
        key=str(view["id"]),
        name=view["name"],
        conditions=view["conditions"],
        columns=tuple(view["columns"]) or DEFAULT_COLUMNS,
        order=view["order"],
        is_own=view["owner_id"] is not None,
        is_system=False,
    )
