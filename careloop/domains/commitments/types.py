"""What may cross the threshold of the commitments domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from careloop.domains.commitments.states import About, Measure, Outcome, Way, Whom, Why

__all__ = [
    "USUAL",
    "CallbackRow",
    "Change",
    "ClockRow",
    "DueCounts",
    "Escalation",
    "Moved",
    "Moves",
    "OwedCall",
    "PolicyRow",
    "PolicySettings",
    "Standing",
    "StretchRow",
    "Targets",
    "TermsRow",
    "Trial",
    "VersionRow",
]

Targets = Mapping[Measure, Mapping[int, int]]
"""By measure and priority, 1 (low) to 4 (urgent), the seconds that are promised; what is not there is not promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """What happens when a share of the promised time is used up.

    share: above 0; 0.75 warns, 1 is when it is due, 2 when twice the time is over. tell: who hears of it.
    priority: what the case is raised to, 1 (low) to 4 (urgent), where it lies beneath; None leaves it.
    """

    share: float
    tell: tuple[Whom, ...] = (Whom.ASSIGNEE,)
    priority: int | None = None


USUAL: Final = (Escalation(share=0.75), Escalation(share=1.0, tell=(Whom.ASSIGNEE, Whom.LEADS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """What people decide about a policy.

    name: 1 to 80 characters. about: what it is about; that never changes. conditions: which cases or calls it holds for, as JSON;
        none at all hold for every one.
    calendar_id: whose hours count; None counts around the clock.
    pauses: categories of a case in which the clock of its solution stands still.
    steps: what happens as the time is used up, at most one for each share.
    levels: by measure, the share of all that is to be kept in a period, above 0; 1 where not one may be missed. Without one, each
        customer is promised for themselves.

    A call has no priority and nobody who has it: what is promised to callers is one time, and leads and managers hear of it.
    """

    name: str
    targets: Targets
    conditions: Mapping[str, Any] | None = None
    calendar_id: int | None = None
    pauses: tuple[str, ...] = ("waiting",)
    steps: tuple[Escalation, ...] = USUAL
    levels: Mapping[Measure, float] = field(default_factory=dict)
    about: About = About.CASES


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """A policy as its readers know it. version: counts its changes. effective_at: since when it says this."""

    id: int
    position: int
    version: int
    effective_at: datetime
    settings: PolicySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRow:
    """What a policy said from a moment on; it never changes. calendar_id: None counts around the clock."""

    id: int
    policy_id: int
    version: int
    effective_at: datetime
    calendar_id: int | None
    targets: Targets
    pauses: tuple[str, ...]
    levels: Mapping[Measure, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCounts:
    """Promises of customers who wait now. overdue: beyond the time. due_soon: the time is over within the hour."""

    overdue: int
    due_soon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchRow:
    """What a clock did for a while.

    why: what began it. policy: the name of the policy, empty while nothing was promised. target_s: what it promised.
    spent_s: what counted of it, in the hours of the policy. calendar_id: whose hours these are; None counts around the clock.
    pauses: categories of a case in which the policy lets the clock of the solution stand still.
    """

    since: datetime
    until: datetime
    runs: bool
    why: Why
    policy: str
    target_s: int | None
    spent_s: float
    calendar_id: int | None = None
    pauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the newest promise of one kind to a customer stands.

    due_at: as in `ClockRow`. ended_at: when it was kept, missed and done late, or called off; None while it runs.
    """

    outcome: Outcome
    due_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRow:
    """What somebody gave their word for. note: for colleagues. promised_by: the actor who said so.

    from_at: not before; None: at once. tries: in vain, the last of them tried_at. again_at: not before then; None before the
    first try, and after the last.
    """

    way: Way
    note: str
    promised_by: str
    from_at: datetime | None = None
    tries: int = 0
    tried_at: datetime | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCall:
    """A customer whom we promised to call, and have not reached. clock_id: of the promise. promised_by: the actor who said so.

    ready_at: since when they may be called, or from when; None: a person decides.
    """

    clock_id: int
    case_id: int
    promised_by: str
    due_at: datetime
    ready_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """A promise and its clock at a moment.

    due_at: when the time is over, or was; None while the clock stands still before that.
    spent_s, target_s: in the hours of the policy. policy: empty where a person promised, as `callback` says.
    task_id, title: of the task that is timed, if it is one. chat_id, call_id: of the chat or the call whose wait is timed.
    case_id: None for a call. queue, left: in which its caller stands or stood, and how they left it (`calls.Leaving`).
    """

    id: int
    case_id: int | None
    measure: Measure
    outcome: Outcome
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    spent_s: float
    target_s: int | None
    runs: bool
    policy: str
    stretches: tuple[StretchRow, ...] = field(default=())
    callback: CallbackRow | None = None
    task_id: int | None = None
    title: str = ""
    chat_id: int | None = None
    call_id: int | None = None
    queue: str = ""
    left: str = ""

    def is_late(self, now: datetime) -> bool:
        """Say whether it was missed, be it over or not."""
        return self.outcome == Outcome.MISSED or (
            self.outcome == Outcome.RUNNING and self.due_at is not None and self.due_at < now
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """What a policy said from a moment on. made_by: the actor who said so."""

    version: int
    effective_at: datetime
    made_by: str
    settings: PolicySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An open promise that would be due at another time. now: None where its hours would never suffice."""

    case_id: int
    measure: Measure
    was: datetime
    now: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What other hours would do to open promises. clock_count: promises looked at, those due soonest where is_cut."""

    clock_count: int
    is_cut: bool
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A promise of which something else would have become, in a case or to a caller. since: when the wait began.

    was, now: None for none promised.
    """

    case_id: int | None
    measure: Measure
    since: datetime
    was: Outcome | None
    now: Outcome | None
    call_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a policy would have changed, had it held for the cases opened, or the calls that came, since a moment.

    case_count: cases, or times that callers stood in a queue, looked at; the newest ones where is_cut.
    held_count, held_before_count: for how many of them the policy would have held, and did.
    untold_count: cases of which the log has nothing, so that nothing can be told.
    same: by measure and outcome, how many promises became of it either way.
    """

    since: datetime
    case_count: int
    is_cut: bool
    held_count: int
    held_before_count: int
    untold_count: int
    changes: tuple[Change, ...]
    same: Mapping[Measure, Mapping[Outcome, int]]
    about: About = About.CASES

    def before(self, measure: Measure, outcome: Outcome) -> int:
        """Count what in fact became of promises."""
        changed = sum(change.measure is measure and change.was is outcome for change in self.changes)
        return self.same.get(measure, {}).get(outcome, 0) + changed

    def after(self, measure: Measure, outcome: Outcome) -> int:
        """Count what would have become of promises."""
        changed = sum(change.measure is measure and change.now is outcome for change in self.changes)
        return self.same.get(measure, {}).get(outcome, 0) + changed
