"""In which past cases a procedure would have begun, and how long those were open. Writes nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import cases_by_id
from careloop.domains.procedures import rules
from careloop.domains.procedures.checking import checked
from careloop.domains.procedures.errors import MayNotMakeProcedures
from careloop.domains.procedures.states import Begins
from careloop.domains.procedures.types import ProcedureSettings
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import comparisons_of
from careloop.kernel.events import trail
from careloop.processes.automation.then import AS_TODAY
from careloop.processes.automation.trying import moments_held
from careloop.processes.procedures.beginning import WAKING, in_open_cases

__all__ = ["DAYS", "ProcedureTrial", "WouldBegin", "what_would_have_begun"]

DAYS: Final = 30
MOST_EVENTS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBegin:
    """A past case in which a procedure would have begun. at: when. open_seconds: from then until it was solved, or until now."""

    case_id: int
    number: int
    subject: str
    at: datetime
    open_seconds: float
    is_solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureTrial:
    """What a procedure would have held up since a moment.

    is_by_hand: nobody knows when people would have begun it, so nothing was looked at. cases: those opened since then, the
    newest first. case_count: all cases opened since then that were looked at. is_cut: there were more events than that.
    median_open_seconds: of those that are solved, None where none is. as_today: fields asked of the cases as they are now.
    """

    since: datetime
    is_by_hand: bool
    case_count: int
    is_cut: bool
    cases: tuple[WouldBegin, ...]
    median_open_seconds: float | None
    as_today: tuple[str, ...]


def what_would_have_begun(
    *, settings: ProcedureSettings, viewer: Actor, at: datetime, days: int = DAYS, most: int = MOST_EVENTS
) -> ProcedureTrial:
    """Say in which cases of the last days a procedure would have begun by itself. Raises MayNotMakeProcedures, BadProcedure."""
    if not rules.may_make(viewer):
        raise MayNotMakeProcedures(_("Only an owner or a manager can say what must be done properly."))
    said = checked(settings)
    since = at - timedelta(days=days)
    if settings.begins is Begins.HAND:
        return ProcedureTrial(
            since=since,
            is_by_hand=True,
            case_count=0,
            is_cut=False,
            cases=(),
            median_open_seconds=None,
            as_today=(),
        )
    tree = as_tree(in_open_cases(said["conditions"]))
    events = trail(names=list(WAKING), since=since, until=at + timedelta(seconds=1), limit=most + 1)
    asked: defaultdict[int, list[datetime]] = defaultdict(list)
    for one in reversed(events[:most]):
        asked[one.subject_id].append(one.event.at)
    opened = {one.subject_id for one in events[:most] if one.name == "case.opened"}
    times = moments_held({key: moments for key, moments in asked.items() if key in opened}, tree, viewer)
    rows = cases_by_id(times, viewer=viewer)
    cases = [
        WouldBegin(
            case_id=key,
            number=rows[key].number,
            subject=rows[key].subject,
            at=held[0],
            open_seconds=max(0.0, ((rows[key].solved_at or at) - held[0]).total_seconds()),
            is_solved=rows[key].solved_at is not None,
        )
        for key, held in times.items()
        if key in rows
    ]
    fields = {one.field for one in comparisons_of(tree)}
    solved = [one.open_seconds for one in cases if one.is_solved]
    return ProcedureTrial(
        since=since,
        is_by_hand=False,
        case_count=len(opened),
        is_cut=len(events) > most,
        cases=tuple(sorted(cases, key=lambda one: (one.at, one.case_id), reverse=True)),
        median_open_seconds=median(solved) if solved else None,
        as_today=tuple(name for name in AS_TODAY if name in fields),
    )
