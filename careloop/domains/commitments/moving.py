"""Which promises that are still open would be due at another time in other hours: asked before the hours change, never written."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id, hours_of
from careloop.domains.calendars.types import CalendarRow
from careloop.domains.commitments import rules
from careloop.domains.commitments.clock import when_spent
from careloop.domains.commitments.errors import MayNotPromise
from careloop.domains.commitments.models import Clock, ClockTurn
from careloop.domains.commitments.reading import turns_of
from careloop.domains.commitments.services.keeping import turns_by_clock
from careloop.domains.commitments.states import Measure, Outcome
from careloop.domains.commitments.types import Moved, Moves
from careloop.kernel.actors import Actor

__all__ = ["MOST_CLOCKS", "what_would_move"]

MOST_CLOCKS: Final = 5000


def what_would_move(calendar: CalendarRow, *, viewer: Actor, at: datetime, most: int = MOST_CLOCKS) -> Moves:
    """Say which open promises would be due when, were a calendar as it is given here.

    calendar: as it would be, with the primary key of the one that is there; see calendars.changing. at: the present.
    most: how many clocks are looked at, those due soonest first.

    What was missed stays missed, so it does not move; callers who stand in a queue are gone before.

    Raises MayNotPromise, and hours.BadCalendar for hours that contradict themselves. Writes nothing.
    """
    if not rules.may_promise(viewer):
        raise MayNotPromise(_("Only an owner or a manager can say what is promised."))
    hours = {**hours_by_id(at=at), calendar.id: hours_of(calendar, at=at)}
    counting = ClockTurn.objects.filter(version__calendar_id=calendar.id).values("clock_id")
    found = Clock.objects.filter(pk__in=counting, outcome=Outcome.RUNNING, missed_at__isnull=True, due_at__gte=at)
    clocks = list(found.filter(case__isnull=False).order_by("due_at", "pk")[: most + 1])
    turns = turns_by_clock(clocks[:most])
    moved = [
        Moved(case_id=clock.case_id or 0, measure=Measure(clock.measure), was=clock.due_at, now=now)
        for clock in clocks[:most]
        if (now := when_spent(turns_of(turns[clock.pk], hours))) != clock.due_at and clock.due_at is not None
    ]
    return Moves(clock_count=len(clocks[:most]), is_cut=len(clocks) > most, moved=tuple(moved))
