"""A callback that a customer asks for in writing: from a chat, a form or their page, in the time that can be kept."""

from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careloop.domains.calls.queries import declines_calls
from careloop.domains.cases.queries import case_briefs
from careloop.domains.commitments import services as commitments
from careloop.domains.commitments.errors import CallbackOwed
from careloop.domains.commitments.states import Way
from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.identities import normalize_identity
from careloop.domains.customers.queries import customers_of_number
from careloop.domains.customers.services import link_identity
from careloop.domains.customers.types import IdentityKind
from careloop.domains.queues import queries as queues
from careloop.domains.queues.states import Kind
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.kernel.errors import Conflict
from careloop.processes.calling.offering import BookedCallback, callback_window
from careloop.processes.workspace import workspace_facts

__all__ = ["CallbackNotOffered", "is_callback_offered", "wish_callback"]

SAID_BY_CUSTOMER: Final = 0.5
"""Confidence in a number that somebody wrote who may have written anything."""


class CallbackNotOffered(Conflict):
    """Nobody here takes callbacks, or this customer is not to be called."""


def is_callback_offered() -> bool:
    """Say whether a queue takes callbacks, so that customers may ask for one. For the house."""
    return queues.queue_for(Kind.CALLBACK) is not None


@act
def wish_callback(*, case_id: int, number: str, actor: Actor, at: datetime) -> BookedCallback:
    """Promise the customer of a case, who asks for it, a call at a number that they say.

    number: as they write it; becomes theirs unless it is known as somebody else's, and stands with the promise in any case.
    actor: the house, in the name of the page on which they ask.

    Raises CallbackNotOffered, AddressUnusable with the field `phone`, and CallbackOwed where one is promised already.
    Records CallbackPromised, and IdentityLinked for a new number.
    """
    brief = case_briefs([case_id])[case_id]
    if not is_callback_offered() or declines_calls(brief.requester_id):
        raise CallbackNotOffered(gettext_lazy("We cannot call you about this. We answer by mail."))
    try:
        value = normalize_identity(IdentityKind.PHONE, number)
    except AddressUnusable as refusal:
        raise AddressUnusable(refusal.message, fields={"phone": refusal.message}) from None
    if not customers_of_number(value):
        link_identity(
            customer_id=brief.requester_id,
            kind=IdentityKind.PHONE,
            value=value,
            confidence=SAID_BY_CUSTOMER,
            actor=HOUSE,
            at=at,
        )
    with translation.override(workspace_facts().settings.language):
        note = _("Asks to be called back at %(number)s.") % {"number": value}
    window = callback_window(at=at)
    try:
        commitments.promise_callback(
            case_id=case_id,
            due_at=window.due_at,
            way=Way.CALL,
            note=note,
            from_at=window.from_at,
            actor=actor,
            at=at,
        )
    except CallbackOwed:
        raise CallbackOwed(gettext_lazy("We will call you already. You need not ask again.")) from None
    return BookedCallback(case_number=brief.number, from_at=window.from_at, due_at=window.due_at)
