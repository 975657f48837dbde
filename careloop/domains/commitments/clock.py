"""The clock of one promise: how much of its time is spent, and when it will be used up.

A clock is read from its turns and from nothing else, so what it says can be shown, worked out again and proven. It runs while
somebody waits for us in the hours that were promised, and stands still while we wait for somebody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from careloop.kernel.hours import Calendar, NotEnoughHours, add_open_seconds, open_seconds

__all__ = ["Promise", "Stretch", "Turn", "is_kept", "paused_s", "spent_s", "stretches", "when_spent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised: so many seconds, counted in these hours.

    target_s: above 0; infinite as long as nothing is promised. calendar: the hours that count; None counts around the clock.
    """

    target_s: float
    calendar: Calendar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """From a moment on: what is promised, and whether the clock runs."""

    at: datetime
    promise: Promise
    runs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a clock did from one turn to the next. spent_s: seconds that counted, 0 while it stood still."""

    since: datetime
    until: datetime
    promise: Promise
    runs: bool
    spent_s: float


def stretches(turns: Sequence[Turn], *, until: datetime) -> Iterator[Stretch]:
    """Yield what a clock did up to a moment.

    turns: in order of time; of several at one moment the last one counts.
    """
    for turn, end in zip(turns, [*(later.at for later in turns[1:]), until], strict=True):
        end = min(end, until)
        if turn.at < end:
            spent = _counted(turn, end) if turn.runs else 0.0
            yield Stretch(since=turn.at, until=end, promise=turn.promise, runs=turn.runs, spent_s=spent)


def spent_s(turns: Sequence[Turn], *, until: datetime) -> float:
    """Add up what counted before a moment, in seconds; turns as in `stretches`."""
    return sum(stretch.spent_s for stretch in stretches(turns, until=until))


def paused_s(turns: Sequence[Turn], *, until: datetime) -> float:
    """Add up how long a clock stood still before a moment, in seconds of any clock; turns as in `stretches`."""
    stood = (stretch.until - stretch.since for stretch in stretches(turns, until=until) if not stretch.runs)
    return sum(length.total_seconds() for length in stood)


def when_spent(turns: Sequence[Turn], *, share: float = 1.0) -> datetime | None:
    """Find the first moment at which a share of what is promised is spent, should nothing turn after the last turn.

    turns: as in `stretches`. share: of the target, above 0; 1 asks when the promise is due.

    Returns None when the clock stands still before that, or when ten years of its hours do not suffice. A promise that is made
    shorter can be due at that very moment and no earlier: it cannot be broken before it was given. One that was due
    stays due then, however long it is made afterwards.
    """
    spent = 0.0
    for turn, end in zip(turns, [*(later.at for later in turns[1:]), None], strict=True):
        if not turn.runs or (end is not None and end <= turn.at):
            continue
        left = max(0.0, share * turn.promise.target_s - spent)
        if left < inf:
            reached = _after(turn, left)
            if reached is not None and (end is None or reached < end):
                return reached
        if end is not None:
            spent += _counted(turn, end)
    return None


def is_kept(turns: Sequence[Turn], *, ended_at: datetime) -> bool:
    """Say whether what was promised had been done in time; turns as in `stretches`, none later than the end."""
    due_at = when_spent(turns)
    return due_at is None or ended_at <= due_at


def _after(turn: Turn, seconds: float) -> datetime | None:
    calendar = turn.promise.calendar
    if calendar is None:
        return turn.at + timedelta(seconds=seconds)
    try:
        return add_open_seconds(calendar, turn.at, seconds)
    except NotEnoughHours:
        return None


def _counted(turn: Turn, end: datetime) -> float:
    calendar = turn.promise.calendar
    return (end - turn.at).total_seconds() if calendar is None else open_seconds(calendar, turn.at, end)
