"""How callers stand in the queues of telephone systems, as pure values: each time they come into one, and how they leave it.

A telephone system says that a caller has left before it says to whom, so how somebody left is known with the next step.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from careloop.domains.calls.course import LEAVES, CallCourse, Happened, Step
from careloop.domains.calls.states import Leaving

__all__ = ["JUST_LEFT", "OF_STANDING", "Came", "Left", "stood"]

OF_STANDING: Final = ("call.queued", "call.left_queue")
"""The names of the events that say so."""

JUST_LEFT: Final = timedelta(seconds=5)
"""Who is answered is told so within milliseconds of leaving; after this nobody of the queue has answered."""
HANGING_UP: Final = timedelta(seconds=1)
"""Asterisk calls it given up when a queue's time is over, too. Who gave up hangs up at once; others are led on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A caller came into a queue. place: their number in it, None where nobody says."""

    queue: str
    at: datetime
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A caller left a queue. came_at: since when they had stood there. at: until when, as far as it is known."""

    queue: str
    came_at: datetime
    at: datetime
    how: Leaving


def stood(was: CallCourse | None, step: Step, now: CallCourse) -> tuple[Came | Left, ...]:
    """Return what a step says of the caller's place in a queue, in order.

    was: before the step, None for a call that has just begun. now: after it.
    """
    before = was.queued_at if was is not None else None
    told: list[Came | Left] = []
    if was is not None and before is not None and now.queued_at != before:
        told.append(_left(was, before, step, now))
    if now.queued_at is not None and now.queued_at != before:
        told.append(Came(queue=now.queue, at=now.queued_at, place=step.place))
    return tuple(told)


def _left(was: CallCourse, came_at: datetime, step: Step, now: CallCourse) -> Left:
    how = _how(was, step)
    at = was.left_queue_at or now.seen_at
    if how is Leaving.ANSWERED:
        at = now.seen_at
    elif how is Leaving.UNKNOWN:
        # Until then we heard of them; since then anything may have happened.
        at = was.seen_at
    return Left(queue=was.queue, came_at=came_at, at=max(at, came_at), how=how)


def _how(was: CallCourse, step: Step) -> Leaving:
    match step.what:
        case Happened.ANSWERED | Happened.TAKEN_OVER:
            return Leaving.ANSWERED if step.queue in {"", was.queue} else Leaving.UNKNOWN
        case Happened.QUEUED:
            return Leaving.OVERFLOW
        case Happened.HUNG_UP if was.gave_up and step.at - (was.left_queue_at or step.at) <= HANGING_UP:
            return Leaving.GIVEN_UP
        case Happened.HUNG_UP:
            return Leaving.PASSED_ON
        case what if what in LEAVES and was.left_queue_at is not None:
            return Leaving.PASSED_ON
        case _:
            return Leaving.UNKNOWN
