"""Calls that are ended from here: who may, and that the log knows before the telephone system is asked."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import CallUnclear, MayNotHandleCalls, NotYourCall
from careloop.domains.calls.events import CallEndAsked, CallEndFailed
from careloop.domains.calls.models import Call
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.calls.states import CallState
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["note_end_failed", "note_ending"]


@act
def note_ending(*, call_id: int, actor: Actor, at: datetime) -> str:
    """Note that somebody ends a call, before it is ended; return the call's key.

    Raises CallNotFound, MayNotHandleCalls, NotYourCall, CallUnclear. Records CallEndAsked.
    """
    row = call_seen_by(actor, call_id=call_id)
    if not rules.may_handle(actor):
        raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))
    if not rules.may_end(actor, agent_id=row.agent_id):
        raise NotYourCall(_("A call is ended by who talks to the caller, or by who leads."))
    if row.state != CallState.TALKING:
        raise CallUnclear(_("Nobody talks in this call now. Choose one that goes on."))
    record(CallEndAsked(subject=subject("call", call_id), actor=str(actor), at=at, agent_id=row.agent_id))
    return str(Call.objects.values_list("key", flat=True).get(pk=call_id))


@act
def note_end_failed(*, call_id: int, actor: Actor, at: datetime) -> None:
    """Note that it did not come to it. Raises CallNotFound. Records CallEndFailed."""
    row = call_seen_by(actor, call_id=call_id)
    record(CallEndFailed(subject=subject("call", call_id), actor=str(actor), at=at, agent_id=row.agent_id))
