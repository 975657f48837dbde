"""What people do with calls: say who called, what it belongs to, and what was said."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import CallGoesOn, CallUnclear, MayNotHandleCalls, NotYourCall
from careloop.domains.calls.events import CallAttached, CallIdentified, CallWrittenUp
from careloop.domains.calls.models import Call
from careloop.domains.calls.queries import call_row, call_seen_by
from careloop.domains.calls.states import CallState
from careloop.domains.calls.types import CallRow
from careloop.domains.cases.queries import case_detail, conversations_of, reasons
from careloop.domains.customers.queries import rows_of
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["attach_call", "hold_call", "identify_caller", "write_up_call"]

LONGEST_NOTE: Final = 10_000


@act
def identify_caller(*, call_id: int, customer_id: int, actor: Actor, at: datetime) -> None:
    """Say which customer called. Raises CallNotFound, MayNotHandleCalls, CallUnclear. Records CallIdentified."""
    call = _locked(call_id, actor)
    if call.customer_id == customer_id:
        return
    if not rows_of([customer_id]):
        raise CallUnclear(_("This customer is gone. Choose another one."))
    if call.case_id is not None:
        raise CallUnclear(_("This call belongs to a case. Its customer is the one who called."))
    call.customer_id = customer_id
    call.save(update_fields=["customer"])
    about = subject("call", call.pk)
    record(CallIdentified(subject=about, actor=str(actor), at=at, customer_id=customer_id, people=_people(call)))


@act
def hold_call(*, call_id: int) -> CallRow:
    """Return a call as it is now, locked until the act is over. For the house. Raises CallNotFound."""
    _locked(call_id, HOUSE)
    return call_row(call_id)


@act
def attach_call(*, call_id: int, case_id: int, is_new_case: bool = False, actor: Actor, at: datetime) -> None:
    """Say which case a call belongs to. A caller who was not known is the case's customer from now on.

    is_new_case: it was opened for this call, and took down what was said.

    Raises CallNotFound, MayNotHandleCalls, CaseNotFound, CallUnclear. Records CallAttached.
    """
    call = _locked(call_id, actor)
    row = case_detail(case_id=case_id, viewer=actor).row
    if call.case_id == case_id:
        return
    if call.written_up_at is not None and call.case_id is not None:
        raise CallUnclear(_("This call is written up in another case already."))
    call.case_id = case_id
    call.customer_id = call.customer_id or row.requester_id
    if is_new_case:
        call.conversation_id = next((link.conversation_id for link in conversations_of(case_id)), None)
    call.save(update_fields=["case", "customer", "conversation"])
    record(
        CallAttached(
            subject=subject("case", case_id),
            actor=str(actor),
            at=at,
            call_id=call.pk,
            is_new_case=is_new_case,
            people=_people(call),
        )
    )


@act
def write_up_call(*, call_id: int, reason_id: int | None, note: str, actor: Actor, at: datetime) -> None:
    """Note what a call was about; done again, it replaces what was noted.

    reason_id: from the workspace's reasons; None only where it keeps none. note: plain text, may be empty.

    Raises CallNotFound, MayNotHandleCalls, NotYourCall, CallGoesOn, CallUnclear. Records CallWrittenUp.
    """
    call = _locked(call_id, actor)
    if not rules.may_write_up(actor, agent_id=call.agent_id):
        raise NotYourCall(_("Whoever answered the call writes it up, or somebody who leads or manages."))
    if call.state != CallState.ENDED:
        raise CallGoesOn(_("The call goes on. Write it up when it is over."))
    if len(note) > LONGEST_NOTE:
        raise CallUnclear(_("A note on a call has at most 10,000 characters."))
    kept = reasons()
    chosen = next((one for one in kept if one.id == reason_id), None)
    if chosen is None and (kept or reason_id is not None):
        problem = _("Choose what the call was about.")
        raise CallUnclear(problem, fields={"reason_id": problem})
    call.reason_id, call.note, call.written_up_at = reason_id, note.strip(), at
    call.save(update_fields=["reason", "note", "written_up_at"])
    record(
        CallWrittenUp(
            subject=subject("call", call.pk),
            actor=str(actor),
            at=at,
            reason=chosen.code if chosen is not None else "",
            case_id=call.case_id,
            people=_people(call),
        )
    )


def _locked(call_id: int, actor: Actor) -> Call:
    call_seen_by(actor, call_id=call_id)
    if not rules.may_handle(actor):
        raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))
    return Call.objects.select_for_update().get(pk=call_id)


def _people(call: Call) -> tuple[int, ...]:
    return (call.agent_id,) if call.agent_id is not None else ()
