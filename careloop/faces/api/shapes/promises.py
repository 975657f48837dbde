"""What was promised in a case."""

from datetime import datetime
from typing import Literal

from careloop.faces.api.shapes.common import Shown

__all__ = ["PromiseList"]


class StretchShown(Shown):
    """What a clock did for a while: ran or stood still, why it did from then on, what was promised, what counted of it."""

    since: datetime
    until: datetime
    runs: bool
    why: Literal["started", "promised", "paused", "resumed"]
    policy: str
    target_seconds: int | None
    spent_seconds: float


class PromiseShown(Shown):
    """A promise and its clock. Seconds count in the hours of the policy.

    due_at: when the time is over, or was; null while the clock stands still before that. is_late: missed, be it over or not.
    """

    id: int
    measure: Literal["first_response", "next_response", "resolution"]
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


class PromiseList(Shown):
    items: list[PromiseShown]
