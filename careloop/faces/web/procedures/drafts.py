"""A procedure as texts of a form, and back; what cannot be read is told beside its step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from careloop.domains.cases.conditions import as_tree
from careloop.domains.procedures.checking import MOST_FIELDS, MOST_RUNGS, MOST_STAGES, MOST_STEPS
from careloop.domains.procedures.states import Begins, Climb, FieldKind, StepKind, Whom
from careloop.domains.procedures.types import Field, ProcedureSettings, Rung, Stage, Step
from careloop.faces.web.desk.editing import Row, rows_of, rows_posted, written_of
from careloop.kernel.actors import Role

__all__ = ["AskDraft", "Draft", "RungDraft", "StageDraft", "StepDraft", "draft_of", "draft_posted"]

T = TypeVar("T")
FIRST_CURRENCY: Final = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDraft:
    """A field of a form, as texts. choices: one a line."""

    key: str
    kind: str = FieldKind.TEXT
    label: str = ""
    is_required: bool = True
    least: str = ""
    most: str = ""
    currency: str = ""
    choices: str = ""

    def field(self) -> Field:
        """Return what it says. Raises InvalidOperation for bounds that are no numbers."""
        return Field(
            key=self.key,
            kind=FieldKind(self.kind),
            label=self.label,
            is_required=self.is_required,
            least=_number(self.least),
            most=_number(self.most),
            currency=self.currency.strip().upper(),
            choices=tuple(line.strip() for line in self.choices.splitlines() if line.strip()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RungDraft:
    whom: str = Whom.TEAM_LEAD
    role: str = ""
    people: tuple[str, ...] = ()
    up_to: str = ""
    deputies: tuple[str, ...] = ()

    def rung(self) -> Rung:
        """Return what it says. Raises InvalidOperation for a limit that is no number."""
        return Rung(
            whom=Whom(self.whom),
            role=Role(self.role) if self.role in set(Role) else None,
            user_ids=_keys(self.people) if self.whom == Whom.PEOPLE else (),
            up_to=_number(self.up_to),
            deputy_ids=_keys(self.deputies),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    key: str
    kind: str = StepKind.CHECK
    title: str = ""
    words: str = ""
    is_mandatory: bool = True
    asks: tuple[AskDraft, ...] = ()
    rungs: tuple[RungDraft, ...] = ()
    climb: str = Climb.ALL
    amount: str = ""

    def told(self) -> "StepDraft":
        """Return it with a first field or approver where its kind needs one."""
        if self.kind == StepKind.FORM and not self.asks:
            return replace(self, asks=(AskDraft(key="f1"),))
        if self.kind == StepKind.APPROVAL and not self.rungs:
            return replace(self, rungs=(RungDraft(),))
        return self

    def step(self) -> Step:
        """Return what it says. Raises InvalidOperation for what is no number."""
        return Step(
            key=self.key,
            kind=StepKind(self.kind),
            title=self.title,
            words=self.words,
            is_mandatory=self.is_mandatory,
            fields=tuple(one.field() for one in self.asks) if self.kind == StepKind.FORM else (),
            rungs=tuple(one.rung() for one in self.rungs) if self.kind == StepKind.APPROVAL else (),
            climb=Climb(self.climb),
            amount=self.amount if self.kind == StepKind.APPROVAL else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDraft:
    name: str = ""
    steps: tuple[StepDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A procedure that is being written. join, rows: of the filter editor."""

    name: str = ""
    words: str = ""
    begins: str = Begins.HAND
    join: str = "and"
    rows: tuple[Row, ...] = ()
    stages: tuple[StageDraft, ...] = (StageDraft(steps=(StepDraft(key="s1"),)),)

    def acted(self, act: str) -> "Draft":
        """Return the draft after a button that adds, moves or removes something."""
        what, _dash, where = act.partition("-")
        match what:
            case "add":
                return replace(self, rows=(*self.rows, Row().told()))
            case "remove":
                return replace(self, rows=_without(self.rows, where))
            case "stage" if len(self.stages) < MOST_STAGES:
                new = StageDraft(steps=(StepDraft(key=self._free_key()),))
                return replace(self, stages=(*self.stages, new))
            case "unstage":
                return replace(self, stages=_without(self.stages, where))
            case "stageup":
                return replace(self, stages=_sooner(self.stages, where))
            case "step" if self._step_count() < MOST_STEPS:
                return self._changed(where, lambda one: (*one, StepDraft(key=self._free_key())))
            case "unstep":
                index, _dash, at = where.partition("-")
                return self._changed(index, lambda one: _without(one, at))
            case "stepup":
                index, _dash, at = where.partition("-")
                return self._changed(index, lambda one: _sooner(one, at))
        key, _dash, at = where.partition("-")
        return self._within(what, key, at)

    def settings(self) -> tuple[ProcedureSettings | None, dict[str, str]]:
        """Return what the draft says, and by step what in it cannot be read; None when something cannot."""
        problems: dict[str, str] = {}
        stages = []
        for stage in self.stages:
            steps = []
            for one in stage.steps:
                try:
                    steps.append(one.step())
                except InvalidOperation:
                    problems[one.key] = _("Write limits in digits, with a point before decimals.")
            stages.append(Stage(name=stage.name, steps=tuple(steps)))
        if problems:
            return None, problems
        return (
            ProcedureSettings(
                name=self.name,
                words=self.words,
                begins=Begins(self.begins),
                conditions=written_of(self.join, self.rows) if self.begins == Begins.ITSELF else {},
                stages=tuple(stages),
            ),
            {},
        )

    def counted(self, key: str) -> list[tuple[str, str]]:
        """Return (address, name) of the numbers and amounts in forms before a step, which limits can look at."""
        found: list[tuple[str, str]] = []
        for step in (one for stage in self.stages for one in stage.steps):
            if step.key == key:
                break
            if step.kind == StepKind.FORM:
                found += [
                    (f"{step.key}.{one.key}", f"{step.title} · {one.label}")
                    for one in step.asks
                    if one.kind in {FieldKind.NUMBER, FieldKind.AMOUNT}
                ]
        return found

    def _within(self, what: str, key: str, at: str) -> "Draft":
        """Return the draft after a button within a step."""

        def change(step: StepDraft) -> StepDraft:
            if step.key != key:
                return step
            match what:
                case "ask" if len(step.asks) < MOST_FIELDS:
                    return replace(step, asks=(*step.asks, AskDraft(key=_free(one.key for one in step.asks))))
                case "unask":
                    return replace(step, asks=_without(step.asks, at))
                case "askup":
                    return replace(step, asks=_sooner(step.asks, at))
                case "rung" if len(step.rungs) < MOST_RUNGS:
                    return replace(step, rungs=(*step.rungs, RungDraft()))
                case "unrung":
                    return replace(step, rungs=_without(step.rungs, at))
                case "rungup":
                    return replace(step, rungs=_sooner(step.rungs, at))
            return step

        stages = tuple(replace(stage, steps=tuple(change(one) for one in stage.steps)) for stage in self.stages)
        return replace(self, stages=stages)

    def _changed(self, index: str, change: Callable[[tuple[StepDraft, ...]], tuple[StepDraft, ...]]) -> "Draft":
        stages = tuple(
            replace(stage, steps=change(stage.steps)) if str(at) == index else stage
            for at, stage in enumerate(self.stages)
        )
        return replace(self, stages=stages)

    def _step_count(self) -> int:
        return sum(len(stage.steps) for stage in self.stages)

    def _free_key(self) -> str:
        """Return a key that no step of the draft has."""
        return _free((one.key for stage in self.stages for one in stage.steps), letter="s")


