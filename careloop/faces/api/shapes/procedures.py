"""What must be done properly, how far it is in a case, and what waits for approval."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.procedures.states import Begins, Climb, FieldKind, StepKind, Whom
from careloop.domains.procedures.types import Field as FormField
from careloop.domains.procedures.types import (
    ProcedureRow,
    ProcedureSettings,
    Rung,
    Stage,
    Step,
)
from careloop.faces.api.shapes.common import Given, Id, Shown
from careloop.kernel.actors import Role
from careloop.processes.procedures import ProcedureTrial

__all__ = [
    "ProcedureGiven",
    "ProcedureList",
    "ProcedureShown",
    "ProcedureTrialShown",
    "ProcedureVersionList",
    "procedure_said",
    "procedure_settings",
    "procedure_shown",
    "procedure_trial_shown",
]

Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
Key = Annotated[str, Field(max_length=20, pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Amount = Annotated[str, Field(max_length=20, pattern=r"^-?[0-9]{1,13}(\.[0-9]{1,3})?$")]


class FormFieldGiven(Given):
    """least, most: bounds of a number or an amount, as text with a point. currency: of an amount, such as EUR."""

    key: Key
    kind: Literal["text", "number", "amount", "date", "choice", "yes_no"]
    label: Name
    is_required: bool = True
    least: Amount | None = None
    most: Amount | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    choices: Annotated[list[Name], Field(max_length=30)] = []


class RungGiven(Given):
    """Who may approve, and up to what; without `up_to` there is no limit. deputy_ids: who stands in while none of them is there."""

    whom: Literal["role", "team_lead", "people"]
    role: Literal["owner", "manager", "analyst", "lead", "agent"] | None = None
    user_ids: Annotated[list[Id], Field(max_length=50)] = []
    up_to: Amount | None = None
    deputy_ids: Annotated[list[Id], Field(max_length=50)] = []


class ProcedureStepGiven(Given):
    """amount: the number or amount that limits look at, as "step.field". climb: all up to the limit approve, or one."""

    key: Key
    kind: Literal["check", "form", "approval", "note"]
    title: Name
    words: Words = ""
    is_mandatory: bool = True
    fields: Annotated[list[FormFieldGiven], Field(max_length=20)] = []
    rungs: Annotated[list[RungGiven], Field(max_length=5)] = []
    climb: Literal["next", "all"] = "all"
    amount: Annotated[str, Field(max_length=41, pattern=r"^([a-z0-9_]+\.[a-z0-9_]+)?$")] = ""


class StageGiven(Given):
    name: Name
    steps: Annotated[list[ProcedureStepGiven], Field(min_length=1, max_length=30)]


class ProcedureGiven(Given):
    """conditions: a tree (docs/reference/conditions.md), for procedures that begin by themselves."""

    name: Name
    words: Words = ""
    begins: Literal["hand", "itself"] = "hand"
    conditions: dict[str, Any] = {}
    stages: Annotated[list[StageGiven], Field(min_length=1, max_length=10)]


class FormFieldShown(Shown):
    key: str
    kind: str
    label: str
    is_required: bool
    least: str | None
    most: str | None
    currency: str
    choices: list[str]


class RungShown(Shown):
    whom: str
    role: str | None
    user_ids: list[int]
    up_to: str | None
    deputy_ids: list[int]


class ProcedureStepShown(Shown):
    key: str
    kind: str
    title: str
    words: str
    is_mandatory: bool
    fields: list[FormFieldShown]
    rungs: list[RungShown]
    climb: str
    amount: str


class StageShown(Shown):
    name: str
    steps: list[ProcedureStepShown]


class ProcedureSaid(Shown):
    name: str
    words: str
    begins: str
    conditions: dict[str, Any]
    stages: list[StageShown]


class ProcedureShown(ProcedureSaid):
    """open_count, done_count, skipped_count: cases in it, in the list of procedures."""

    id: int
    version: int
    effective_at: datetime
    open_count: int
    done_count: int
    skipped_count: int


class ProcedureList(Shown):
    items: list[ProcedureShown]


class ProcedureVersionShown(ProcedureSaid):
    version: int
    effective_at: datetime
    made_by: str


class ProcedureVersionList(Shown):
    items: list[ProcedureVersionShown]


class WouldBeginShown(Shown):
    case_id: int
    number: int
    at: datetime
    open_seconds: int
    is_solved: bool


class ProcedureTrialShown(Shown):
    """is_by_hand: people begin it, so nothing was looked at. case_count: of all cases opened in the last 30 days."""

    since: datetime
    is_by_hand: bool
    case_count: int
    is_cut: bool
    begun_count: int
    median_open_seconds: int | None
    cases: list[WouldBeginShown]
    as_today: list[str]


def procedure_settings(given: ProcedureGiven) -> ProcedureSettings:
    """Return what a body says."""
    return ProcedureSettings(
        name=given.name,
        words=given.words,
        begins=Begins(given.begins),
        conditions=given.conditions,
        stages=tuple(
            Stage(name=stage.name, steps=tuple(_step(step) for step in stage.steps)) for stage in given.stages
        ),
    )


def procedure_said(settings: ProcedureSettings) -> dict[str, Any]:
    """Return what a procedure says."""
    return {
        "name": settings.name,
        "words": settings.words,
        "begins": settings.begins.value,
        "conditions": dict(settings.conditions or {}),
        "stages": [
            {"name": stage.name, "steps": [_step_shown(step) for step in stage.steps]} for stage in settings.stages
        ],
    }


def procedure_shown(row: ProcedureRow) -> dict[str, Any]:
    """Return a procedure."""
    return {
        **procedure_said(row.settings),
        "id": row.id,
        "version": row.version,
        "effective_at": row.effective_at,
        "open_count": row.open_count,
        "done_count": row.done_count,
        "skipped_count": row.skipped_count,
    }


def procedure_trial_shown(trial: ProcedureTrial) -> dict[str, Any]:
    """Return in which past cases a procedure would have begun."""
    return {
        "since": trial.since,
        "is_by_hand": trial.is_by_hand,
        "case_count": trial.case_count,
        "is_cut": trial.is_cut,
        "begun_count": len(trial.cases),
        "median_open_seconds": None if trial.median_open_seconds is None else int(trial.median_open_seconds),
        "cases": [
            {
                "case_id": one.case_id,
                "number": one.number,
                "at": one.at,
                "open_seconds": int(one.open_seconds),
                "is_solved": one.is_solved,
            }
            for one in trial.cases
        ],
        "as_today": list(trial.as_today),
    }


def _step(given: ProcedureStepGiven) -> Step:
    return Step(
        key=given.key,
        kind=StepKind(given.kind),
        title=given.title,
        words=given.words,
        is_mandatory=given.is_mandatory,
        fields=tuple(
            FormField(
                key=one.key,
                kind=FieldKind(one.kind),
                label=one.label,
                is_required=one.is_required,
                least=_number(one.least),
                most=_number(one.most),
                currency=one.currency,
                choices=tuple(one.choices),
            )
            for one in given.fields
        ),
        rungs=tuple(
            Rung(
                whom=Whom(one.whom),
                role=Role(one.role) if one.role else None,
                user_ids=tuple(one.user_ids),
                up_to=_number(one.up_to),
                deputy_ids=tuple(one.deputy_ids),
            )
            for one in given.rungs
        ),
        climb=Climb(given.climb),
        amount=given.amount,
    )


def _step_shown(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "kind": step.kind.value,
        "title": step.title,
        "words": step.words,
        "is_mandatory": step.is_mandatory,
        "fields": [
            {
                "key": one.key,
                "kind": one.kind.value,
                "label": one.label,
                "is_required": one.is_required,
                "least": _written(one.least),
                "most": _written(one.most),
                "currency": one.currency,
                "choices": list(one.choices),
            }
            for one in step.fields
        ],
        "rungs": [
            {
                "whom": one.whom.value,
                "role": one.role.value if one.role is not None else None,
                "user_ids": list(one.user_ids),
                "up_to": _written(one.up_to),
                "deputy_ids": list(one.deputy_ids),
            }
            for one in step.rungs
        ],
        "climb": step.climb.value,
        "amount": step.amount,
    }


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _written(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
