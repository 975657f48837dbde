"""A supervisor goes into a call, heard by nobody, the agent, or both. The log knows before the telephone system is asked."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import MayNotGoIntoCalls, NoPhone, PhoneRefused, PhoneUnsure
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.telephony.queries import pbx_server
from careloop.domains.telephony.reasons import trouble
from careloop.domains.telephony.types import Offer
from careloop.gateways.telephony import ActionRefused, Intervention, PhoneTrouble, Side, open_switch
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling.placing import phone_for
from careloop.processes.calling.reaching import ANSWER_SECONDS
from careloop.processes.phone_trial import account_of

__all__ = ["go_into_call"]


def go_into_call(*, workspace_id: int, call_id: int, how: Side, actor: Actor) -> None:
    """Ring the own phone and, once it is picked up, let them into the call.

    Asks the network outside any transaction, so no scope may be open. Raises CallNotFound, MayNotGoIntoCalls, CallUnclear, NoPhone,
    AlreadyOnPhone, PhoneRefused, PhoneUnsure.
    """
    with workspace_scope(workspace_id):
        row = call_seen_by(actor, call_id=call_id)
        if not rules.may_go_into(actor):
            raise MayNotGoIntoCalls(_("Listening to calls is for those who lead or manage."))
        phone = phone_for(actor, offer=Offer.LISTEN, pbx_id=row.pbx_id)
        server = pbx_server(phone.pbx.id)
    try:
        with open_switch(account_of(server, timeout_seconds=ANSWER_SECONDS)) as switch:
            with workspace_scope(workspace_id):
                key, is_outbound = calls.note_intervention(call_id=call_id, how=how, actor=actor, at=clock.now())
            order = Intervention(
                phone=phone.channel, extension=phone.extension, call=key, is_outbound=is_outbound, side=how
            )
            try:
                switch.go_into(order)
            except ActionRefused as refused:
                with workspace_scope(workspace_id):
                    calls.note_intervention_failed(call_id=call_id, how=how, actor=actor, at=clock.now())
                raise PhoneRefused(
                    _(
                        "The telephone system does not let you in. The call may be over, or its manager user lacks originate."
                    )
                ) from refused
            except PhoneTrouble as lost:
                raise PhoneUnsure(
                    _("The telephone system did not answer. Your phone may ring all the same; look there first.")
                ) from lost
    except PhoneTrouble as failed:
        raise NoPhone(trouble(failed.code)) from failed