def draft_of(settings: ProcedureSettings) -> Draft:
    """Return a procedure as texts of a form."""
    join, rows = rows_of(as_tree(settings.conditions)) if settings.conditions else ("and", [])
    return Draft(
        name=settings.name,
        words=settings.words,
        begins=settings.begins.value,
        join=join,
        rows=tuple(rows),
        stages=tuple(
            StageDraft(name=stage.name, steps=tuple(_step_drafted(one) for one in stage.steps))
            for stage in settings.stages
        ),
    )


def draft_posted(given: QueryDict) -> Draft:
    """Return what a form holds, whatever it is."""
    join, rows = rows_posted(given)
    begins = given.get("begins", "")
    return Draft(
        name=given.get("name", ""),
        words=given.get("words", ""),
        begins=begins if begins in Begins.values else Begins.HAND,
        join=join,
        rows=tuple(rows),
        stages=tuple(
            StageDraft(
                name=given.get(f"stage-name-{at}", ""),
                steps=tuple(_step_posted(given, key) for key in given.getlist(f"step-of-{at}")[:MOST_STEPS]),
            )
            for at in given.getlist("stage")[:MOST_STAGES]
        ),
    )


def _step_posted(given: QueryDict, key: str) -> StepDraft:
    kind, climb = given.get(f"step-kind-{key}", ""), given.get(f"step-climb-{key}", "")
    return StepDraft(
        key=key[:20],
        kind=kind if kind in StepKind.values else StepKind.CHECK,
        title=given.get(f"step-title-{key}", ""),
        words=given.get(f"step-words-{key}", ""),
        is_mandatory=f"step-mandatory-{key}" in given,
        asks=tuple(_ask_posted(given, f"{key}-{at}") for at in given.getlist(f"ask-of-{key}")[:MOST_FIELDS]),
        rungs=tuple(_rung_posted(given, f"{key}-{at}") for at in given.getlist(f"rung-of-{key}")[:MOST_RUNGS]),
        climb=climb if climb in Climb.values else Climb.ALL,
        amount=given.get(f"step-amount-{key}", ""),
    ).told()


