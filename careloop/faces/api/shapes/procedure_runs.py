"""How far what must be done properly is in a case, and what waits for approval."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from careloop.domains.procedures.types import RunRow, WaitingRow
from careloop.faces.api.shapes.common import Given, Id, Moment, Shown

__all__ = [
    "AbsenceGiven",
    "AnswersGiven",
    "ApprovalGiven",
    "ProcedureBeginning",
    "ProcedureRunList",
    "ProcedureRunShown",
    "RejectionGiven",
    "SkipGiven",
    "WaitingApprovalList",
    "run_shown",
    "waiting_shown",
]

Reason = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
Place = Annotated[int, Field(ge=0, le=4)]


class ProcedureBeginning(Given):
    procedure_id: Id


class AnswersGiven(Given):
    """values: by field, as text: numbers with a point, dates such as 2026-11-16, "yes" or "no", choices as they are offered."""

    values: dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]]


class ApprovalGiven(Given):
    """rung: whose turn it was when the approver looked, 0 is the lowest."""

    rung: Place


class RejectionGiven(Given):
    """rung: whose turn it was when the approver looked."""

    rung: Place
    reason: Reason


class SkipGiven(Given):
    """reason: why the rest is left out."""

    reason: Reason


class AbsenceGiven(Given):
    """until: when they are back; null when they do not know. deputy_id: who stands in."""

    until: Moment | None = None
    deputy_id: Id | None = None


class DoneShown(Shown):
    """Something that was done in a step. doing: checked, unchecked, filled, read, asked, approved or refused."""

    step: str
    doing: str
    user_id: int | None
    at: datetime
    values: dict[str, str]
    reason: str
    rung: int | None


class StepCourseShown(Shown):
    """standing: locked, open, waiting, refused or done. rung: who is asked now."""

    key: str
    kind: str
    title: str
    is_mandatory: bool
    standing: str
    values: dict[str, str]
    rung: int | None


class StageCourseShown(Shown):
    name: str
    is_open: bool
    is_done: bool
    steps: list[StepCourseShown]


class ProcedureRunShown(Shown):
    """A procedure in a case. state: open, done or skipped. missing: titles of mandatory steps that are not done."""

    id: int
    procedure_id: int
    name: str
    version: int
    state: str
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    reason: str
    missing: list[str]
    stages: list[StageCourseShown]
    done: list[DoneShown]


class ProcedureRunList(Shown):
    items: list[ProcedureRunShown]


class WaitingApprovalShown(Shown):
    """asked_ids: users who are asked now. asked_by: user who asked."""

    case_id: int
    run_id: int
    procedure: str
    step: str
    title: str
    rung: int
    since: datetime
    asked_by: int | None
    asked_ids: list[int]


class WaitingApprovalList(Shown):
    items: list[WaitingApprovalShown]


def run_shown(row: RunRow) -> dict[str, Any]:
    """Return a procedure in a case."""
    return {
        "id": row.id,
        "procedure_id": row.procedure_id,
        "name": row.settings.name,
        "version": row.version,
        "state": row.state.value,
        "begun_at": row.begun_at,
        "begun_by": row.begun_by,
        "ended_at": row.ended_at,
        "reason": row.reason,
        "missing": list(row.course.missing),
        "stages": [
            {
                "name": stage.name,
                "is_open": stage.is_open,
                "is_done": stage.is_done,
                "steps": [
                    {
                        "key": one.step.key,
                        "kind": one.step.kind.value,
                        "title": one.step.title,
                        "is_mandatory": one.step.is_mandatory,
                        "standing": one.standing.value,
                        "values": dict(one.values),
                        "rung": one.rung,
                    }
                    for one in stage.steps
                ],
            }
            for stage in row.course.stages
        ],
        "done": [
            {
                "step": entry.step,
                "doing": entry.doing.value,
                "user_id": entry.user_id,
                "at": entry.at,
                "values": dict(entry.values),
                "reason": entry.reason,
                "rung": entry.rung,
            }
            for entry in row.entries
        ],
    }


def waiting_shown(row: WaitingRow) -> dict[str, Any]:
    """Return an approval that is waited for."""
    return {
        "case_id": row.case_id,
        "run_id": row.run_id,
        "procedure": row.procedure,
        "step": row.step.step.key,
        "title": row.step.step.title,
        "rung": row.step.rung or 0,
        "since": row.since,
        "asked_by": row.step.asked.user_id if row.step.asked is not None else None,
        "asked_ids": sorted(row.approvers.asked),
    }
