"""What the clocks of a case would have said had something else been promised, worked out from what happened; nothing is kept.

What happened to a case is told by its events, through the same steps as the clocks themselves, so nothing here knows a case's
history better than they do.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from careloop.domains.cases.events import CaseOpened, CasePrioritized
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import Priority
from careloop.domains.commitments.clock import Promise, Turn, is_kept
from careloop.domains.commitments.states import Measure, Outcome
from careloop.domains.commitments.steps import Does, steps
from careloop.domains.commitments.types import Targets
from careloop.domains.commitments.waits import Becomes, becomes_of_wait
from careloop.kernel.events import Event
from careloop.kernel.hours import Calendar

__all__ = ["Mark", "Terms", "Wait", "outcome_of", "waits_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for a case at a moment.

    calendar: the hours that count; None counts around the clock.
    pauses: categories in which the clock of the solution stands still.
    """

    targets: Targets
    calendar: Calendar | None
    pauses: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that could turn a clock. place: the category and whether it is spam, None where the case did not move."""

    at: datetime
    priority: int
    place: tuple[Category, bool] | None = None


@dataclass(slots=True, kw_only=True)
class Wait:
    """Somebody waits for something, from the moment they begin to until it is done, or nobody waits for it any more."""

    measure: Measure
    started_at: datetime
    ended_at: datetime | None = None
    is_done: bool = False
    marks: list[Mark] = field(default_factory=list)


def waits_of(events: Sequence[Event]) -> list[Wait]:
    """Return what was waited for in one case, by its events and those of its chats, in the order in which they happened."""
    waits: list[Wait] = []
    running: dict[Measure, Wait] = {}
    # By chat: whose visitor stands in line.
    standing: dict[str, Wait] = {}
    priority = int(Priority.NORMAL)
    for event in events:
        if isinstance(event, CaseOpened):
            priority = event.priority
        elif isinstance(event, CasePrioritized):
            priority = event.now
        match becomes_of_wait(event):
            case (Becomes.BEGUN, at) if event.subject not in standing:
                # What was promised when they came holds until somebody does.
                standing[event.subject] = Wait(
                    measure=Measure.WAIT, started_at=at, marks=[Mark(at=at, priority=priority)]
                )
                waits.append(standing[event.subject])
            case (how, at) if how is not Becomes.BEGUN and event.subject in standing:
                _over(standing.pop(event.subject), at, is_done=how is Becomes.ANSWERED)
            case _:
                pass
        for step in steps([event]):
            match step.does:
                case Does.START:
                    for measure in step.measures:
                        if measure not in running and not (
                            measure is Measure.NEXT_RESPONSE and Measure.FIRST_RESPONSE in running
                        ):
                            running[measure] = Wait(measure=measure, started_at=step.at)
                            running[measure].marks.append(Mark(at=step.at, priority=priority))
                            waits.append(running[measure])
                case Does.FINISH | Does.CALL_OFF:
                    for measure in step.measures:
                        if (wait := running.pop(measure, None)) is not None:
                            _over(wait, step.at, is_done=step.does is Does.FINISH)
                    while Measure.WAIT in step.measures and standing:
                        _over(standing.popitem()[1], step.at, is_done=False)
                case Does.ASK | Does.PLACE:
                    place = (step.category, step.is_spam) if step.does is Does.PLACE else None
                    for wait in running.values():
                        at = max(step.at, wait.marks[-1].at)
                        wait.marks.append(Mark(at=at, priority=priority, place=place))
    return waits


def _over(wait: Wait, at: datetime, *, is_done: bool) -> None:
    wait.ended_at, wait.is_done = max(at, wait.marks[-1].at), is_done


def outcome_of(wait: Wait, terms_at: Callable[[datetime], Terms | None], *, now: datetime) -> Outcome | None:
    """Say what would have become of a promise.

    terms_at: what would have held at a moment, None where nothing was promised. now: what is not over by then is not decided.

    Returns None where nothing would ever have been promised, and MISSED already when the time is over and somebody still waits.
    """
    turns = _turns(wait, terms_at)
    if all(turn.promise.target_s == inf for turn in turns):
        return None
    if not is_kept(turns, ended_at=wait.ended_at or now):
        return Outcome.MISSED
    if wait.ended_at is None:
        return Outcome.RUNNING
    is_promised = turns[-1].promise.target_s < inf
    return Outcome.KEPT if wait.is_done and is_promised else Outcome.CALLED_OFF


def _turns(wait: Wait, terms_at: Callable[[datetime], Terms | None]) -> list[Turn]:
    """Return the turns of a clock; as long as nothing is promised, time counts in the hours of the promise that comes next."""
    found: list[tuple[Mark, Terms | None, float, bool]] = []
    runs = True
    for mark in wait.marks:
        terms = terms_at(mark.at)
        target_s = inf if terms is None else float(terms.targets.get(wait.measure, {}).get(mark.priority, inf))
        if mark.place is not None:
            category, is_spam = mark.place
            stops = terms.pauses if terms and target_s < inf and wait.measure is Measure.RESOLUTION else ()
            runs = not is_spam and category not in stops
        found.append((mark, terms if target_s < inf else None, target_s, runs))
    calendar: Calendar | None = None
    turns: list[Turn] = []
    for mark, terms, target_s, runs in reversed(found):
        if terms is not None:
            calendar = terms.calendar
        turns.append(Turn(at=mark.at, promise=Promise(target_s=target_s, calendar=calendar), runs=runs))
    return turns[::-1]
