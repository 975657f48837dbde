"""What people do to procedures (subject "procedure:3"), and in a case (subject "case:7"). What they write stays out of the log."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "AbsenceBegun",
    "AbsenceEnded",
    "ApprovalAsked",
    "ApprovalGiven",
    "ApprovalRefused",
    "ProcedureBegun",
    "ProcedureChanged",
    "ProcedureFinished",
    "ProcedureMade",
    "ProcedureRetired",
    "ProcedureSkipped",
    "ProcedureStepDone",
]


@event_type("procedure.made")
class ProcedureMade(Event):
    name: str


@event_type("procedure.changed")
class ProcedureChanged(Event):
    """version: the one in which cases begin it from now on."""

    name: str
    version: int


@event_type("procedure.retired")
class ProcedureRetired(Event):
    pass


@event_type("procedure.begun")
class ProcedureBegun(Event):
    """A case is in a procedure from now on. run_id: of this procedure in this case. version: in which it stays."""

    procedure_id: int
    run_id: int
    version: int


@event_type("procedure.step_done")
class ProcedureStepDone(Event):
    """Something was done in a step. doing: checked, unchecked, filled or read."""

    procedure_id: int
    run_id: int
    step: str
    doing: str


@event_type("approval.asked")
class ApprovalAsked(Event):
    """rung: whose turn it is, 0 is the lowest of the ladder."""

    procedure_id: int
    run_id: int
    step: str
    rung: int


@event_type("approval.given")
class ApprovalGiven(Event):
    """rung: on which it was given. next_rung: who is asked after that; None when that was all."""

    procedure_id: int
    run_id: int
    step: str
    rung: int
    next_rung: int | None
    asked_by: int | None


@event_type("approval.refused")
class ApprovalRefused(Event):
    """asked_by: user who had asked."""

    procedure_id: int
    run_id: int
    step: str
    rung: int
    asked_by: int | None


@event_type("procedure.finished")
class ProcedureFinished(Event):
    """All mandatory steps are done. seconds: since it began."""

    procedure_id: int
    run_id: int
    seconds: int


@event_type("procedure.skipped")
class ProcedureSkipped(Event):
    """Somebody who may left the rest of it out. missing_count: mandatory steps that were not done."""

    procedure_id: int
    run_id: int
    missing_count: int


@event_type("absence.begun")
class AbsenceBegun(Event):
    """Somebody is away. deputy_id: user who stands in for them, if anybody does."""

    deputy_id: int | None


@event_type("absence.ended")
class AbsenceEnded(Event):
    pass
