"""Calls of ours to customers: what is looked at before, and the row that is there before the telephone rings."""

import re
from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import (
    AlreadyOnPhone,
    CallUnclear,
    DoesNotWantCalls,
    MayNotHandleCalls,
    NumberBarred,
)
from careloop.domains.calls.events import CallAttached, CallEnded, CallPlaced, CallsAccepted, CallsDeclined
from careloop.domains.calls.models import Call, NoCalls
from careloop.domains.calls.queries import call_seen_by, declines_calls, is_with_customer
from careloop.domains.calls.states import CallState, Ending
from careloop.domains.calls.types import Callee, CallRow
from careloop.domains.cases.queries import case_detail
from careloop.domains.customers.errors import MayNotChangeCustomers
from careloop.domains.customers.queries import card, customers_of_number
from careloop.domains.customers.rules import may_change
from careloop.domains.customers.types import IdentityKind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = [
    "accept_calls",
    "callee_of_call",
    "callee_of_customer",
    "caller_to_call_back",
    "decline_calls",
    "note_not_placed",
    "place_call",
]

OF_NOBODY: Final = "+999"
"""How numbers begin that belong to no country: those of people who play a customer."""


def callee_of_customer(*, customer_id: int, number: str, case_id: int | None, actor: Actor) -> Callee:
    """Return whom to call: a customer at one of their numbers, about a case where one is named.

    Raises MayNotHandleCalls, CustomerNotFound, CaseNotFound, CallUnclear, DoesNotWantCalls.
    """
    _check(actor)
    row = case_detail(case_id=case_id, viewer=actor).row if case_id is not None else None
    is_theirs = row is not None and row.requester_id == customer_id
    known = card(customer_id=customer_id, viewer=actor, in_case=is_theirs)
    if row is not None and not is_theirs:
        raise CallUnclear(_("This case belongs to another customer. Call about a case of theirs."))
    if number not in {one.value for one in known.identities if one.kind == IdentityKind.PHONE}:
        raise CallUnclear(_("This number is not theirs. Add it to the customer first, then call."))
    if declines_calls(customer_id):
        raise DoesNotWantCalls(_("This customer does not want to be called. Write to them instead."))
    return Callee(number=number, customer_id=customer_id, case_id=case_id)


def callee_of_call(*, call_id: int, actor: Actor) -> Callee:
    """Return whom to call back: whoever called. Raises MayNotHandleCalls, CallNotFound, CallUnclear, DoesNotWantCalls."""
    row = call_seen_by(actor, call_id=call_id)
    _check(actor)
    _check_reachable(row)
    if not row.is_over:
        raise CallUnclear(_("This call goes on. Call back when it is over."))
    return Callee(number=row.number, customer_id=row.customer_id, case_id=row.case_id)


@act
def caller_to_call_back(*, call_id: int, actor: Actor) -> CallRow:
    """Return a call whose caller can be promised a callback, locked, so that two do not promise at once.

    Raises CallNotFound, MayNotHandleCalls, CallUnclear, DoesNotWantCalls.
    """
    row = call_seen_by(actor, call_id=call_id)
    if not rules.may_handle(actor):
        raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))
    if row.is_outbound:
        raise CallUnclear(_("We made this call. Promise a callback in the case that it belongs to."))
    Call.objects.select_for_update().get(pk=call_id)
    row = call_seen_by(actor, call_id=call_id)
    _check_reachable(row)
    if row.customer_id is None and customers_of_number(row.number):
        raise CallUnclear(_("Several customers have this number. Say who called first."))
    return row


