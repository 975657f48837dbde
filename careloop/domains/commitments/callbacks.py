"""When people hear of a callback that was promised, when it is tried again, and what keeps it, as pure values."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from careloop.domains.commitments.states import Way, Whom
from careloop.domains.commitments.types import Escalation

__all__ = [
    "MOST_TRIES",
    "is_kept_by_words",
    "length_to_promise",
    "next_try_at",
    "on_the_quarter",
    "stands_from",
    "step_at",
    "steps_of",
]

AHEAD_S: Final = 15 * 60
"""So long before the time is over somebody hears of it, or when half of it is over, whatever comes later."""
ANNOUNCING: Final = timedelta(minutes=10)
"""Words so soon after the promise tell the customer of it; they do not keep it."""
MOST_TRIES: Final = 3
"""After so many tries in vain nobody is asked to call again by themselves; a person decides."""
REST: Final = timedelta(minutes=10)
URGENT: Final = timedelta(minutes=30)
SHARE: Final = 0.9
USUAL: Final = timedelta(hours=2)
LEAST: Final = timedelta(minutes=30)
QUARTER_S: Final = 15 * 60


def steps_of(target_s: float) -> tuple[Escalation, ...]:
    """Return what happens on the way to a promised callback, and at its end.

    target_s: from the moment in which it was promised until it is due, above 0.
    """
    return step_at(max(0.5, 1 - AHEAD_S / target_s)), step_at(1.0)


def step_at(share: float) -> Escalation:
    """Return who hears of a promised callback: its owner while there is time, their leads, too, once it is over."""
    return Escalation(share=share, tell=(Whom.ASSIGNEE,) if share < 1 else (Whom.ASSIGNEE, Whom.LEADS))


def is_kept_by_words(way: str, *, promised_at: datetime, at: datetime) -> bool:
    """Say whether an answer of a moment is the one that was promised.

    promised_at: when the promise was given, or moved last. Who promised to call has to call.
    """
    return way == Way.WRITE and at - promised_at >= ANNOUNCING


def next_try_at(*, tried: int, due_at: datetime, at: datetime) -> datetime | None:
    """Say when a customer who was not reached is called again; None after the last try.

    tried: how often they were called in vain, the last time included. What is left of the time is shared out among the tries
    that are left, so that the last of them lies within it; between two there are at least ten minutes.
    """
    left = MOST_TRIES - tried
    return at + max(REST, (due_at - at) / (left + 1)) if left > 0 else None


def stands_from(due_at: datetime) -> datetime:
    """Say since when a callback stands in its queue: as if it had come in half an hour before its time is over.

    So of two callbacks the one that is due first is called first, and neither is before whoever waits on the line already,
    until its time runs short.
    """
    return due_at - URGENT


def length_to_promise(waits: Sequence[float]) -> timedelta:
    """Say within which time a customer can be promised a call, from how long the last callbacks waited until somebody took them.

    waits: in seconds, in any order. The next of n+1 exchangeable waits is at most the r-th of the others with the chance r/(n+1);
    r is the least for which that is 9 of 10. Where fewer than 9 are known, two hours; never less than half an hour.

    Source: order statistics, as in David and Nagaraja 2003, chapter 7. Check: waits of 10 to 90 minutes give 90 minutes.
    """
    rank = ceil(SHARE * (len(waits) + 1))
    return max(LEAST, timedelta(seconds=sorted(waits)[rank - 1])) if rank <= len(waits) else USUAL


def on_the_quarter(at: datetime) -> datetime:
    """Return the next full quarter of an hour: a time that can be said on the phone."""
    over = at.timestamp() % QUARTER_S
    return at + timedelta(seconds=QUARTER_S - over) if over else at
