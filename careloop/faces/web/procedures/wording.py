"""Procedures in words: what a version says, for whoever reads it without changing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from careloop.domains.cases.conditions import as_tree
from careloop.domains.people.queries import names_of
from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.procedures.states import Begins, Climb, StepKind, Whom
from careloop.domains.procedures.types import ProcedureRow, ProcedureSettings, Rung, Step, VersionRow
from careloop.faces.web.desk.wording import sayings

__all__ = ["ProcedureShown", "Said", "SaidStep", "VersionShown", "procedures_shown", "said", "versions_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidStep:
    """kind: in words. lines: its fields, or who approves."""

    title: str
    kind: str
    words: str
    is_mandatory: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a procedure says. begins: when, in words. stages: pairs of a name and its steps."""

    words: str
    begins: str
    stages: tuple[tuple[str, tuple[SaidStep, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureShown:
    row: ProcedureRow
    begins: str
    step_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    version: int
    effective_at: datetime
    who: str
    said: Said


def procedures_shown(rows: Sequence[ProcedureRow]) -> list[ProcedureShown]:
    """Return procedures as a list shows them."""
    return [
        ProcedureShown(
            row=row,
            begins=_begins(row.settings),
            step_count=sum(len(stage.steps) for stage in row.settings.stages),
        )
        for row in rows
    ]


def versions_shown(rows: Sequence[VersionRow]) -> list[VersionShown]:
    """Return all that a procedure has said."""
    makers = {row.version: row.made_by.partition(":")[2] for row in rows}
    names = names_of({int(key) for key in makers.values() if key.isdigit()})
    return [
        VersionShown(
            version=row.version,
            effective_at=row.effective_at,
            who=names.get(int(key) if (key := makers[row.version]).isdigit() else 0, "Careloop"),
            said=said(row.settings),
        )
        for row in rows
    ]


def said(settings: ProcedureSettings) -> Said:
    """Return what a procedure says, in words."""
    rungs = [rung for stage in settings.stages for step in stage.steps for rung in step.rungs]
    names = names_of({key for rung in rungs for key in (*rung.user_ids, *rung.deputy_ids)})
    fields = {
        f"{step.key}.{one.key}": one.currency
        for stage in settings.stages
        for step in stage.steps
        for one in step.fields
    }
    return Said(
        words=settings.words,
        begins=_begins(settings),
        stages=tuple(
            (stage.name, tuple(_step(step, names, fields.get(step.amount, "")) for step in stage.steps))
            for stage in settings.stages
        ),
    )


def _begins(settings: ProcedureSettings) -> str:
    if settings.begins is Begins.HAND:
        return str(Begins.HAND.label)
    return _("By itself, in cases where: %(conditions)s") % {"conditions": sayings([as_tree(settings.conditions)])[0]}


def _step(step: Step, names: Mapping[int, str], currency: str) -> SaidStep:
    lines: list[str] = []
    if step.kind is StepKind.FORM:
        lines = [
            one.label if one.is_required else _("%(field)s (optional)") % {"field": one.label} for one in step.fields
        ]
    elif step.kind is StepKind.APPROVAL:
        lines = [_rung(rung, names, currency) for rung in step.rungs]
        lines += [str(Climb(step.climb).label)] if len(step.rungs) > 1 else []
    return SaidStep(
        title=step.title,
        kind=str(step.kind.label),
        words=step.words,
        is_mandatory=step.is_mandatory,
        lines=tuple(lines),
    )


def _rung(rung: Rung, names: Mapping[int, str], currency: str) -> str:
    match rung.whom:
        case Whom.ROLE:
            who = str(ROLE_LABELS[rung.role]) if rung.role is not None else ""
        case Whom.TEAM_LEAD:
            who = str(Whom.TEAM_LEAD.label)
        case Whom.PEOPLE:
            who = ", ".join(names.get(key, "–") for key in rung.user_ids)
    deputies = ", ".join(names.get(key, "–") for key in rung.deputy_ids)
    limit = "" if rung.up_to is None else f"{formats.localize(rung.up_to)} {currency}".strip()
    values = {"who": who, "limit": limit, "deputies": deputies}
    if limit and deputies:
        return _("%(who)s, up to %(limit)s; in their place: %(deputies)s") % values
    if limit:
        return _("%(who)s, up to %(limit)s") % values
    if deputies:
        return _("%(who)s; in their place: %(deputies)s") % values
    return who
