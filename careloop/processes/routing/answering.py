"""What people answer to an offer, and what becomes of one that nobody answers."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.errors import BadReason, OfferOver
from careloop.domains.queues.reasons import REFUSALS
from careloop.domains.queues.states import Kind, Outcome
from careloop.domains.queues.types import OfferRow
from careloop.domains.workforce import services as workforce
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.routing.hands import GIVEN
from careloop.processes.routing.house import ROUTER

__all__ = ["accept", "end_offer", "expire", "finish", "put_into_hands", "refuse"]


@act
def accept(*, offer_id: int, actor: Actor, at: datetime) -> OfferRow:
    """Take what one is offered: it is in one's hands from now on, a case as its assignee. Asked twice, it is taken once.

    offer_id: of an offer in the workspace in scope. actor: the person it was made to.

    Raises OfferNotFound, also for everybody else; OfferOver; whatever the giving refuses. Records OfferAccepted, and what giving it
    records.
    """
    before = queues.offer_of(offer_id)
    offer = queue_acts.accept(offer_id=offer_id, actor=actor, at=at)
    if before is not None and before.outcome is Outcome.ACCEPTED:
        return offer
    workforce.end_offer(user_id=offer.user_id, actor=actor, at=at)
    put_into_hands(offer.kind, offer.subject_id, queue_id=offer.queue_id, user_id=offer.user_id, actor=actor, at=at)
    return offer


@act
def refuse(*, offer_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Leave what one is offered to others; it waits where it stood, and is not offered to oneself again for a while.

    reason: a code of queues.reasons.REFUSALS.

    Raises BadReason, OfferNotFound, also for everybody else; OfferOver. Records OfferEnded.
    """
    if reason not in REFUSALS:
        raise BadReason(_("Choose a reason from the list."))
    if not end_offer(offer_id, Outcome.REFUSED, reason=reason, actor=actor, at=at):
        raise OfferOver(_("This offer is over; it waits for somebody else now."))


@act
def expire(*, offer_id: int, at: datetime) -> None:
    """Let an offer run out that nobody answered. Whoever let it is taken off work, so that not everything rings there in turn.

    One that was answered meanwhile is left alone. Records OfferEnded and PresenceChanged.
    """
    offer = queues.offer_of(offer_id)
    if offer is None or offer.outcome is not Outcome.OPEN or offer.expires_at > at:
        return
    if end_offer(offer_id, Outcome.EXPIRED, reason="", actor=ROUTER, at=at):
        workforce.put_off_work(user_id=offer.user_id, reason="no_answer", actor=ROUTER, at=at)


@act
def finish(*, kind: Kind, subject_id: int, actor: Actor, at: datetime) -> None:
    """Note that something is done, so that whoever had it has room again, after writing up where the queue gives time for that.

    For whoever owns the kind of work: chats when they end, calls when they are hung up. Nothing happens where nobody had it.

    Records PresenceChanged where it shows.
    """
    waited = queues.waiting_of_subject(kind=kind, subject_id=subject_id)
    wrap_s = 0 if waited is None else queues.house_queue(waited.queue_id).settings.wrap_s
    workforce.let_go(kind=kind, subject_id=subject_id, wrap_s=wrap_s, actor=actor, at=at)


def put_into_hands(kind: Kind, subject_id: int, *, queue_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Count something as held by somebody, and do what its kind means by that."""
    weight = queues.house_queue(queue_id).settings.weight
    workforce.hold(user_id=user_id, kind=kind, subject_id=subject_id, weight=weight, actor=actor, at=at)
    if kind in GIVEN:
        GIVEN[kind](subject_id, user_id, actor, at)


def end_offer(offer_id: int, outcome: Outcome, *, reason: str, actor: Actor, at: datetime) -> bool:
    """Let an offer end without being taken, free the person, and say whether it was open. Raises OfferNotFound."""
    offer = queue_acts.end(offer_id=offer_id, outcome=outcome, reason=reason, actor=actor, at=at)
    if offer is None:
        return False
    workforce.end_offer(user_id=offer.user_id, actor=actor, at=at)
    workforce.note_given(weight=-queues.house_queue(offer.queue_id).settings.weight, at=at)
    return True
