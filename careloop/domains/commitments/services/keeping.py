"""A clock that runs or stands still, as the acts that turn it hold it: its next turn, when it is due, its steps and its end."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db.models import Min

from careloop.domains.cases.services import note_due
from careloop.domains.commitments.callbacks import steps_of
from careloop.domains.commitments.clock import Turn, is_kept, paused_s, spent_s, when_spent
from careloop.domains.commitments.events import (
    CommitmentCalledOff,
    CommitmentDueMoved,
    CommitmentEndedLate,
    CommitmentKept,
    CommitmentMade,
    CommitmentMissed,
)
from careloop.domains.commitments.models import Clock, ClockTurn, PolicyVersion
from careloop.domains.commitments.reading import turns_of
from careloop.domains.commitments.states import OF_CASES, Measure, Outcome, Why
from careloop.domains.tasks.services import note_agreed
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.events import Event, record, subject
from careloop.kernel.hours import Calendar
from careloop.kernel.timers import clear_timer, set_timer

__all__ = [
    "COMMITMENT",
    "KEEPER",
    "Fitting",
    "Running",
    "count",
    "end",
    "keep_due",
    "moments",
    "promise",
    "tell",
    "turns_by_clock",
]

COMMITMENT: Final = "commitment"
"""The timer of a clock: for the steps on its way, and for its end."""
KEEPER: Final = Actor(kind=ActorKind.HOUSE, name="commitments")


@dataclass(slots=True)
class Running:
    """A clock that runs or stands still, with its turns so far."""

    clock: Clock
    turns: list[ClockTurn] = field(default_factory=list)

    @property
    def last(self) -> ClockTurn:
        return self.turns[-1]

    @property
    def about(self) -> str:
        """What its events happen to: the case in which something is promised, or the call to whose caller it is."""
        clock = self.clock
        return subject("case", clock.case_id) if clock.case_id is not None else subject("call", clock.call_id or 0)

    @property
    def steps(self) -> set[float]:
        """The shares of the time at which something is to happen."""
        if self.last.version is not None:
            return {step["share"] for step in self.last.version.steps}
        if self.clock.measure == Measure.CALLBACK and self.last.target_s is not None:
            return {step.share for step in steps_of(self.last.target_s)}
        return set()

    def turn(self, at: datetime, why: Why, *, version: PolicyVersion | None, target_s: int | None, runs: bool) -> None:
        """Write the next turn. It is never before the last one, however late the news came."""
        at = max(at, self.last.at) if self.turns else at
        self.turns.append(
            ClockTurn.objects.create(clock=self.clock, at=at, version=version, target_s=target_s, runs=runs, why=why)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What is promised for a case as it is now. version: of the first policy that fits it, if any does."""

    version: PolicyVersion | None
    priority: int

    def promised(self, measure: Measure, before: PolicyVersion | None) -> tuple[PolicyVersion | None, int | None]:
        """Return the version that holds for a clock and its target in seconds; a clock keeps the version it began with."""
        version = self.version
        if version is not None and before is not None and before.policy_id == version.policy_id:
            version = before
        target_s = version.targets.get(measure, {}).get(str(self.priority)) if version is not None else None
        return (None, None) if target_s is None else (version, target_s)


def promise(held: Running, case: Fitting, *, at: datetime) -> None:
    """Let a clock promise what fits its case now, if that is something else than it promised. Records CommitmentMade."""
    version, target_s = case.promised(Measure(held.clock.measure), held.last.version)
    if (version, target_s) == (held.last.version, held.last.target_s):
        return
    held.turn(at, Why.PROMISED, version=version, target_s=target_s, runs=held.last.runs)
    held.clock.taken_share = 0.0
    if version is not None and target_s is not None:
        tell(CommitmentMade, held, at, target_s=target_s, started_at=held.clock.started_at, priority=case.priority)


