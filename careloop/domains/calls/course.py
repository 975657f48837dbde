"""The course of one call, as pure values: what each step makes of it. The same steps again, or late, change nothing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from careloop.domains.calls.states import CallState, Ending

__all__ = ["OF_TRANSFERS", "CallCourse", "Happened", "Step", "stepped"]

LATE: Final = timedelta(milliseconds=50)
"""Telephone systems tell what happens up to 2 ms out of order; what is older than this was told before."""


class Happened(StrEnum):
    """What a telephone system tells of a call."""

    BEGAN = "began"
    QUEUED = "queued"
    RANG = "rang"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    PUT_THROUGH = "put_through"
    RELEASED = "released"
    GAVE_UP = "gave_up"
    LEFT = "left"
    WAITS = "waits"
    HUNG_UP = "hung_up"
    FAILED = "failed"
    GONE = "gone"
    PASSED_ON = "passed_on"
    NOT_PASSED_ON = "not_passed_on"
    TAKEN_OVER = "taken_over"
    NOT_TAKEN_OVER = "not_taken_over"
    DIALED = "dialed"
    NOT_WAITING = "not_waiting"


OF_TRANSFERS: Final = frozenset({Happened.NOT_PASSED_ON, Happened.TAKEN_OVER, Happened.NOT_TAKEN_OVER, Happened.DIALED})
"""What bears on a call only while somebody passes it on from here. Sent elsewhere it can be by a phone itself."""
ENDS: Final = frozenset({Happened.HUNG_UP, Happened.GONE, Happened.FAILED})
LEAVES: Final = ENDS | {Happened.ANSWERED, Happened.TAKEN_OVER, Happened.NOT_WAITING}
"""After these nobody stands in a queue any more."""
WHOLE: Final = timedelta(seconds=3)
"""Telephone systems say in whole seconds how long somebody has waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a call.

    key: what the telephone system calls the caller's channel, at most 80 characters. number: where it is told, at most 80.
    queue; seat: of the agent it is about; at most 120 characters each.
    PUT_THROUGH: to somebody, and nobody says to whom.
    LEFT: its queue, for somebody who answers, a mailbox or a menu.
    WAITS: it was found in a queue, and nobody heard how it came there. NOT_WAITING: it goes on, and stands in no queue any more.
    GONE: nobody heard when it ended. FAILED: a call of ours was not made.
    PASSED_ON, NOT_PASSED_ON: it was sent elsewhere, or was not. TAKEN_OVER: somebody else talks to the caller, after an
    announcement or because their phone was picked up. DIALED: a phone was rung on the way, and what came of it.
    phone: which, as the telephone system names its channel, at most 200. said: what came of it, in the system's own word.
    line: the number that was called, at most 80. place: the caller's number in the queue; both where they are told.
    """

    what: Happened
    key: str
    at: datetime
    number: str = ""
    queue: str = ""
    seat: str = ""
    phone: str = ""
    said: str = ""
    line: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCourse:
    """A call so far. ringing: seats at which it rings. missed: seats that let it ring. seat: which answered last.

    seen_at: of the last step. answered_at: for the first time. is_outbound: we call the customer. line: the number they called.
    queued_at: since when they stand in the queue; None where they do not, or nobody knows since when. left_queue_at: they left it,
    and the next step tells how.
    """

    began_at: datetime
    seen_at: datetime
    number: str = ""
    queue: str = ""
    state: CallState = CallState.WAITING
    ringing: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    seat: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    gave_up: bool = False
    ending: str = ""
    is_outbound: bool = False
    line: str = ""
    queued_at: datetime | None = None
    left_queue_at: datetime | None = None

    @property
    def is_in_line(self) -> bool:
        return self.queued_at is not None and self.left_queue_at is None


def stepped(course: CallCourse | None, step: Step) -> CallCourse | None:
    """Return what a step makes of a call; None as long as nothing is known of it that is worth a row.

    A call of whose beginning nobody heard begins with whatever is heard first, unless that is its end.
    """
    if course is None:
        if step.what not in {Happened.BEGAN, Happened.QUEUED, Happened.RANG, Happened.ANSWERED, Happened.WAITS}:
            return None
        course = CallCourse(began_at=step.at, seen_at=step.at)
    elif step.what == Happened.WAITS:
        return _found(course, step)
    elif step.what == Happened.LEFT and step.queue != course.queue:
        return course
    is_end = step.what in ENDS
    if course.ended_at is not None or (step.at < course.seen_at - LATE and not is_end):
        return course
    told = replace(
        course,
        seen_at=max(step.at, course.seen_at),
        number=course.number or step.number,
        queue=step.queue or course.queue,
        line=course.line or step.line,
    )
    return _in_line(course, step, _moved(told, step))


def _moved(course: CallCourse, step: Step) -> CallCourse:
    """Return where a step takes a call. course: as it was, seen at the step."""
    at = course.seen_at
    match step.what:
        case Happened.BEGAN | Happened.WAITS:
            return course
        case Happened.QUEUED:
            return replace(course, state=CallState.WAITING, ringing=(), gave_up=False)
        case Happened.RANG:
            return _rang(course, step.seat)
        case Happened.UNANSWERED:
            return _unanswered(course, step.seat)
        case Happened.ANSWERED:
            return replace(
                course,
                state=CallState.TALKING,
                seat=step.seat,
                ringing=(),
                missed=tuple(seat for seat in course.missed if seat != step.seat),
                answered_at=course.answered_at or at,
            )
        case Happened.PUT_THROUGH:
            # Of a call in a queue it is told who answers.
            if course.queue or course.answered_at is not None:
                return course
            return replace(course, state=CallState.TALKING, answered_at=at)
        case Happened.RELEASED:
            is_over = course.state == CallState.TALKING and course.seat == step.seat
            return replace(course, state=CallState.HANDED_ON) if is_over else course
        case Happened.PASSED_ON:
            return replace(course, state=CallState.HANDED_ON) if course.state == CallState.TALKING else course
        case Happened.TAKEN_OVER:
            return replace(
                course, state=CallState.TALKING, seat=step.seat, ringing=(), answered_at=course.answered_at or at
            )
        case Happened.NOT_PASSED_ON | Happened.NOT_TAKEN_OVER | Happened.DIALED | Happened.NOT_WAITING:
            return course
        case Happened.GAVE_UP:
            return replace(course, gave_up=True, ringing=())
        case Happened.LEFT:
            is_waiting = course.state in {CallState.WAITING, CallState.RINGING}
            return replace(course, state=CallState.HANDED_ON, ringing=()) if is_waiting else course
        case Happened.HUNG_UP | Happened.GONE | Happened.FAILED:
            ending = _ending(course, step.what)
            return replace(course, state=CallState.ENDED, ringing=(), ended_at=at, ending=ending)
        case _:
            assert_never(step.what)


def _in_line(was: CallCourse, step: Step, now: CallCourse) -> CallCourse:
    """Return a call with whether its caller stands in a queue after a step.

    Who is called again into the queue in which they stand goes on to stand there.
    """
    match step.what:
        case Happened.QUEUED if step.queue and not was.is_outbound and not (was.is_in_line and step.queue == was.queue):
            return replace(now, queued_at=now.seen_at, left_queue_at=None)
        case Happened.GAVE_UP | Happened.LEFT if was.is_in_line:
            return replace(now, left_queue_at=now.seen_at)
        case what if what in LEAVES:
            return replace(now, queued_at=None, left_queue_at=None)
        case _:
            return now


def _found(course: CallCourse, step: Step) -> CallCourse:
    """Take in that a call was found in a queue: in another, or since a later moment, than where it stood last."""
    is_same = step.queue == course.queue and course.queued_at is not None and step.at <= course.queued_at + WHOLE
    if course.ended_at is not None or not course.is_in_line or is_same:
        return course
    return replace(course, queue=step.queue or course.queue, queued_at=None)


def _rang(course: CallCourse, seat: str) -> CallCourse:
    if course.state not in {CallState.WAITING, CallState.RINGING} or seat in course.ringing:
        return course
    return replace(course, state=CallState.RINGING, ringing=(*course.ringing, seat))


def _unanswered(course: CallCourse, seat: str) -> CallCourse:
    left = tuple(one for one in course.ringing if one != seat)
    missed = course.missed if seat in course.missed else (*course.missed, seat)
    is_quiet = course.state == CallState.RINGING and not left
    return replace(course, ringing=left, missed=missed, state=CallState.WAITING if is_quiet else course.state)


def _ending(course: CallCourse, how: Happened) -> Ending:
    if course.answered_at is not None:
        return Ending.HANDLED
    if how == Happened.GONE:
        return Ending.UNKNOWN
    if course.is_outbound:
        return Ending.FAILED if how == Happened.FAILED else Ending.UNREACHED
    # Who hangs up in the menu has given up as well; who was let go by a queue has not.
    return Ending.GIVEN_UP if course.gave_up or not course.queue else Ending.LEFT
