"""Procedures in a case made ready for their template: words, names, forms, and what this reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.states import DONE
from careloop.domains.cases.types import CaseRow
from careloop.domains.people.queries import names_of
from careloop.domains.procedures import rules
from careloop.domains.procedures.queries import procedures_by_hand, runs_in, waiting_approvals
from careloop.domains.procedures.states import Doing, FieldKind, RunState, StandIn, Standing, StepKind
from careloop.domains.procedures.types import Entry, Field, RunRow, StepCourse, WaitingRow
from careloop.faces.web.casepage.steps import AnswerForm, ReasonForm
from careloop.kernel.actors import Actor

__all__ = ["Answered", "Procedures", "RunShown", "StageShown", "StepShown", "Typed", "answered", "procedures_shown"]

TONES = {
    Standing.LOCKED: ("neutral", "lock"),
    Standing.OPEN: ("open", "circle-dot"),
    Standing.WAITING: ("waiting", "hourglass"),
    Standing.REFUSED: ("missed", "circle-x"),
    Standing.DONE: ("solved", "circle-check"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed in a step and refused, to be shown again. form: of the step, or the reason of a decision."""

    run_id: int
    step: str
    form: AnswerForm | ReasonForm
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """A step as the template prints it.

    acts: what this reader may do: check, uncheck, confirm, fill, ask, decide. line: who did it, or whose approval it waits for.
    past: what became of earlier decisions, as sentences with their time.
    """

    key: str
    kind: str
    title: str
    words: str
    is_mandatory: bool
    state: str
    tone: str
    icon: str
    acts: frozenset[str]
    line: str
    at: datetime | None
    answers: tuple[Answered, ...] = ()
    form: AnswerForm | None = None
    is_refilled: bool = False
    refusal_form: ReasonForm | None = None
    rung: int = 0
    past: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageShown:
    name: str
    is_open: bool
    is_done: bool
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunShown:
    """reason: why the rest of it was left out. skip_form: for those who may leave it out."""

    id: int
    name: str
    words: str
    version: int
    state: str
    is_open: bool
    is_skipped: bool
    reason: str
    stages: tuple[StageShown, ...]
    skip_form: ReasonForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedures:
    """What must be done properly in a case. choices: procedures that this reader may begin."""

    runs: tuple[RunShown, ...] = ()
    choices: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    viewer: Actor
    names: Mapping[int, str]
    waiting: Mapping[tuple[int, str], WaitingRow]
    may_work: bool
    typed: Typed | None = field(default=None)

    def name(self, user_id: int | None) -> str:
        return self.names.get(user_id or 0) or _("Somebody")


def procedures_shown(case: CaseRow, *, viewer: Actor, now: datetime, typed: Typed | None = None) -> Procedures:
    """Return the procedures in a case that the viewer may see. typed: what was refused a moment ago."""
    if not cases_rules.may_read_notes(viewer):
        return Procedures()
    may_work = cases_rules.may_work(viewer)
    runs = runs_in(case_id=case.id, viewer=viewer)
    is_waiting = any(run.course.waiting() for run in runs if run.state is RunState.OPEN)
    waiting = waiting_approvals(at=now, case_ids=[case.id]) if is_waiting else []
    people = {entry.user_id for run in runs for entry in run.entries if entry.user_id is not None}
    people |= {user_id for row in waiting for user_id in row.approvers.asked}
    around = _Around(
        viewer=viewer,
        names=names_of(people),
        waiting={(row.run_id, row.step.step.key): row for row in waiting},
        may_work=may_work,
        typed=typed,
    )
    is_begun_by_hand = may_work and case.category not in DONE and not case.is_spam
    choices = procedures_by_hand(viewer, case_id=case.id) if is_begun_by_hand else []
    return Procedures(runs=tuple(_run(run, around) for run in runs), choices=tuple(choices))


def answered(fields: Sequence[Field], values: Mapping[str, str]) -> tuple[Answered, ...]:
    """Return what was filled in, in words."""
    return tuple(Answered(label=one.label, value=_value(one, values[one.key])) for one in fields if values.get(one.key))


def _run(run: RunRow, around: _Around) -> RunShown:
    is_open = run.state is RunState.OPEN
    may_skip = is_open and rules.may_skip(around.viewer)
    return RunShown(
        id=run.id,
        name=run.settings.name,
        words=run.settings.words,
        version=run.version,
        state=str(run.state.label),
        is_open=is_open,
        is_skipped=run.state is RunState.SKIPPED,
        reason=run.reason,
        stages=tuple(
            StageShown(
                name=stage.name,
                is_open=stage.is_open,
                is_done=stage.is_done,
                steps=tuple(_step(one, run, around, is_open=is_open) for one in stage.steps),
            )
            for stage in run.course.stages
        ),
        skip_form=_reason(run.id, "", "skip", around) if may_skip else None,
    )


