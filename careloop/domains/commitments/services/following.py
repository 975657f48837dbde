"""Keep the clocks of cases by what happens to them: each turn is a row, and nothing that was written is written over."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.cases.queries import first_fitting
from careloop.domains.commitments.callbacks import is_kept_by_words
from careloop.domains.commitments.events import (
    CallbackCancelled,
    CallbackDone,
    CommitmentEscalated,
    CommitmentMissed,
)
from careloop.domains.commitments.models import Callback, Clock, ClockTurn
from careloop.domains.commitments.reading import current_versions, turns_of
from careloop.domains.commitments.services.keeping import (
    KEEPER,
    Fitting,
    Running,
    count,
    end,
    keep_due,
    moments,
    promise,
    tell,
    turns_by_clock,
)
from careloop.domains.commitments.services.waiting import call_off_waits
from careloop.domains.commitments.states import OF_CASES, About, Measure, Outcome, Reason, Why
from careloop.domains.commitments.steps import Does, Step, steps
from careloop.domains.tasks.events import TaskAsked, TaskDone, TaskRefused, TaskWithdrawn
from careloop.domains.tasks.queries import tasks_by_id
from careloop.kernel.acts import act
from careloop.kernel.events import Event, Recorded, record
from careloop.kernel.hours import Calendar

__all__ = ["follow_cases", "follow_tasks", "recount", "ring"]


@act
def follow_cases(recorded: Sequence[Recorded]) -> None:
    """Start, turn and end the clocks of cases by what happened to them, the oldest first.

    Records what becomes of each promise.
    """
    by_case: dict[int, list[Event]] = defaultdict(list)
    for one in recorded:
        by_case[one.subject_id].append(one.event)
    versions = current_versions(About.CASES)
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
        _follow(case_id, events, Fitting(version=version, priority=fits.priority), running.get(case_id, {}), hours)
    keep_due(fitting)


@act
def follow_tasks(recorded: Sequence[Recorded]) -> None:
    """Start the clock of a task when somebody is asked, and end it with the task, the oldest event first.

    What was agreed when it was asked holds to its end: whoever was asked does not get less time because the case became urgent.
    A refusal and a withdrawal call it off: neither is a task that was done.

    Records what becomes of each agreement.
    """
    last = recorded[-1].event.at
    versions, hours = current_versions(About.CASES), hours_by_id(at=last)
    fitting = first_fitting({one.subject_id for one in recorded}, [one.conditions for one in versions], now=last)
    for one in recorded:
        event = one.event
        match event:
            case TaskAsked(task_id=task_id) if one.subject_id in fitting:
                fits = fitting[one.subject_id]
                case = Fitting(version=None if fits.index is None else versions[fits.index], priority=fits.priority)
                _agree(one.subject_id, task_id, case, hours, at=event.at)
            case TaskDone(task_id=task_id) | TaskRefused(task_id=task_id) | TaskWithdrawn(task_id=task_id):
                running = Clock.objects.select_for_update().filter(task_id=task_id, outcome=Outcome.RUNNING)
                for clock in running:
                    held = Running(clock=clock, turns=turns_by_clock([clock])[clock.pk])
                    end(held, event.at, hours, is_done=isinstance(event, TaskDone))


def _agree(case_id: int, task_id: int, case: Fitting, hours: Mapping[int, Calendar], *, at: datetime) -> None:
    if case.promised(Measure.TASK, None) == (None, None) or not tasks_by_id([task_id]):
        return
    clock, is_new = Clock.objects.get_or_create(
        task_id=task_id, defaults={"case_id": case_id, "measure": Measure.TASK, "started_at": at}
    )
    if is_new:
        held = Running(clock=clock)
        held.turn(at, Why.STARTED, version=None, target_s=None, runs=True)
        promise(held, case, at=at)
        count(held, hours, at=at)


def _follow(
    case_id: int,
    events: Sequence[Event],
    case: Fitting,
    running: dict[Measure, Running],
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
                        promise(running[measure], case, at=step.at)
            case Does.FINISH | Does.CALL_OFF:
                for measure in step.measures:
                    if measure in running and _ends(running[measure], step):
                        end(running.pop(measure), step.at, hours, is_done=step.does is Does.FINISH)
                if Measure.WAIT in step.measures:
                    call_off_waits(case_id, hours, at=step.at)
            case Does.ASK:
                for held in _those(running, step):
                    promise(held, case, at=step.at)
            case Does.PLACE:
                for held in _those(running, step):
                    _place(held, step)
    for held in running.values():
        count(held, hours, at=events[-1].at)


def _those(running: Mapping[Measure, Running], step: Step) -> list[Running]:
    return [held for measure, held in running.items() if measure in step.measures]


def _ends(held: Running, step: Step) -> bool:
    """Say whether a clock ends here: a callback that was promised is kept by words only where words were promised."""
    if held.clock.measure != Measure.CALLBACK:
        return True
    if step.at < held.last.at:
        return False  # it was promised after what is followed here
    way = Callback.objects.values_list("way", flat=True).get(clock=held.clock)
    if step.does is Does.FINISH and not is_kept_by_words(way, promised_at=held.last.at, at=step.at):
        return False
    about: dict[str, Any] = {
        "subject": held.about,
        "actor": str(KEEPER),
        "at": step.at,
        "clock_id": held.clock.pk,
        "way": way,
    }
    if step.does is Does.FINISH:
        record(CallbackDone(**about, is_by_answer=True))
    else:
        record(CallbackCancelled(**about, reason=Reason.NOT_NEEDED))
    return True


def _started(case_id: int, measure: Measure, at: datetime) -> Running:
    held = Running(clock=Clock.objects.create(case_id=case_id, measure=measure, started_at=at))
    held.turn(at, Why.STARTED, version=None, target_s=None, runs=True)
    return held


def _place(held: Running, step: Step) -> None:
    """Let a clock stand still or go on where the case lies now: only the solution waits for customers, spam waits for nothing."""
    version = held.last.version
    pauses: Collection[str] = version.pauses if version and held.clock.measure == Measure.RESOLUTION else ()
    runs = not step.is_spam and step.category not in pauses
    if runs != held.last.runs:
        why = Why.RESUMED if runs else Why.PAUSED
        held.turn(step.at, why, version=held.last.version, target_s=held.last.target_s, runs=runs)


@act
def ring(*, clock_id: int, at: datetime) -> None:
    """Take the steps of a promise that have become due, once each. Records CommitmentMissed and CommitmentEscalated."""
    clock = Clock.objects.select_for_update().filter(pk=clock_id, outcome=Outcome.RUNNING).first()
    if clock is None:
        return
    held = Running(clock=clock, turns=turns_by_clock([clock])[clock.pk])
    hours = hours_by_id(at=at)
    for share, moment in moments(held, turns_of(held.turns, hours)):
        if moment > at:
            break
        if share <= clock.taken_share:
            continue
        clock.taken_share = share
        if share == 1.0 and clock.missed_at is None:
            clock.missed_at = moment
            tell(CommitmentMissed, held, moment)
        if share in held.steps:
            tell(CommitmentEscalated, held, moment, share=share)
    clock.save(update_fields=["missed_at"])
    count(held, hours, at=at)
    if clock.measure in OF_CASES:
        keep_due([clock.case_id or 0])


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
    turns, hours = turns_by_clock(clocks), hours_by_id(at=at)
    for clock in clocks:
        count(Running(clock=clock, turns=turns[clock.pk]), hours, at=at)
    keep_due({clock.case_id or 0 for clock in clocks if clock.measure in OF_CASES})
    return ids[-1] if len(ids) == limit else None


def _running(cases: Collection[int]) -> dict[int, dict[Measure, Running]]:
    running = Clock.objects.select_for_update().filter(case_id__in=cases, outcome=Outcome.RUNNING, measure__in=OF_CASES)
    clocks = list(running.order_by("pk"))
    turns = turns_by_clock(clocks)
    found: dict[int, dict[Measure, Running]] = defaultdict(dict)
    for clock in clocks:
        found[clock.case_id or 0][Measure(clock.measure)] = Running(clock=clock, turns=turns[clock.pk])
    return found
