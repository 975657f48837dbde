"""What was promised in a case, or to a caller."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.commitments.types import ClockRow
from careloop.faces.api.shapes.common import Given, Moment, Shown

__all__ = ["CallbackAttemptGiven", "CallbackGiven", "CancellationGiven", "MoveGiven", "PromiseList", "promise_shown"]

Way = Literal["call", "write"]
Reason = Literal["customer_asked", "not_reached", "more_time", "not_needed"]
Note = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class StretchShown(Shown):
    """What a clock did for a while: ran or stood still, why it did from then on, what was promised, what counted of it."""

    since: datetime
    until: datetime
    runs: bool
    why: Literal["started", "promised", "paused", "resumed"]
    policy: str
    target_seconds: int | None
    spent_seconds: float


class CallbackShown(Shown):
    """What a person gave their word for. promised_by: who, such as “user:7”. note: empty for those who read no notes.

    from_at: not before; null for at once. tries: in vain, the last of them tried_at. again_at: from when the customer is called
    again; null before the first try and after the last.
    """

    way: Way
    note: str
    promised_by: str
    from_at: datetime | None
    tries: int
    tried_at: datetime | None
    again_at: datetime | None


class PromiseShown(Shown):
    """A promise and its clock. Seconds count in the hours of the policy. Where a person promised, callback says what.

    task_id: what another team was asked to do, where that is timed. chat_id: the chat whose visitor waits, where that is timed.
    call_id, queue: the call whose caller stands in a queue, and which, where that is timed. left: how they left it, or empty.

    due_at: when the time is over, or was; null while the clock stands still before that. is_late: missed, be it over or not.
    """

    id: int
    measure: Literal["first_response", "next_response", "resolution", "callback", "wait", "task"]
    outcome: Literal["running", "kept", "missed", "called_off"]
    is_late: bool
    runs: bool
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    policy: str
    target_seconds: int | None
    spent_seconds: float
    stretches: list[StretchShown]
    callback: CallbackShown | None
    task_id: int | None
    chat_id: int | None
    call_id: int | None
    queue: str
    left: Literal["", "answered", "given_up", "overflow", "passed_on", "unknown"]


class PromiseList(Shown):
    items: list[PromiseShown]


class CallbackGiven(Given):
    """due_at: by when, at least a minute and at most a year ahead. note: what it is about, for colleagues.

    from_at: before which the customer does not expect you; null for at once.
    """

    due_at: Moment
    from_at: Moment | None = None
    way: Way
    note: Note = ""


class MoveGiven(Given):
    """due_at, from_at: as in CallbackGiven. reason: why."""

    due_at: Moment
    from_at: Moment | None = None
    reason: Reason


class CallbackAttemptGiven(Given):
    """outcome: why the customer was not reached. ring_seconds: how long it rang, where that is known."""

    outcome: Literal["no_answer", "busy", "failed"]
    ring_seconds: Annotated[int, Field(ge=0, le=600)] | None = None


class CancellationGiven(Given):
    """reason: why nobody comes back any more."""

    reason: Reason


def promise_shown(clock: ClockRow, at: datetime) -> dict[str, Any]:
    """Return a promise as machines read it."""
    return {
        "id": clock.id,
        "measure": clock.measure,
        "outcome": clock.outcome,
        "is_late": clock.is_late(at),
        "runs": clock.runs,
        "started_at": clock.started_at,
        "ended_at": clock.ended_at,
        "due_at": clock.due_at,
        "policy": clock.policy,
        "target_seconds": clock.target_s,
        "spent_seconds": clock.spent_s,
        "stretches": [
            {
                "since": stretch.since,
                "until": stretch.until,
                "runs": stretch.runs,
                "why": stretch.why,
                "policy": stretch.policy,
                "target_seconds": stretch.target_s,
                "spent_seconds": stretch.spent_s,
            }
            for stretch in clock.stretches
        ],
        "callback": clock.callback,
        "task_id": clock.task_id,
        "chat_id": clock.chat_id,
        "call_id": clock.call_id,
        "queue": clock.queue,
        "left": clock.left,
    }
