"""Call a customer from a screen: the agent's phone rings first, then the customer's.

The telephone system is reached first, the row is committed before it is asked, and it is asked outside any transaction. A crash in
between leaves a call that nobody hears of, which ends as "not known" when the system next says how it stands: it is never made
again by itself.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import NoPhone, PhoneRefused, PhoneUnsure
from careloop.domains.calls.types import Callee
from careloop.domains.telephony import queries
from careloop.domains.telephony.reasons import trouble
from careloop.domains.telephony.types import Offer, OwnPhone
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.queries import is_at_work
from careloop.gateways.telephony import ActionRefused, OutboundCall, PhoneTrouble, Switch, open_switch
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling.reaching import ANSWER_SECONDS
from careloop.processes.phone_trial import account_of

__all__ = ["call_back", "call_customer", "phone_for"]

WEIGHT = 1


def call_customer(*, workspace_id: int, customer_id: int, number: str, case_id: int | None = None, actor: Actor) -> int:
    """Call a customer at one of their numbers, about a case where one is named; return the call.

    Asks the network outside any transaction, so no scope may be open. Raises MayNotHandleCalls, CustomerNotFound, CaseNotFound,
    CallUnclear, DoesNotWantCalls, NoPhone, NumberBarred, AlreadyOnPhone, PhoneRefused, PhoneUnsure.
    """

    def whom() -> Callee:
        return calls.callee_of_customer(customer_id=customer_id, number=number, case_id=case_id, actor=actor)

    return _call(workspace_id, whom, actor)


def call_back(*, workspace_id: int, call_id: int, actor: Actor) -> int:
    """Call back whoever called; return the new call. Raises as `call_customer`, and CallNotFound."""
    return _call(workspace_id, lambda: calls.callee_of_call(call_id=call_id, actor=actor), actor)


def phone_for(actor: Actor, *, offer: Offer, pbx_id: int | None = None) -> OwnPhone:
    """Return the phone of somebody on a system that offers something. pbx_id: on this one only.

    Raises NoPhone, in words that say what is missing.
    """
    known = queries.own_phones(actor.user_id or 0, offer=offer)
    found = [phone for phone in known if pbx_id in {None, phone.pbx.id}]
    if not found:
        if queries.is_any_offering(offer):
            raise NoPhone(_("You have no phone here. Ask a manager to say under Phones which one is yours."))
        raise NoPhone(_("No telephone system here offers this. Ask a manager to allow it under Phones."))
    phone = next((one for one in found if one.pbx.connected_at is not None), found[0])
    if not phone.extension:
        raise NoPhone(_("Your phone has no extension yet. Ask a manager to enter it under Phones."))
    if phone.pbx.connected_at is None:
        raise NoPhone(
            _("The telephone system cannot be reached just now. It is tried again by itself; call in a minute.")
        )
    return phone


def _call(workspace_id: int, whom: Callable[[], Callee], actor: Actor) -> int:
    with workspace_scope(workspace_id):
        callee = whom()
        phone = phone_for(actor, offer=Offer.CALL)
        server = queries.pbx_server(phone.pbx.id)
    try:
        with open_switch(account_of(server, timeout_seconds=ANSWER_SECONDS)) as switch:
            return _asked(switch, workspace_id, callee, phone, actor)
    except PhoneTrouble as failed:
        raise NoPhone(trouble(failed.code)) from failed


def _asked(switch: Switch, workspace_id: int, callee: Callee, phone: OwnPhone, actor: Actor) -> int:
    key, told_at = switch.new_key(), _moment(switch.now())
    with workspace_scope(workspace_id):
        call_id = _placed(callee, phone, key, actor=actor, at=clock.now(), told_at=told_at)
    order = OutboundCall(
        phone=phone.channel,
        extension=phone.extension,
        number=_dialed(callee.number, phone.pbx.plus),
        context=phone.pbx.call_context,
    )
    try:
        switch.call(order, key=key)
    except ActionRefused as refused:
        with workspace_scope(workspace_id):
            _taken_back(call_id, actor=actor, at=clock.now())
        raise PhoneRefused(
            _("The telephone system refuses to call. Its manager user needs write = originate in manager.conf.")
        ) from refused
    except PhoneTrouble as lost:
        raise PhoneUnsure(
            _(
                "The telephone system did not answer. Your phone may ring all the same; look there before you call again."
            )
        ) from lost
    return call_id


@act
def _placed(callee: Callee, phone: OwnPhone, key: str, *, actor: Actor, at: datetime, told_at: datetime) -> int:
    call_id = calls.place_call(
        callee=callee,
        pbx_id=phone.pbx.id,
        seat=phone.seat,
        key=key,
        barred=phone.pbx.barred,
        actor=actor,
        at=at,
        told_at=told_at,
    )
    if actor.user_id is not None and is_at_work(actor.user_id):
        workforce.hold(user_id=actor.user_id, kind="call", subject_id=call_id, weight=WEIGHT, actor=actor, at=at)
    return call_id


@act
def _taken_back(call_id: int, *, actor: Actor, at: datetime) -> None:
    calls.note_not_placed(call_id=call_id, actor=actor, at=at)
    workforce.let_go(kind="call", subject_id=call_id, actor=actor, at=at)


def _dialed(number: str, plus: str) -> str:
    """Return a number as it is dialed: digits, and what stands for + before them."""
    digits = re.sub(r"[^0-9]", "", number)
    return f"{plus}{digits}" if number.strip().startswith("+") else digits


def _moment(stamp: str) -> datetime:
    """Return the time of a telephone system, ours where it does not tell."""
    try:
        return datetime.fromtimestamp(float(stamp), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return clock.now()