def _ask_posted(given: QueryDict, at: str) -> AskDraft:
    kind = given.get(f"ask-kind-{at}", "")
    return AskDraft(
        key=given.get(f"ask-key-{at}", "f1")[:20],
        kind=kind if kind in FieldKind.values else FieldKind.TEXT,
        label=given.get(f"ask-label-{at}", ""),
        is_required=f"ask-required-{at}" in given,
        least=given.get(f"ask-least-{at}", ""),
        most=given.get(f"ask-most-{at}", ""),
        currency=given.get(f"ask-currency-{at}", FIRST_CURRENCY),
        choices=given.get(f"ask-choices-{at}", ""),
    )


def _rung_posted(given: QueryDict, at: str) -> RungDraft:
    whom = given.get(f"rung-whom-{at}", "")
    return RungDraft(
        whom=whom if whom in Whom.values else Whom.TEAM_LEAD,
        role=given.get(f"rung-role-{at}", ""),
        people=tuple(given.getlist(f"rung-people-{at}")),
        up_to=given.get(f"rung-upto-{at}", ""),
        deputies=tuple(given.getlist(f"rung-deputies-{at}")),
    )


def _step_drafted(step: Step) -> StepDraft:
    return StepDraft(
        key=step.key,
        kind=step.kind.value,
        title=step.title,
        words=step.words,
        is_mandatory=step.is_mandatory,
        asks=tuple(
            AskDraft(
                key=one.key,
                kind=one.kind.value,
                label=one.label,
                is_required=one.is_required,
                least=_written(one.least),
                most=_written(one.most),
                currency=one.currency,
                choices="\n".join(one.choices),
            )
            for one in step.fields
        ),
        rungs=tuple(
            RungDraft(
                whom=one.whom.value,
                role=one.role.value if one.role is not None else "",
                people=tuple(map(str, one.user_ids)),
                up_to=_written(one.up_to),
                deputies=tuple(map(str, one.deputy_ids)),
            )
            for one in step.rungs
        ),
        climb=step.climb.value,
        amount=step.amount,
    )


def _without(rows: tuple[T, ...], index: str) -> tuple[T, ...]:
    return tuple(row for at, row in enumerate(rows) if str(at) != index)


def _sooner(rows: tuple[T, ...], index: str) -> tuple[T, ...]:
    if not (index.isascii() and index.isdigit() and 0 < int(index) < len(rows)):
        return rows
    at, moved = int(index), list(rows)
    moved.insert(at - 1, moved.pop(at))
    return tuple(moved)


def _free(keys: Iterable[str], *, letter: str = "f") -> str:
    taken = set(keys)
    return next(f"{letter}{number}" for number in range(1, 1000) if f"{letter}{number}" not in taken)


def _number(text: str) -> Decimal | None:
    text = "".join(text.split())
    return Decimal(text) if text else None


def _written(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _keys(texts: Sequence[str]) -> tuple[int, ...]:
    found = (text for text in texts if text.isascii() and text.isdigit() and len(text) < 19)
    return tuple(dict.fromkeys(int(text) for text in found))
