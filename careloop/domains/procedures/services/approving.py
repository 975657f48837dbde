"""Ask for an approval, give it or refuse it."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import names_of
from careloop.domains.procedures import rules
from careloop.domains.procedures.approvers import approvers_of
from careloop.domains.procedures.errors import AlreadyDecided, ApprovalNotYours, StepNotOpen
from careloop.domains.procedures.events import ApprovalAsked, ApprovalGiven, ApprovalRefused
from careloop.domains.procedures.models import Request
from careloop.domains.procedures.queries import workers
from careloop.domains.procedures.services.locking import Held, held_for_decision, held_for_step, settle
from careloop.domains.procedures.services.running import reason_of
from careloop.domains.procedures.states import Doing, Standing, StepKind
from careloop.domains.procedures.types import StepCourse
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record

__all__ = ["approve", "ask_approval", "note_told", "refuse"]


@act
def ask_approval(*, run_id: int, step: str, actor: Actor, at: datetime) -> None:
    """Ask for an approval; whoever asks does not give it.

    Raises RunNotFound, CaseNotFound, MayNotWorkOnCases, ProcedureEnded, StepNotOpen, AlreadyDecided. Records ApprovalAsked.
    """
    held = held_for_step(run_id, actor)
    found = held.open_step(step, StepKind.APPROVAL)
    if actor.user_id is None:
        raise StepNotOpen(_("Approvals are asked for by people."))
    if found.standing in {Standing.WAITING, Standing.DONE}:
        raise _decided(found)
    if found.lacking:
        raise StepNotOpen(_("Fill in “%(form)s” first: the approval depends on it.") % {"form": found.lacking})
    held.write(step, Doing.ASKED, actor=actor, at=at)
    course = settle(held, actor=actor, at=at)
    asked = course.step(step)
    record(
        ApprovalAsked(
            subject=held.about,
            actor=str(actor),
            at=at,
            procedure_id=held.run.procedure_id,
            run_id=run_id,
            step=step,
            rung=(asked.rung if asked else None) or 0,
        )
    )


@act
def approve(*, run_id: int, step: str, rung: int, actor: Actor, at: datetime) -> None:
    """Give an approval that one is asked for.

    rung: whose turn it was when the approver looked, so that a decision on something else is not taken for this one.

    Raises RunNotFound, CaseNotFound, ProcedureEnded, StepNotOpen, AlreadyDecided, ApprovalNotYours. Records ApprovalGiven.
    """
    held, found = _asked(run_id, step, rung, actor, at)
    held.write(step, Doing.APPROVED, actor=actor, at=at, rung=rung)
    course = held.course()
    after = course.step(step)
    record(
        ApprovalGiven(
            subject=held.about,
            actor=str(actor),
            at=at,
            procedure_id=held.run.procedure_id,
            run_id=run_id,
            step=step,
            rung=rung,
            next_rung=after.rung if after else None,
            asked_by=found.asked.user_id if found.asked else None,
        )
    )
    settle(held, actor=actor, at=at)


@act
def refuse(*, run_id: int, step: str, rung: int, reason: str, actor: Actor, at: datetime) -> None:
    """Refuse an approval that one is asked for; it may be asked for again.

    reason: why, 1 to 1000 characters.

    Raises as `approve`, and ReasonMissing. Records ApprovalRefused.
    """
    held, found = _asked(run_id, step, rung, actor, at)
    held.write(step, Doing.REFUSED, actor=actor, at=at, rung=rung, reason=reason_of(reason))
    record(
        ApprovalRefused(
            subject=held.about,
            actor=str(actor),
            at=at,
            procedure_id=held.run.procedure_id,
            run_id=run_id,
            step=step,
            rung=rung,
            asked_by=found.asked.user_id if found.asked else None,
        )
    )
    settle(held, actor=actor, at=at)


@act
def note_told(*, request_id: int, user_ids: Collection[int]) -> None:
    """Keep who has heard of an approval that is waited for. Records nothing: the notices say it."""
    for request in Request.objects.select_for_update().filter(pk=request_id):
        request.told_ids = sorted({*request.told_ids, *user_ids})
        request.save(update_fields=["told_ids"])


def _asked(run_id: int, step: str, rung: int, actor: Actor, at: datetime) -> tuple[Held, StepCourse]:
    held = held_for_decision(run_id, actor)
    if not rules.may_approve_at_all(actor):
        raise ApprovalNotYours(_("Your role approves nothing."))
    found = held.open_step(step, StepKind.APPROVAL)
    if found.standing is not Standing.WAITING or found.rung != rung:
        raise _decided(found)
    if actor.user_id in found.barred:
        raise ApprovalNotYours(
            _("Nobody approves a request of their own, or one request twice. Somebody else has to look at it.")
        )
    who = approvers_of(found.step.rungs[rung], people=workers(at=at), team_id=held.case.team_id, barred=found.barred)
    if actor.user_id not in who.may:
        names = ", ".join(sorted(names_of(who.asked).values())[:5])
        raise ApprovalNotYours(_("This is approved by somebody else: %(names)s.") % {"names": names or "–"})
    return held, found


def _decided(found: StepCourse) -> AlreadyDecided | StepNotOpen:
    """Return the refusal that says what happened meanwhile."""
    last = found.last
    if last is None:
        return StepNotOpen(_("Nobody has asked for this approval yet."))
    who = names_of([last.user_id or 0]).get(last.user_id or 0) or _("Somebody")
    named = {"who": who, "step": found.step.title}
    match last.doing:
        case Doing.APPROVED:
            return AlreadyDecided(_("%(who)s has approved “%(step)s” meanwhile.") % named)
        case Doing.REFUSED:
            return AlreadyDecided(_("%(who)s has refused “%(step)s” meanwhile.") % named)
        case _:
            return AlreadyDecided(_("%(who)s has asked for “%(step)s” already.") % named)
