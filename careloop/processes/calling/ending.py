"""Somebody ends a call from the screen. The log knows before the telephone system is asked."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import MayNotHandleCalls, NoPhone, PhoneRefused, PhoneUnsure
from careloop.domains.calls.queries import call_seen_by, talk_about
from careloop.domains.telephony import queries
from careloop.domains.telephony.reasons import REFUSALS, trouble
from careloop.domains.telephony.types import Offer
from careloop.gateways.telephony import ActionRefused, PhoneTrouble
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling.reaching import way_to

__all__ = ["end_call", "end_call_about"]


def end_call(*, workspace_id: int, call_id: int, actor: Actor) -> None:
    """Hang up on both sides of a call that somebody talks in.

    Asks the network outside any transaction, so no scope may be open. Raises CallNotFound, MayNotHandleCalls, NotYourCall,
    CallUnclear, NoPhone, PhoneRefused, PhoneUnsure.
    """
    with workspace_scope(workspace_id):
        seen = call_seen_by(actor, call_id=call_id)
        if not rules.may_handle(actor):
            raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))
        row = queries.pbx(seen.pbx_id)
        if Offer.END not in row.offers:
            raise NoPhone(_("No telephone system here offers this. Ask a manager to allow it under Phones."))
        way = way_to(row)
    try:
        with way as switch:
            with workspace_scope(workspace_id):
                key = calls.note_ending(call_id=call_id, actor=actor, at=clock.now())
            try:
                switch.hang_up(key)
            except ActionRefused as refused:
                with workspace_scope(workspace_id):
                    calls.note_end_failed(call_id=call_id, actor=actor, at=clock.now())
                raise PhoneRefused(
                    REFUSALS.get(refused.code)
                    or _("The telephone system did not end the call. It may be over; if not, hang up on your phone.")
                ) from refused
            except PhoneTrouble as lost:
                raise PhoneUnsure(
                    _("The telephone system did not answer. If the call goes on, hang up on your phone.")
                ) from lost
    except PhoneTrouble as failed:
        raise NoPhone(trouble(failed.code)) from failed


def end_call_about(*, workspace_id: int, case_id: int, actor: Actor) -> bool:
    """Hang up on the customer of a case, where the actor talks to them now and it is offered; say whether that was so.

    Asks the network outside any transaction, so no scope may be open. Raises as `end_call`.
    """
    with workspace_scope(workspace_id):
        row = talk_about(case_id, agent_id=actor.user_id or 0)
        if row is None or Offer.END not in queries.pbx(row.pbx_id).offers:
            return False
    end_call(workspace_id=workspace_id, call_id=row.id, actor=actor)
    return True