@act
def place_call(
    *,
    callee: Callee,
    pbx_id: int,
    seat: str,
    key: str,
    barred: tuple[str, ...],
    actor: Actor,
    at: datetime,
    told_at: datetime,
) -> int:
    """Note that one of ours calls a customer now, before the telephone system is asked to; return the call.

    seat: of the agent there. key: under which the telephone system will tell of it. barred: how numbers begin that are not called.
    told_at: now, by the clock of the telephone system.

    Raises MayNotHandleCalls, NumberBarred, AlreadyOnPhone. Records CallPlaced, and CallAttached where it is about a case.
    """
    _check(actor)
    digits = re.sub(r"[^+0-9]", "", callee.number)
    if digits.startswith(OF_NOBODY):
        raise NumberBarred(_("Somebody of yours plays a customer with this number. It leads nowhere."))
    if any(digits.startswith(one) for one in barred if one):
        raise NumberBarred(_("Numbers that begin like this one are not called from here. Ask a manager."))
    if is_with_customer(actor.user_id or 0):
        raise AlreadyOnPhone(_("You are on the phone already. End that call first."))
    call = Call(
        pbx_id=pbx_id,
        key=key,
        number=digits,
        is_outbound=True,
        state=CallState.CALLING,
        seat=seat,
        agent_id=actor.user_id,
        began_at=told_at,
        seen_at=told_at,
        customer_id=callee.customer_id,
        case_id=callee.case_id,
    )
    try:
        with attempt():
            call.save()
    except IntegrityError:
        raise AlreadyOnPhone(_("You are on the phone already. End that call first.")) from None
    people = (actor.user_id,) if actor.user_id is not None else ()
    record(
        CallPlaced(
            subject=subject("call", call.pk),
            actor=str(actor),
            at=at,
            pbx_id=pbx_id,
            customer_id=callee.customer_id,
            case_id=callee.case_id,
            people=people,
        )
    )
    if callee.case_id is not None:
        about = subject("case", callee.case_id)
        attached = CallAttached(
            subject=about, actor=str(actor), at=at, call_id=call.pk, is_new_case=False, people=people
        )
        record(attached)
    return call.pk


@act
def note_not_placed(*, call_id: int, actor: Actor, at: datetime) -> None:
    """Note that the telephone system did not make a call of ours. Records CallEnded."""
    call = Call.objects.select_for_update().get(pk=call_id)
    if call.state != CallState.CALLING:
        return
    call.state, call.ended_at, call.ending = CallState.ENDED, call.began_at, Ending.FAILED
    call.save(update_fields=["state", "ended_at", "ending"])
    people = (call.agent_id,) if call.agent_id is not None else ()
    about = subject("call", call_id)
    record(CallEnded(subject=about, actor=str(actor), at=at, ending=call.ending, agent_id=call.agent_id, people=people))


@act
def decline_calls(*, customer_id: int, actor: Actor, at: datetime) -> None:
    """Note that a customer does not want to be called. Raises CustomerNotFound, MayNotChangeCustomers. Records CallsDeclined."""
    _check_keeper(customer_id, actor)
    _noted, is_new = NoCalls.objects.get_or_create(customer_id=customer_id, defaults={"by_id": actor.user_id, "at": at})
    if is_new:
        record(CallsDeclined(subject=subject("customer", customer_id), actor=str(actor), at=at))


@act
def accept_calls(*, customer_id: int, actor: Actor, at: datetime) -> None:
    """Note that a customer may be called again. Raises CustomerNotFound, MayNotChangeCustomers. Records CallsAccepted."""
    _check_keeper(customer_id, actor)
    if NoCalls.objects.filter(customer_id=customer_id).delete()[0]:
        record(CallsAccepted(subject=subject("customer", customer_id), actor=str(actor), at=at))


def _check_reachable(row: CallRow) -> None:
    if not re.search(r"[0-9]{5}", re.sub(r"[^0-9]", "", row.number)):
        raise CallUnclear(_("The number of this call is withheld. Nobody can be called back there."))
    if row.customer_id is not None and declines_calls(row.customer_id):
        raise DoesNotWantCalls(_("This customer does not want to be called. Write to them instead."))


def _check(actor: Actor) -> None:
    if actor.user_id is None or not rules.may_handle(actor):
        raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))


def _check_keeper(customer_id: int, actor: Actor) -> None:
    card(customer_id=customer_id, viewer=actor)
    if not may_change(actor):
        raise MayNotChangeCustomers(_("Your role does not change customers. Ask a colleague who serves them."))
