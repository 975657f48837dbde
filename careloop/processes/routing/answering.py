"""What people answer to an offer, and what becomes of one that nobody answers."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.errors import OfferNotFound, OfferOver
from careloop.domains.queues.reasons import REFUSALS
from careloop.domains.queues.states import Kind, Outcome
from careloop.domains.queues.types import OfferRow
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.queries import holds_seat
from careloop.domains.workforce.states import State
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.routing.hands import GIVEN

__all__ = ["accept", "expire", "finish", "refuse", "withdraw"]


@act
def accept(*, offer_id: int, actor: Actor, at: datetime) -> OfferRow:
    """Take what one is offered: it is in one's hands from now on, a case as its assignee. Asked twice, it is taken once.

    offer_id: of an offer in the workspace in scope. actor: the person it was made to.

    Raises OfferNotFound, also for everybody else; OfferOver; whatever the giving refuses. Records OfferAccepted, and what giving it
    records.
    """
    user_id = _person(offer_id, actor)
    holds_seat(user_id)
    was = queues.offer_of(offer_id)
    offer = queue_acts.accept(offer_id=offer_id, actor=actor, at=at)
    if was.outcome is Outcome.ACCEPTED:
        return offer
    workforce.end_offer(user_id=user_id, actor=actor, at=at)
    _put_into_hands(offer.kind, offer.subject_id, offer.queue_id, user_id, actor, at)
    return offer


@act
def refuse(*, offer_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Leave what one is offered to others; it waits where it stood, and is not offered to oneself again for a while.

    reason: a code of queues.reasons.REFUSALS.

    Raises OfferNotFound, also for everybody else; OfferOver. Records OfferEnded.
    """
    if reason not in REFUSALS:
        raise OfferNotFound(_("Choose why from the list."))
    user_id = _person(offer_id, actor)
    holds_seat(user_id)
    if queue_acts.end(offer_id=offer_id, outcome=Outcome.REFUSED, reason=reason, actor=actor, at=at) is None:
        raise OfferOver(_("This offer is over; it waits for somebody else now."))
    workforce.end_offer(user_id=user_id, actor=actor, at=at)
