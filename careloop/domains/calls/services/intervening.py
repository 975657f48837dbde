"""Supervisors in calls: who may, and that the log knows before anybody hears a word."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import AlreadyOnPhone, CallUnclear, MayNotGoIntoCalls
from careloop.domains.calls.events import CallIntervened, CallInterventionFailed
from careloop.domains.calls.models import Call
from careloop.domains.calls.queries import call_seen_by, is_with_customer
from careloop.domains.calls.states import CallState
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["note_intervention", "note_intervention_failed"]


@act
def note_intervention(*, call_id: int, how: str, actor: Actor, at: datetime) -> tuple[str, bool]:
    """Note that somebody goes into a call, before they do; return the call's key and whether we made it.

    how: "listen", "whisper" or "join".

    Raises CallNotFound, MayNotGoIntoCalls, CallUnclear, AlreadyOnPhone. Records CallIntervened.
    """
    row = call_seen_by(actor, call_id=call_id)
    if not rules.may_go_into(actor):
        raise MayNotGoIntoCalls(_("Listening to calls is for those who lead or manage."))
    if row.agent_id == actor.user_id:
        raise CallUnclear(_("This is your own call."))
    if row.state != CallState.TALKING:
        raise CallUnclear(_("Nobody talks in this call now. Choose one that goes on."))
    if is_with_customer(actor.user_id or 0):
        raise AlreadyOnPhone(_("You are on the phone already. End that call first."))
    about = subject("call", call_id)
    record(CallIntervened(subject=about, actor=str(actor), at=at, how=how, agent_id=row.agent_id))
    return Call.objects.values_list("key", "is_outbound").get(pk=call_id)


@act
def note_intervention_failed(*, call_id: int, how: str, actor: Actor, at: datetime) -> None:
    """Note that they did not get into it. Raises CallNotFound. Records CallInterventionFailed."""
    row, about = call_seen_by(actor, call_id=call_id), subject("call", call_id)
    record(CallInterventionFailed(subject=about, actor=str(actor), at=at, how=how, agent_id=row.agent_id))
