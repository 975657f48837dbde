"""Let a case into a procedure, and out of it without."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.services import hold_for_step
from careloop.domains.cases.states import DONE
from careloop.domains.procedures import rules
from careloop.domains.procedures.errors import (
    MayNotSkip,
    ProcedureBegunAlready,
    ProcedureEnded,
    ProcedureNotFound,
    ReasonMissing,
    StepNotOpen,
)
from careloop.domains.procedures.events import ProcedureBegun, ProcedureSkipped
from careloop.domains.procedures.models import Procedure, ProcedureVersion, Run
from careloop.domains.procedures.services.locking import Held, end, held_for_decision, settle
from careloop.domains.procedures.states import RunState, State
from careloop.domains.procedures.stored import stages_from_json
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record

__all__ = ["LONGEST_REASON", "begin_procedure", "reason_of", "skip_procedure"]

LONGEST_REASON = 1000


@act
def begin_procedure(*, procedure_id: int, case_id: int, actor: Actor, at: datetime) -> int:
    """Let a case into a procedure, in the version that is in use now, and return the primary key of the run.

    Raises CaseNotFound, MayNotWorkOnCases, ProcedureNotFound, ProcedureBegunAlready, StepNotOpen for a case that is solved.
    Records ProcedureBegun.
    """
    case = hold_for_step(case_id=case_id, actor=actor)
    procedure = Procedure.objects.select_for_update().filter(pk=procedure_id, state=State.ACTIVE).first()
    if procedure is None:
        raise ProcedureNotFound(_("There is no such procedure."))
    if case.category in DONE:
        raise StepNotOpen(_("This case is solved. Reopen it to begin a procedure."))
    said = ProcedureVersion.objects.select_related("procedure").get(procedure=procedure, version=procedure.version)
    run = Run(procedure=procedure, said=said, case_id=case_id, begun_at=at, begun_by=str(actor))
    try:
        with attempt():
            run.save()
    except IntegrityError:
        raise ProcedureBegunAlready(_("This case is in “%(name)s” already.") % {"name": procedure.name}) from None
    held = Held(run=run, case=case, stages=stages_from_json(said.stages), entries=[])
    record(
        ProcedureBegun(
            subject=held.about,
            actor=str(actor),
            at=at,
            procedure_id=procedure.pk,
            run_id=run.pk,
            version=said.version,
        )
    )
    settle(held, actor=actor, at=at)
    return run.pk


@act
def skip_procedure(*, run_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Let a case go on without the rest of its procedure.

    actor: an owner or a manager. reason: why, 1 to 1000 characters; it is kept and shown.

    Raises RunNotFound, CaseNotFound, MayNotSkip, ReasonMissing, ProcedureEnded. Records ProcedureSkipped.
    """
    held = held_for_decision(run_id, actor)
    if not rules.may_skip(actor):
        raise MayNotSkip(_("Only an owner or a manager can leave out what must be done."))
    reason = reason_of(reason)
    if held.run.state != RunState.OPEN:
        raise ProcedureEnded(_("This procedure is over in this case. Nothing was changed."))
    missing = len(held.course().missing)
    end(held, RunState.SKIPPED, at=at, reason=reason)
    record(
        ProcedureSkipped(
            subject=held.about,
            actor=str(actor),
            at=at,
            procedure_id=held.run.procedure_id,
            run_id=run_id,
            missing_count=missing,
        )
    )


def reason_of(text: str) -> str:
    """Return a reason that somebody gave. Raises ReasonMissing."""
    reason = text.strip()
    if not 1 <= len(reason) <= LONGEST_REASON or "\x00" in reason:
        problem = _("Say why, in at most 1000 characters.")
        raise ReasonMissing(problem, fields={"reason": problem})
    return reason
