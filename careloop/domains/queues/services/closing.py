"""How an offer that nobody took is written down."""

from datetime import datetime
from typing import Final

from careloop.domains.queues.events import OfferEnded
from careloop.domains.queues.models import Offer, Waiting
from careloop.domains.queues.states import Outcome
from careloop.kernel.actors import Actor
from careloop.kernel.events import record, subject
from careloop.kernel.timers import clear_timer

__all__ = ["EXPIRY", "about", "close"]

EXPIRY: Final = "offer.expiry"
"""The timer at which an offer runs out; its subject is the offer."""


def about(row: Waiting) -> str:
    """Return how the log names what waits."""
    return subject(row.kind, row.subject_id)


def close(offer: Offer, row: Waiting, outcome: Outcome, *, reason: str, actor: Actor, at: datetime) -> None:
    """Write down how a locked, open offer ended."""
    offer.outcome, offer.answered_at, offer.reason = outcome, at, reason
    offer.save(update_fields=["outcome", "answered_at", "reason"])
    clear_timer(EXPIRY, subject_id=offer.pk)
    record(
        OfferEnded(
            subject=about(row),
            actor=str(actor),
            at=at,
            offer_id=offer.pk,
            waiting_id=row.pk,
            queue_id=row.queue_id,
            user_id=offer.user_id,
            offered_at=offer.offered_at,
            outcome=outcome,
            reason=reason,
        )
    )
