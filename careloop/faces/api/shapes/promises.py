"""What was promised in a case."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, Moment, Shown

__all__ = ["CallbackGiven", "CancellationGiven", "MoveGiven", "PromiseList"]

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
    """What a person gave their word for. promised_by: who, such as “user:7”. note: empty for those who read no notes."""

    way: Way
    note: str
    promised_by: str


class PromiseShown(Shown):
    """A promise and its clock. Seconds count in the hours of the policy. Where a person promised, callback says what.

    task_id: what another team was asked to do, where that is timed.

    due_at: when the time is over, or was; null while the clock stands still before that. is_late: missed, be it over or not.
    """

    id: int
    measure: Literal["first_response", "next_response", "resolution", "callback", "task"]
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


class PromiseList(Shown):
    items: list[PromiseShown]


class CallbackGiven(Given):
    """due_at: by when, at least a minute and at most a year ahead. note: what it is about, for colleagues."""

    due_at: Moment
    way: Way
    note: Note = ""


class MoveGiven(Given):
    """due_at: as in CallbackGiven. reason: why."""

    due_at: Moment
    reason: Reason


class CancellationGiven(Given):
    """reason: why nobody comes back any more."""

    reason: Reason
