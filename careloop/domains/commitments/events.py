"""What is promised, by policy, and what becomes of each promise.

The subject of the latter is the case; `measure` says what is timed, `version_id` under which version of which policy, and
`clock_id` by which clock. Together they tell all that a clock ever said, so that facts can be made of the log alone.
"""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = [
    "CommitmentCalledOff",
    "CommitmentDueMoved",
    "CommitmentEndedLate",
    "CommitmentEscalated",
    "CommitmentKept",
    "CommitmentMade",
    "CommitmentMissed",
    "CommitmentPolicyChanged",
    "CommitmentPolicyMade",
    "CommitmentPolicyMoved",
    "CommitmentPolicyRetired",
]


@event_type("commitment_policy.made")
class CommitmentPolicyMade(Event):
    name: str


@event_type("commitment_policy.changed")
class CommitmentPolicyChanged(Event):
    """version: the one that holds for what begins from now on; clocks that run keep theirs."""

    name: str
    version: int


@event_type("commitment_policy.moved")
class CommitmentPolicyMoved(Event):
    """position: its place among the policies, 0 is asked first."""

    position: int


@event_type("commitment_policy.retired")
class CommitmentPolicyRetired(Event):
    """Nothing more is promised by it; clocks that run keep what they promised."""


@event_type("commitment.made")
class CommitmentMade(Event):
    """target_s: how long was promised, in the hours of the policy, for this priority. started_at: since when they wait.

    A clock that is promised something else says so again.
    """

    measure: str
    version_id: int
    target_s: int
    clock_id: int
    started_at: datetime
    priority: int


@event_type("commitment.due_moved")
class CommitmentDueMoved(Event):
    """due_at: when the time will be over as things stand; None while the clock stands still, or nothing is promised any more."""

    measure: str
    version_id: int
    clock_id: int
    due_at: datetime | None


@event_type("commitment.escalated")
class CommitmentEscalated(Event):
    """A share of the time is used up at which something is to happen, such as 0.75."""

    measure: str
    version_id: int
    clock_id: int
    share: float


@event_type("commitment.missed")
class CommitmentMissed(Event):
    """The time is over, and the customer still waits."""

    measure: str
    version_id: int
    clock_id: int


@event_type("commitment.kept")
class CommitmentKept(Event):
    """spent_s: how long it took, in the hours of the policy. paused_s: how long the clock stood still, by any clock."""

    measure: str
    version_id: int
    clock_id: int
    due_at: datetime | None
    spent_s: int
    paused_s: int


@event_type("commitment.ended_late")
class CommitmentEndedLate(Event):
    """What was missed is done after all, or nobody waits for it any more; seconds as for what was kept."""

    measure: str
    version_id: int
    clock_id: int
    due_at: datetime | None
    spent_s: int
    paused_s: int


@event_type("commitment.called_off")
class CommitmentCalledOff(Event):
    """Nobody waits for it any more, though nothing was done: solved without an answer, or nothing is promised now."""

    measure: str
    version_id: int
    clock_id: int
    due_at: datetime | None
