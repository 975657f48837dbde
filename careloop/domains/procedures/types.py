"""What may cross the threshold of the procedures domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from careloop.domains.procedures.states import (
    Begins,
    Climb,
    Doing,
    FieldKind,
    RunState,
    StandIn,
    Standing,
    State,
    StepKind,
    Whom,
)
from careloop.kernel.actors import Role

__all__ = [
    "AbsenceRow",
    "Approvers",
    "Course",
    "Entry",
    "Field",
    "ProcedureRow",
    "ProcedureSettings",
    "RunRow",
    "Rung",
    "Stage",
    "StageCourse",
    "Step",
    "StepCourse",
    "VersionRow",
    "WaitingRow",
    "Worker",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form.

    key: its name within the step. least, most: bounds of a number or an amount, in units of the currency; None where there is none.
    currency: of an amount, as ISO 4217 has it. choices: what a choice offers.
    """

    key: str
    kind: FieldKind
    label: str
    is_required: bool = True
    least: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Who may approve, and up to what.

    role: for `Whom.ROLE`. user_ids: for `Whom.PEOPLE`. up_to: the highest amount they may approve; None has no limit.
    deputy_ids: who stands in while none of them is there.
    """

    whom: Whom
    role: Role | None = None
    user_ids: tuple[int, ...] = ()
    up_to: Decimal | None = None
    deputy_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to be done in a stage.

    key: its name within the procedure; a step keeps it through all versions. words: what is to be known about it, plain text.
    fields: of a form. rungs, climb: of an approval, the lowest first. amount: which field the limits look at, as "step.field";
    empty where there are none.
    """

    key: str
    kind: StepKind
    title: str
    words: str = ""
    is_mandatory: bool = True
    fields: tuple[Field, ...] = ()
    rungs: tuple[Rung, ...] = ()
    climb: Climb = Climb.ALL
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureSettings:
    """What people decide about a procedure.

    conditions: for which cases it begins by itself, as JSON; looked at only where it does.
    """

    name: str
    stages: tuple[Stage, ...]
    words: str = ""
    begins: Begins = Begins.HAND
    conditions: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRow:
    """A procedure as its readers know it. open_count, done_count, skipped_count: cases in it, where they were asked for."""

    id: int
    version: int
    state: State
    effective_at: datetime
    settings: ProcedureSettings
    open_count: int = 0
    done_count: int = 0
    skipped_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """What a procedure said from a moment on. made_by: the actor who said so."""

    version: int
    effective_at: datetime
    made_by: str
    settings: ProcedureSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that somebody did in a step.

    user_id: who; None for nobody we know. values: of a form, by field, as text: numbers with a point, dates as ISO 8601,
    "yes" or "no". reason: of a refusal. rung: on which rung of the ladder an approval was given or refused.
    """

    id: int
    step: str
    doing: Doing
    user_id: int | None
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    rung: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCourse:
    """How far a step is.

    last: what decided that. values: of a form, the newest. asked: who asked for the approval that is waited for or was given.
    granted: the approvals so far. needed: the rungs that have to approve, lowest first. rung: which of them is asked now.
    barred: users who must not approve: whoever asked, wrote down the amount, or approved on another rung.
    lacking: the title of the form that an approval needs first; empty when nothing lacks.
    """

    step: Step
    standing: Standing
    last: Entry | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    asked: Entry | None = None
    granted: tuple[Entry, ...] = ()
    needed: tuple[int, ...] = ()
    rung: int | None = None
    barred: frozenset[int] = frozenset()
    lacking: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCourse:
    name: str
    is_open: bool
    is_done: bool
    steps: tuple[StepCourse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a procedure is in a case. missing: titles of the mandatory steps that are not done, in order."""

    stages: tuple[StageCourse, ...]
    missing: tuple[str, ...]

    def step(self, key: str) -> StepCourse | None:
        """Return how far one step is, or None when there is no such step."""
        return next((one for stage in self.stages for one in stage.steps if one.step.key == key), None)

    def waiting(self) -> tuple[StepCourse, ...]:
        """Return the steps that wait for an approval."""
        return tuple(one for stage in self.stages for one in stage.steps if one.standing is Standing.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who works here. is_away: they said so. deputy_id: whom they named for that time."""

    id: int
    role: Role
    team_ids: frozenset[int] = frozenset()
    is_away: bool = False
    deputy_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvers:
    """Who is asked for an approval, and who may give it: nobody else. stand_in: in whose place those are who are asked."""

    asked: frozenset[int]
    may: frozenset[int]
    stand_in: StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A procedure in a case. begun_by, skipped_by: actors as the log names them. reason: why it was left out."""

    id: int
    procedure_id: int
    case_id: int
    version: int
    state: RunState
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    reason: str
    settings: ProcedureSettings
    course: Course
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """An approval that is waited for. since: when this rung was asked. told_ids: users who heard of it."""

    id: int
    run_id: int
    case_id: int
    procedure: str
    step: StepCourse
    team_id: int | None
    since: datetime
    approvers: Approvers
    told_ids: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRow:
    """Somebody is away. until: when they are back; None when they do not know."""

    user_id: int
    since: datetime
    until: datetime | None
    deputy_id: int | None