def count(held: Running, hours: Mapping[int, Calendar], *, at: datetime) -> None:
    """Work out when it is due, say so if that is another time than before, and have the clock ring at its next step."""
    clock, turns = held.clock, turns_of(held.turns, hours)
    was, clock.due_at = clock.due_at, when_spent(turns)
    if clock.due_at != was:
        tell(CommitmentDueMoved, held, at, due_at=clock.due_at)
        if clock.task_id is not None:
            note_agreed(task_id=clock.task_id, agreed_at=clock.due_at)
    clock.save(update_fields=["due_at", "taken_share"])
    ahead = [moment for share, moment in moments(held, turns) if share > clock.taken_share]
    if ahead:
        set_timer(kind=COMMITMENT, subject_id=clock.pk, due_at=min(ahead))
    else:
        clear_timer(COMMITMENT, subject_id=clock.pk)


def moments(held: Running, turns: Sequence[Turn]) -> list[tuple[float, datetime]]:
    """Return the shares of the promised time at which something happens, and when; its end is one of them.

    Steps go by what is promised now: whoever got more time is warned again. What was due stays due.
    """
    now = turns[-1].promise
    shares = {1.0, *held.steps} if held.last.target_s is not None else set()
    as_now = [replace(turn, promise=replace(turn.promise, target_s=now.target_s)) for turn in turns]
    found = ((share, when_spent(turns if share == 1.0 else as_now, share=share)) for share in sorted(shares))
    return [(share, moment) for share, moment in found if moment is not None]


def end(held: Running, at: datetime, hours: Mapping[int, Calendar], *, is_done: bool) -> None:
    """End a clock: kept, late, or called off. One that never promised anything goes without a word."""
    clock, turns = held.clock, turns_of(held.turns, hours)
    clear_timer(COMMITMENT, subject_id=clock.pk)
    if all(turn.target_s is None for turn in held.turns):
        clock.delete()
        return
    at = max(at, held.last.at)
    clock.ended_at, clock.due_at = at, when_spent(turns)
    took = {"spent_s": int(spent_s(turns, until=at)), "paused_s": int(paused_s(turns, until=at))}
    # What was missed stays missed, though hours that changed since would have left time.
    if not is_kept(turns, ended_at=at) or (clock.missed_at is not None and clock.missed_at < at):
        clock.outcome = Outcome.MISSED
        if clock.missed_at is None and clock.due_at is not None:
            clock.missed_at = clock.due_at
            tell(CommitmentMissed, held, clock.due_at)
        tell(CommitmentEndedLate, held, at, due_at=clock.due_at, **took)
    elif is_done and held.last.target_s is not None:
        # The news came late: when the time was over nobody waited any more.
        clock.outcome, clock.missed_at = Outcome.KEPT, None
        tell(CommitmentKept, held, at, due_at=clock.due_at, **took)
    else:
        clock.outcome, clock.missed_at = Outcome.CALLED_OFF, None
        tell(CommitmentCalledOff, held, at, due_at=clock.due_at)
    clock.save(update_fields=["ended_at", "due_at", "outcome", "missed_at"])


def keep_due(case_ids: Collection[int]) -> None:
    """Keep beside the cases when their next promises are due. Their clocks are locked, or begin in this very act.

    What we agreed among ourselves is kept beside the tasks: no customer waits for it. A wait in a chat is over before anybody
    reads by when the case is due.
    """
    due = (
        Clock.objects.filter(case_id__in=case_ids, outcome=Outcome.RUNNING, measure__in=OF_CASES)
        .order_by()
        .values("case_id")
    )
    found = dict(due.annotate(next_at=Min("due_at")).values_list("case_id", "next_at"))
    note_due({case_id: found.get(case_id) for case_id in case_ids})


def turns_by_clock(clocks: Collection[Clock]) -> dict[int, list[ClockTurn]]:
    """Return the turns of some clocks with their versions, in order, by the clock's primary key."""
    turns: dict[int, list[ClockTurn]] = defaultdict(list)
    for turn in ClockTurn.objects.filter(clock__in=clocks).select_related("version").order_by("clock_id", "at", "id"):
        turns[turn.clock_id].append(turn)
    return turns


def tell(kind: type[Event], held: Running, at: datetime, **told: float | datetime | None) -> None:
    """Record what becomes of a promise, under the version that holds or held last."""
    version_id = next((turn.version_id for turn in reversed(held.turns) if turn.version_id is not None), None)
    record(
        kind(
            subject=held.about,
            actor=str(KEEPER),
            at=at,
            measure=held.clock.measure,
            version_id=version_id,
            clock_id=held.clock.pk,
            **told,
        )  # type: ignore[call-arg]
    )
