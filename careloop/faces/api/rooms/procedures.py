"""What must be done properly: procedures, how far they are in cases, approvals, and who is away."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status
from pydantic import Field

from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.people.types import Scope
from careloop.domains.procedures import queries, services
from careloop.domains.procedures.errors import RunNotFound
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.procedure_runs import (
    AbsenceGiven,
    AnswersGiven,
    ApprovalGiven,
    ProcedureBeginning,
    ProcedureRunList,
    ProcedureRunShown,
    RejectionGiven,
    SkipGiven,
    WaitingApprovalList,
    run_shown,
    waiting_shown,
)
from careloop.faces.api.shapes.procedures import (
    ProcedureGiven,
    ProcedureList,
    ProcedureShown,
    ProcedureTrialShown,
    ProcedureVersionList,
    procedure_said,
    procedure_settings,
    procedure_shown,
    procedure_trial_shown,
)
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes.procedures import what_would_have_begun

__all__ = ["room"]

room = Room()
StepKey = Annotated[str, Field(max_length=20, pattern=r"^[a-z][a-z0-9_]*$")]
RUN = "/cases/{number}/procedures/{run_id}"


@room.opens("GET", "/procedures", Scope.SETTINGS_READ, ProcedureList)
def list_procedures(request: HttpRequest) -> Any:
    """List the procedures in use, by name."""
    return {"items": [procedure_shown(row) for row in queries.procedures_of(visit_of(request).actor)]}


@room.opens("POST", "/procedures", Scope.SETTINGS_WRITE, ProcedureShown, status=201)
def create_procedure(request: HttpRequest, given: ProcedureGiven) -> Any:
    """Publish a procedure: cases may begin it from now on."""
    visit = visit_of(request)
    made = services.make_procedure(settings=procedure_settings(given), actor=visit.actor, at=visit.at)
    return Status(201, _procedure(visit, made))


@room.opens("POST", "/procedure-trials", Scope.SETTINGS_WRITE, ProcedureTrialShown, also=[Scope.CASES_READ])
def try_procedure(request: HttpRequest, given: ProcedureGiven) -> Any:
    """Say in which cases of the last 30 days a procedure would have begun by itself; nothing is changed."""
    visit = visit_of(request)
    trial = what_would_have_begun(settings=procedure_settings(given), viewer=visit.actor, at=visit.at)
    return procedure_trial_shown(trial)


@room.opens("GET", "/procedures/{procedure_id}", Scope.SETTINGS_READ, ProcedureShown)
def get_procedure(request: HttpRequest, procedure_id: PathId) -> Any:
    """Get a procedure."""
    return _procedure(visit_of(request), procedure_id)


@room.opens("PUT", "/procedures/{procedure_id}", Scope.SETTINGS_WRITE, ProcedureShown)
def change_procedure(request: HttpRequest, procedure_id: PathId, given: ProcedureGiven) -> Any:
    """Publish another version; cases that are in the procedure stay in theirs."""
    visit = visit_of(request)
    _procedure(visit, procedure_id)
    settings = procedure_settings(given)
    services.change_procedure(procedure_id=procedure_id, settings=settings, actor=visit.actor, at=visit.at)
    return _procedure(visit, procedure_id)


@room.opens("GET", "/procedures/{procedure_id}/versions", Scope.SETTINGS_READ, ProcedureVersionList)
def list_procedure_versions(request: HttpRequest, procedure_id: PathId) -> Any:
    """List all that a procedure has ever said, the newest first."""
    found = queries.versions_of(visit_of(request).actor, procedure_id=procedure_id)
    return {
        "items": [
            {
                **procedure_said(row.settings),
                "version": row.version,
                "effective_at": row.effective_at,
                "made_by": row.made_by,
            }
            for row in found
        ]
    }


@room.opens("POST", "/procedures/{procedure_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_procedure(request: HttpRequest, procedure_id: PathId) -> Any:
    """Take a procedure out of use; cases that are in it go through it to the end."""
    visit = visit_of(request)
    _procedure(visit, procedure_id)
    services.retire_procedure(procedure_id=procedure_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/cases/{number}/procedures", Scope.CASES_READ, ProcedureRunList)
def list_case_procedures(request: HttpRequest, number: PathId) -> Any:
    """List the procedures in a case and how far they are, those in progress first."""
    visit = visit_of(request)
    case_id = case_id_of_number(number=number, viewer=visit.actor)
    return {"items": [run_shown(row) for row in queries.runs_in(case_id=case_id, viewer=visit.actor)]}


@room.opens("POST", "/cases/{number}/procedures", Scope.CASES_WRITE, ProcedureRunShown, status=201)
def begin_case_procedure(request: HttpRequest, number: PathId, given: ProcedureBeginning) -> Any:
    """Let a case into a procedure."""
    visit = visit_of(request)
    case_id = case_id_of_number(number=number, viewer=visit.actor)
    run_id = services.begin_procedure(procedure_id=given.procedure_id, case_id=case_id, actor=visit.actor, at=visit.at)
    return Status(201, run_shown(queries.run_of(run_id=run_id, viewer=visit.actor)))


@room.opens("POST", f"{RUN}/skip", Scope.CASES_WRITE, ProcedureRunShown)
def skip_case_procedure(request: HttpRequest, number: PathId, run_id: PathId, given: SkipGiven) -> Any:
    """Let a case go on without the rest of a procedure, with the reason."""
    visit = _visit_in(request, number, run_id)
    services.skip_procedure(run_id=run_id, reason=given.reason, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("POST", f"{RUN}/steps/{{step}}/check", Scope.CASES_WRITE, ProcedureRunShown)
def check_case_step(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey) -> Any:
    """Say that something was done."""
    visit = _visit_in(request, number, run_id)
    services.check_step(run_id=run_id, step=step, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("DELETE", f"{RUN}/steps/{{step}}/check", Scope.CASES_WRITE, ProcedureRunShown)
def uncheck_case_step(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey) -> Any:
    """Take a tick back."""
    visit = _visit_in(request, number, run_id)
    services.uncheck_step(run_id=run_id, step=step, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("POST", f"{RUN}/steps/{{step}}/confirmation", Scope.CASES_WRITE, ProcedureRunShown)
def confirm_case_step(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey) -> Any:
    """Say that a note was read."""
    visit = _visit_in(request, number, run_id)
    services.confirm_note(run_id=run_id, step=step, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("POST", f"{RUN}/steps/{{step}}/answers", Scope.CASES_WRITE, ProcedureRunShown)
def fill_case_step(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey, given: AnswersGiven) -> Any:
    """Fill a form in, or in again."""
    visit = _visit_in(request, number, run_id)
    services.fill_form(run_id=run_id, step=step, values=given.values, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("POST", f"{RUN}/steps/{{step}}/request", Scope.CASES_WRITE, ProcedureRunShown)
def request_case_approval(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey) -> Any:
    """Ask for an approval."""
    visit = _visit_in(request, number, run_id)
    services.ask_approval(run_id=run_id, step=step, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("POST", f"{RUN}/steps/{{step}}/approval", Scope.CASES_WRITE, ProcedureRunShown)
def approve_case_step(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey, given: ApprovalGiven) -> Any:
    """Give an approval that one is asked for."""
    visit = _visit_in(request, number, run_id)
    services.approve(run_id=run_id, step=step, rung=given.rung, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("POST", f"{RUN}/steps/{{step}}/rejection", Scope.CASES_WRITE, ProcedureRunShown)
def reject_case_step(request: HttpRequest, number: PathId, run_id: PathId, step: StepKey, given: RejectionGiven) -> Any:
    """Refuse an approval that one is asked for, with the reason."""
    visit = _visit_in(request, number, run_id)
    services.refuse(run_id=run_id, step=step, rung=given.rung, reason=given.reason, actor=visit.actor, at=visit.at)
    return _run(visit, run_id)


@room.opens("GET", "/approvals", Scope.CASES_READ, WaitingApprovalList)
def list_approvals(request: HttpRequest) -> Any:
    """List the approvals that the token's person is asked for, the longest waited for first."""
    visit = visit_of(request)
    return {"items": [waiting_shown(row) for row in queries.waiting_for(visit.actor, at=visit.at)]}


