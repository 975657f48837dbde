"""How far a procedure is in a case: a pure function of what it says and of what was done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from careloop.domains.procedures.states import Climb, Doing, Standing, StepKind
from careloop.domains.procedures.types import Course, Entry, Stage, StageCourse, Step, StepCourse

__all__ = ["course_of", "rungs_needed"]


@dataclass(slots=True)
class _Step:
    """What was done in a step so far. refused, asked: at most one of them is set."""

    is_done: bool = False
    last: Entry | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    asked: Entry | None = None
    refused: Entry | None = None
    granted: list[Entry] = field(default_factory=list)


def course_of(stages: Sequence[Stage], entries: Iterable[Entry]) -> Course:
    """Return how far a procedure is.

    stages: of the version that the case is in. entries: all that was done, the oldest first; what names no step is passed over.

    A form that is filled in again takes back what was approved, or asked, in its own stage and in later ones: they had seen another
    form. A stage is open when the mandatory steps of all stages before it are done.
    """
    known = {step.key: step for stage in stages for step in stage.steps}
    stage_of = {step.key: index for index, stage in enumerate(stages) for step in stage.steps}
    state = {key: _Step() for key in known}
    for entry in entries:
        if entry.step not in known:
            continue
        if entry.doing is Doing.FILLED:
            for key, step in known.items():
                if step.kind is StepKind.APPROVAL and stage_of[key] >= stage_of[entry.step]:
                    state[key] = _Step()
        _tell(state[entry.step], entry)
    found: list[StageCourse] = []
    is_open = True
    for stage in stages:
        steps = tuple(_course(step, state, known, is_open=is_open) for step in stage.steps)
        is_done = is_open and all(one.standing is Standing.DONE for one in steps if one.step.is_mandatory)
        found.append(StageCourse(name=stage.name, is_open=is_open, is_done=is_done, steps=steps))
        is_open = is_done
    missing = tuple(
        one.step.title
        for stage in found
        for one in stage.steps
        if one.step.is_mandatory and one.standing is not Standing.DONE
    )
    return Course(stages=tuple(found), missing=missing)


def rungs_needed(step: Step, amount: Decimal | None) -> tuple[int, ...]:
    """Return which rungs of the ladder have to approve an amount, lowest first; of an unknown one the highest decides."""
    top = len(step.rungs) - 1
    enough = next(
        (
            index
            for index, rung in enumerate(step.rungs)
            if rung.up_to is None or (amount is not None and amount <= rung.up_to)
        ),
        top,
    )
    if amount is None and step.amount:
        enough = top
    return tuple(range(enough + 1)) if step.climb is Climb.ALL else (enough,)


def _tell(state: _Step, entry: Entry) -> None:
    state.last = entry
    match entry.doing:
        case Doing.CHECKED | Doing.READ:
            state.is_done = True
        case Doing.UNCHECKED:
            state.is_done = False
        case Doing.FILLED:
            state.is_done, state.values = True, entry.values
        case Doing.ASKED:
            state.asked, state.refused, state.granted = entry, None, []
        case Doing.APPROVED:
            state.granted.append(entry)
        case Doing.REFUSED:
            state.asked, state.refused, state.granted = None, entry, []


def _course(step: Step, state: Mapping[str, _Step], known: Mapping[str, Step], *, is_open: bool) -> StepCourse:
    own = state[step.key]
    if step.kind is not StepKind.APPROVAL:
        standing = Standing.LOCKED if not is_open else Standing.DONE if own.is_done else Standing.OPEN
        return StepCourse(step=step, standing=standing, last=own.last, values=own.values)
    form_key, _dot, field_key = step.amount.partition(".")
    form = state.get(form_key)
    needed = rungs_needed(step, _amount(form.values.get(field_key, "") if form else ""))
    barred = {entry.user_id for entry in own.granted}
    if own.asked is not None:
        barred.add(own.asked.user_id)
    if form is not None and form.last is not None:
        barred.add(form.last.user_id)
    is_granted = own.asked is not None and len(own.granted) >= len(needed)
    if not is_open:
        standing = Standing.LOCKED
    elif is_granted:
        standing = Standing.DONE
    elif own.asked is not None:
        standing = Standing.WAITING
    else:
        standing = Standing.REFUSED if own.refused is not None else Standing.OPEN
    return StepCourse(
        step=step,
        standing=standing,
        last=own.last,
        asked=own.asked,
        granted=tuple(own.granted),
        needed=needed,
        rung=needed[len(own.granted)] if standing is Standing.WAITING else None,
        barred=frozenset(one for one in barred if one is not None),
        lacking=known[form_key].title if form is not None and not form.is_done else "",
    )


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
