"""Keep the clocks of cases by what happens to them: each turn is a row, and nothing that was written is written over."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db.models import Min

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.cases.queries import first_fitting
from careloop.domains.cases.services import note_due
from careloop.domains.commitments.clock import Turn, is_kept, paused_s, spent_s, when_spent
from careloop.domains.commitments.events import (
    CommitmentCalledOff,
    CommitmentDueMoved,
    CommitmentEndedLate,
    CommitmentEscalated,
    CommitmentKept,
    CommitmentMade,
    CommitmentMissed,
)
from careloop.domains.commitments.models import Clock, ClockTurn, PolicyVersion
from careloop.domains.commitments.reading import current_versions, turns_of
from careloop.domains.commitments.states import Measure, Outcome, Why
from careloop.domains.commitments.steps import Does, Step, steps
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import act
from careloop.kernel.events import Event, Recorded, record, subject
from careloop.kernel.hours import Calendar
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["COMMITMENT", "follow_cases", "recount", "ring"]

COMMITMENT: Final = "commitment"
"""The timer of a clock: for the steps on its way, and for its end."""
KEEPER: Final = Actor(kind=ActorKind.HOUSE, name="commitments")


@dataclass(slots=True)
class _Running:
    """A clock that runs or stands still, with its turns so far."""

    clock: Clock
    turns: list[ClockTurn] = field(default_factory=list)

    @property
    def last(self) -> ClockTurn:
        return self.turns[-1]

    def turn(self, at: datetime, why: Why, *, version: PolicyVersion | None, target_s: int | None, runs: bool) -> None:
        """Write the next turn. It is never before the last one, however late the news came."""
        at = max(at, self.last.at) if self.turns else at
        self.turns.append(
            ClockTurn.objects.create(clock=self.clock, at=at, version=version, target_s=target_s, runs=runs, why=why)
        )


@act
def follow_cases(recorded: Sequence[Recorded]) -> None:
    """Start, turn and end the clocks of cases by what happened to them, the oldest first.

    Records what becomes of each promise.
    """
    by_case: dict[int, list[Event]] = defaultdict(list)
    for one in recorded:
        by_case[one.subject_id].append(one.event)
    versions = current_versions()
    running = _running(by_case)
    if not versions and not running:
        return
    fitting = first_fitting(by_case, [version.conditions for version in versions], now=recorded[-1].event.at)
    hours = hours_by_id(at=recorded[-1].event.at)
    for case_id, events in sorted(by_case.items()):
        fits = fitting.get(case_id)
        if fits is None:
            continue  # erased since
        version = None if fits.index is None else versions[fits.index]
        _follow(case_id, events, _Case(version=version, priority=fits.priority), running.get(case_id, {}), hours)
    _keep_due(fitting)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
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


def _follow(
    case_id: int,
    events: Sequence[Event],
    case: _Case,
    running: dict[Measure, _Running],
    hours: Mapping[int, Calendar],
) -> None:
    for step in steps(events):
        match step.does:
            case Does.START:
                for measure in step.measures:
                    if measure not in running and not (
                        measure is Measure.NEXT_RESPONSE and Measure.FIRST_RESPONSE in running
                    ):
                        running[measure] = _started(case_id, measure, step.at)
                        _promise(running[measure], case, at=step.at)
            case Does.FINISH | Does.CALL_OFF:
                for measure in step.measures:
                    if (held := running.pop(measure, None)) is not None:
                        _end(held, step.at, hours, is_done=step.does is Does.FINISH)
            case Does.ASK:
                for held in running.values():
                    _promise(held, case, at=step.at)
            case Does.PLACE:
                for held in running.values():
                    _place(held, step)
    for held in running.values():
        _count(held, hours, at=events[-1].at)


def _started(case_id: int, measure: Measure, at: datetime) -> _Running:
    held = _Running(clock=Clock.objects.create(case_id=case_id, measure=measure, started_at=at))
    held.turn(at, Why.STARTED, version=None, target_s=None, runs=True)
    return held


def _place(held: _Running, step: Step) -> None:
    """Let a clock stand still or go on where the case lies now: only the solution waits for customers, spam waits for nothing."""
    version = held.last.version
    pauses: Collection[str] = version.pauses if version and held.clock.measure == Measure.RESOLUTION else ()
    runs = not step.is_spam and step.category not in pauses
    if runs != held.last.runs:
        why = Why.RESUMED if runs else Why.PAUSED
        held.turn(step.at, why, version=held.last.version, target_s=held.last.target_s, runs=runs)


def _promise(held: _Running, case: _Case, *, at: datetime) -> None:
    version, target_s = case.promised(Measure(held.clock.measure), held.last.version)
    if (version, target_s) == (held.last.version, held.last.target_s):
        return
    held.turn(at, Why.PROMISED, version=version, target_s=target_s, runs=held.last.runs)
    held.clock.taken_share = 0.0
    if version is not None and target_s is not None:
        _record(
            CommitmentMade,
            held,
            at,
            target_s=target_s,
            started_at=held.clock.started_at,
            priority=case.priority,
        )


def _count(held: _Running, hours: Mapping[int, Calendar], *, at: datetime) -> None:
    """Work out when it is due, say so if that is another time than before, and have the clock ring at its next step."""
    clock, turns = held.clock, turns_of(held.turns, hours)
    was, clock.due_at = clock.due_at, when_spent(turns)
    if clock.due_at != was:
        _record(CommitmentDueMoved, held, at, due_at=clock.due_at)
    clock.save(update_fields=["due_at", "taken_share"])
    ahead = [moment for share, moment in _moments(held, turns) if share > clock.taken_share]
    if ahead:
        set_timer(kind=COMMITMENT, subject_id=clock.pk, due_at=min(ahead))
    else:
        clear_timer(kind=COMMITMENT, subject_id=clock.pk)


def _moments(held: _Running, turns: Sequence[Turn]) -> list[tuple[float, datetime]]:
    """Return the shares of the promised time at which something happens, and when; its end is one of them.

    Steps go by what is promised now: whoever got more time is warned again. What was due stays due.
    """
    version, now = held.last.version, turns[-1].promise
    shares = {1.0, *(step["share"] for step in version.steps)} if version else set()
    as_now = [replace(turn, promise=replace(turn.promise, target_s=now.target_s)) for turn in turns]
    found = ((share, when_spent(turns if share == 1.0 else as_now, share=share)) for share in sorted(shares))
    return [(share, moment) for share, moment in found if moment is not None]


def _end(held: _Running, at: datetime, hours: Mapping[int, Calendar], *, is_done: bool) -> None:
    clock, turns = held.clock, turns_of(held.turns, hours)
    clear_timer(kind=COMMITMENT, subject_id=clock.pk)
    if not any(turn.version for turn in held.turns):
        clock.delete()  # nothing was ever promised
        return
    at = max(at, held.last.at)
    clock.ended_at, clock.due_at = at, when_spent(turns)
    took = {"spent_s": int(spent_s(turns, until=at)), "paused_s": int(paused_s(turns, until=at))}
    # What was missed stays missed, though hours that changed since would have left time.
    if not is_kept(turns, ended_at=at) or (clock.missed_at is not None and clock.missed_at < at):
        clock.outcome = Outcome.MISSED
        if clock.missed_at is None and clock.due_at is not None:
            clock.missed_at = clock.due_at
            _record(CommitmentMissed, held, clock.due_at)
        _record(CommitmentEndedLate, held, at, due_at=clock.due_at, **took)
    elif is_done and held.last.version is not None:
        clock.outcome = Outcome.KEPT
        _record(CommitmentKept, held, at, due_at=clock.due_at, **took)
    else:
        clock.outcome = Outcome.CALLED_OFF
        _record(CommitmentCalledOff, held, at, due_at=clock.due_at)
    clock.save(update_fields=["ended_at", "due_at", "outcome", "missed_at"])


@act
def ring(*, clock_id: int, at: datetime) -> None:
    """Take the steps of a promise that have become due, once each. Records CommitmentMissed and CommitmentEscalated."""
    clock = Clock.objects.select_for_update().filter(pk=clock_id, outcome=Outcome.RUNNING).first()
    if clock is None:
        return
    held = _Running(clock=clock, turns=_turns([clock])[clock.pk])
    hours = hours_by_id(at=at)
    for share, moment in _moments(held, turns_of(held.turns, hours)):
        if moment > at:
            break
        if share <= clock.taken_share:
            continue
        clock.taken_share = share
        if share == 1.0 and clock.missed_at is None:
            clock.missed_at = moment
            _record(CommitmentMissed, held, moment)
        if held.last.version and any(step["share"] == share for step in held.last.version.steps):
            _record(CommitmentEscalated, held, moment, share=share)
    clock.save(update_fields=["missed_at"])
    _count(held, hours, at=at)
    _keep_due([clock.case_id])


@act
def recount(*, calendar_id: int, at: datetime, after: int = 0, limit: int = 500) -> int | None:
    """Work out again when clocks are due that count in the hours of a calendar, because these have changed.

    after: the clock after which to go on, in order of their ids.

    Returns the last one that was counted, None when there are no more. What was missed stays missed.
    """
    counting = ClockTurn.objects.filter(version__calendar_id=calendar_id, clock__outcome=Outcome.RUNNING)
    ids = list(
        counting.filter(clock_id__gt=after).order_by("clock_id").values_list("clock_id", flat=True).distinct()[:limit]
    )
    clocks = list(Clock.objects.select_for_update().filter(pk__in=ids, outcome=Outcome.RUNNING).order_by("pk"))
    turns, hours = _turns(clocks), hours_by_id(at=at)
    for clock in clocks:
        _count(_Running(clock=clock, turns=turns[clock.pk]), hours, at=at)
    _keep_due({clock.case_id for clock in clocks})
    return ids[-1] if len(ids) == limit else None


def _keep_due(case_ids: Collection[int]) -> None:
    """Keep beside the cases when their next promises are due. Their clocks are locked, or begin in this very act."""
    due = Clock.objects.filter(case_id__in=case_ids, outcome=Outcome.RUNNING).order_by().values("case_id")
    found = dict(due.annotate(next_at=Min("due_at")).values_list("case_id", "next_at"))
    note_due({case_id: found.get(case_id) for case_id in case_ids})


def _running(cases: Collection[int]) -> dict[int, dict[Measure, _Running]]:
    clocks = list(Clock.objects.select_for_update().filter(case_id__in=cases, outcome=Outcome.RUNNING).order_by("pk"))
    turns = _turns(clocks)
    found: dict[int, dict[Measure, _Running]] = defaultdict(dict)
    for clock in clocks:
        found[clock.case_id][Measure(clock.measure)] = _Running(clock=clock, turns=turns[clock.pk])
    return found


def _turns(clocks: Collection[Clock]) -> dict[int, list[ClockTurn]]:
    turns: dict[int, list[ClockTurn]] = defaultdict(list)
    for turn in ClockTurn.objects.filter(clock__in=clocks).select_related("version").order_by("clock_id", "at", "id"):
        turns[turn.clock_id].append(turn)
    return turns


def _record(kind: type[Event], held: _Running, at: datetime, **told: float | datetime | None) -> None:
    version_id = next(turn.version_id for turn in reversed(held.turns) if turn.version_id is not None)
    record(
        kind(
            subject=subject("case", held.clock.case_id),
            actor=str(KEEPER),
            at=at,
            measure=held.clock.measure,
            version_id=version_id,
            clock_id=held.clock.pk,
            **told,
        )  # type: ignore[call-arg]
    )