@room.opens("PUT", "/absence", Scope.CASES_WRITE, None, status=204)
def begin_absence(request: HttpRequest, given: AbsenceGiven) -> Any:
    """Let the token's person be away from now on, so that approvals go to their deputy."""
    visit = visit_of(request)
    services.begin_absence(until=given.until, deputy_id=given.deputy_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("DELETE", "/absence", Scope.CASES_WRITE, None, status=204)
def end_absence(request: HttpRequest) -> Any:
    """Let the token's person be back."""
    visit = visit_of(request)
    services.end_absence(actor=visit.actor, at=visit.at)
    return Status(204, None)


def _procedure(visit: Visit, procedure_id: int) -> dict[str, Any]:
    return procedure_shown(queries.procedure_of(visit.actor, procedure_id=procedure_id))


def _visit_in(request: HttpRequest, number: int, run_id: int) -> Visit:
    """Return who asks. Raises CaseNotFound, RunNotFound for an address that names the procedure of another case."""
    visit = visit_of(request)
    case_id = case_id_of_number(number=number, viewer=visit.actor)
    if queries.run_of(run_id=run_id, viewer=visit.actor).case_id != case_id:
        raise RunNotFound(_("There is no such procedure in this case."))
    return visit


def _run(visit: Visit, run_id: int) -> dict[str, Any]:
    return run_shown(queries.run_of(run_id=run_id, viewer=visit.actor))