def _step(one: StepCourse, run: RunRow, around: _Around, *, is_open: bool) -> StepShown:
    step, waiting = one.step, around.waiting.get((run.id, one.step.key))
    acts = _acts(one, waiting, around) if is_open else frozenset()
    tone, icon = TONES[one.standing]
    line, at = _line(one, waiting, around)
    typed = around.typed
    form = None
    if "fill" in acts:
        is_typed = typed is not None and typed.what == "fill" and (typed.run_id, typed.step) == (run.id, step.key)
        kept = typed.form if is_typed and typed is not None and isinstance(typed.form, AnswerForm) else None
        form = kept or AnswerForm(step, run_id=run.id, values=one.values)
    return StepShown(
        key=step.key,
        kind=step.kind.value,
        title=step.title,
        words=step.words,
        is_mandatory=step.is_mandatory,
        state=str(one.standing.label),
        tone=tone,
        icon=icon,
        acts=acts,
        line=line,
        at=at,
        answers=answered(step.fields, one.values),
        form=form,
        is_refilled=one.standing is Standing.DONE and form is not None and form.is_bound,
        refusal_form=_reason(run.id, step.key, "refuse", around) if "decide" in acts else None,
        rung=one.rung or 0,
        past=_past(one, run, around),
    )


def _acts(one: StepCourse, waiting: WaitingRow | None, around: _Around) -> frozenset[str]:
    is_done = one.standing is Standing.DONE
    if one.standing is Standing.LOCKED:
        return frozenset()
    if one.step.kind is StepKind.APPROVAL:
        if waiting is not None:
            may = around.viewer.user_id in waiting.approvers.may and rules.may_approve_at_all(around.viewer)
            return frozenset({"decide"} if may else ())
        is_askable = around.may_work and not is_done and not one.lacking
        return frozenset({"ask"} if is_askable else ())
    if not around.may_work:
        return frozenset()
    match one.step.kind:
        case StepKind.CHECK:
            return frozenset({"uncheck" if is_done else "check"})
        case StepKind.FORM:
            return frozenset({"fill"})
        case _:
            return frozenset(() if is_done else {"confirm"})


def _line(one: StepCourse, waiting: WaitingRow | None, around: _Around) -> tuple[str, datetime | None]:
    if waiting is not None:
        names = ", ".join(sorted(around.name(key) for key in waiting.approvers.asked)) or _("Nobody")
        match waiting.approvers.stand_in:
            case StandIn.DEPUTY:
                words = _("Asked instead of the approver, who is not there: %(names)s.")
            case StandIn.MANAGER:
                words = _("Asked because no approver is there: %(names)s.")
            case StandIn.NONE:
                words = _("Asked: %(names)s.")
        return words % {"names": names}, waiting.since
    if one.lacking:
        return _("Comes after “%(form)s”.") % {"form": one.lacking}, None
    if one.standing is Standing.DONE and one.last is not None:
        return around.name(one.last.user_id), one.last.at
    return "", None


def _past(one: StepCourse, run: RunRow, around: _Around) -> tuple[tuple[str, datetime], ...]:
    if one.step.kind is not StepKind.APPROVAL:
        return ()
    found = [entry for entry in run.entries if entry.step == one.step.key]
    return tuple((words, entry.at) for entry in found if (words := _told(entry, around)))


def _told(entry: Entry, around: _Around) -> str:
    who = around.name(entry.user_id)
    match entry.doing:
        case Doing.ASKED:
            return _("%(who)s asked.") % {"who": who}
        case Doing.APPROVED:
            return _("%(who)s approved.") % {"who": who}
        case Doing.REFUSED:
            return _("%(who)s refused: %(reason)s") % {"who": who, "reason": entry.reason}
    return ""


def _reason(run_id: int, step: str, what: str, around: _Around) -> ReasonForm:
    typed = around.typed
    if typed is not None and (typed.run_id, typed.step, typed.what) == (run_id, step, what):
        return typed.form if isinstance(typed.form, ReasonForm) else ReasonForm(f"{what}-{run_id}-{step}")
    return ReasonForm(f"{what}-{run_id}-{step}")


def _value(one: Field, text: str) -> str:
    match one.kind:
        case FieldKind.AMOUNT:
            return f"{formats.localize(Decimal(text))} {one.currency}"
        case FieldKind.NUMBER:
            return str(formats.localize(Decimal(text)))
        case FieldKind.DATE:
            return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")
        case FieldKind.YES_NO:
            return _("Yes") if text == "yes" else _("No")
        case _:
            return text
