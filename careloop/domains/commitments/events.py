"""What is promised, by policy, and what becomes of each promise.

The subject of the latter is the case; `measure` says what is timed, `version_id` under which version of which policy (None where a
person gave their word), and `clock_id` by which clock. Together they tell all that a clock ever said, so that facts can be made of
the log alone.
"""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = [
    "CallbackCancelled",
    "CallbackDone",
    "CallbackMoved",
    "CallbackPromised",
    "CallbackTried",
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
    version_id: int | None
    target_s: int
    clock_id: int
    started_at: datetime
    priority: int


@event_type("commitment.due_moved")
class CommitmentDueMoved(Event):
    """due_at: when the time will be over as things stand; None while the clock stands still, or nothing is promised any more."""

    measure: str
    version_id: int | None
    clock_id: int
    due_at: datetime | None


@event_type("commitment.escalated")
class CommitmentEscalated(Event):
    """A share of the time is used up at which something is to happen, such as 0.75."""

    measure: str
    version_id: int | None
    clock_id: int
    share: float


@event_type("commitment.missed")
class CommitmentMissed(Event):
    """The time is over, and the customer still waits."""

    measure: str
    version_id: int | None
    clock_id: int


@event_type("commitment.kept")
class CommitmentKept(Event):
    """spent_s: how long it took, in the hours of the policy. paused_s: how long the clock stood still, by any clock."""

    measure: str
    version_id: int | None
    clock_id: int
    due_at: datetime | None
    spent_s: int
    paused_s: int


@event_type("commitment.ended_late")
class CommitmentEndedLate(Event):
    """What was missed is done after all, or nobody waits for it any more; seconds as for what was kept."""

    measure: str
    version_id: int | None
    clock_id: int
    due_at: datetime | None
    spent_s: int
    paused_s: int


@event_type("commitment.called_off")
class CommitmentCalledOff(Event):
    """Nobody waits for it any more, though nothing was done: solved without an answer, or nothing is promised now."""

    measure: str
    version_id: int | None
    clock_id: int
    due_at: datetime | None


@event_type("callback.promised")
class CallbackPromised(Event):
    """Somebody gave a customer their word to come back. way: call or write. due_at: by when. from_at: not before, or null."""

    clock_id: int
    way: str
    due_at: datetime
    from_at: datetime | None = None


@event_type("callback.moved")
class CallbackMoved(Event):
    """Another time holds, said before the first was over. reason: why, such as customer_asked. from_at: not before, or null."""

    clock_id: int
    way: str
    was: datetime
    now: datetime
    reason: str
    from_at: datetime | None = None


@event_type("callback.done")
class CallbackDone(Event):
    """We came back to the customer, in time or late. is_by_answer: an answer did it, nobody had to say so.

    call_id: the call that did it, where it was one of ours.
    """

    clock_id: int
    way: str
    is_by_answer: bool
    call_id: int | None = None


@event_type("callback.tried")
class CallbackTried(Event):
    """We called, and did not reach the customer. number: which try it was. outcome: no_answer, busy or failed.

    ring_s: how long it rang, where that is known. call_id: the call, where it was one of ours. again_at: when we call again; null:
    a person decides.
    """

    clock_id: int
    number: int
    outcome: str
    ring_s: int | None
    call_id: int | None
    again_at: datetime | None


@event_type("callback.cancelled")
class CallbackCancelled(Event):
    """Nobody comes back any more. reason: why, such as not_needed."""

    clock_id: int
    way: str
    reason: str
