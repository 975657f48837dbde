"""Offers: made to one person at a time, answered once, or over."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from careloop.domains.queues.errors import OfferNotFound, OfferOver
from careloop.domains.queues.events import OfferAccepted, OfferMade
from careloop.domains.queues.models import Offer, Queue, Waiting
from careloop.domains.queues.reading import kept_why, offer_row
from careloop.domains.queues.services import waiting as waits
from careloop.domains.queues.services.closing import EXPIRY, about, close
from careloop.domains.queues.states import Outcome, Stage
from careloop.domains.queues.types import OfferRow, Why
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["accept", "end", "make_offer"]


@act
def make_offer(*, waiting_id: int, user_id: int, why: Why, actor: Actor, at: datetime) -> int | None:
    """Put something that waits before somebody, and return the primary key of the offer.

    For the process that chose them and holds their seat. None when it is not free to be offered: somebody has it, or decides about
    it, at this moment; then it is not waited for. Nothing is offered twice at a time, whatever happens here: the database refuses
    (IntegrityError).

    Records OfferMade.
    """
    row = (
        Waiting.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("queue")
        .filter(pk=waiting_id, stage=Stage.WAITING)
        .first()
    )
    if row is None:
        return None
    offer = Offer(
        waiting=row,
        user_id=user_id,
        offered_at=at,
        expires_at=at + timedelta(seconds=row.queue.offer_s),
        why=kept_why(why),
    )
    offer.save(force_insert=True)
    row.stage, row.is_fresh, row.revision = Stage.OFFERED, False, row.revision + 1
    row.save(update_fields=["stage", "is_fresh", "revision"])
    set_timer(kind=EXPIRY, subject_id=offer.pk, due_at=offer.expires_at)
    record(
        OfferMade(
            subject=about(row),
            actor=str(actor),
            at=at,
            offer_id=offer.pk,
            waiting_id=row.pk,
            queue_id=row.queue_id,
            user_id=user_id,
            entered_at=row.entered_at,
        )
    )
    return offer.pk


@act
def accept(*, offer_id: int, actor: Actor, at: datetime) -> OfferRow:
    """Take what one was offered, and return the offer. For the process that then puts it into their hands.

    Asked twice, it is taken once: the second answer is the first. Raises OfferNotFound, also for those to whom it was not made;
    OfferOver. Records OfferAccepted.
    """
    offer, row = _locked(offer_id)
    if actor.user_id != offer.user_id:
        raise OfferNotFound(_("There is no such offer."))
    if offer.outcome == Outcome.ACCEPTED:
        return offer_row(offer, row)
    if offer.outcome != Outcome.OPEN or offer.expires_at <= at:
        raise OfferOver(_("This offer is over; it waits for somebody else now."))
    offer.outcome, offer.answered_at = Outcome.ACCEPTED, at
    offer.save(update_fields=["outcome", "answered_at"])
    clear_timer(EXPIRY, subject_id=offer.pk)
    row.taken_by_id, row.stage, row.ended_at, row.revision = offer.user_id, Stage.TAKEN, at, row.revision + 1
    row.save(update_fields=["taken_by", "stage", "ended_at", "revision"])
    clear_timer(waits.OVERFLOW, subject_id=row.pk)
    record(
        OfferAccepted(
            subject=about(row),
            actor=str(actor),
            at=at,
            offer_id=offer.pk,
            waiting_id=row.pk,
            queue_id=row.queue_id,
            user_id=offer.user_id,
            offered_at=offer.offered_at,
            waited_s=max(0, int((at - row.entered_at).total_seconds())),
        )
    )
    return offer_row(offer, row)


@act
def end(*, offer_id: int, outcome: Outcome, reason: str, actor: Actor, at: datetime) -> OfferRow | None:
    """Let an offer end without being taken: refused, expired or withdrawn; it waits again where it stood.

    reason: a code of reasons.py, empty for none. For the process that then frees the person's seat.

    Returns None when the offer was over. Raises OfferNotFound, and for a refusal by somebody else the same. Records OfferEnded.
    """
    offer, row = _locked(offer_id)
    if outcome is Outcome.REFUSED and actor.user_id != offer.user_id:
        raise OfferNotFound(_("There is no such offer."))
    if offer.outcome != Outcome.OPEN:
        return None
    close(offer, row, outcome, reason=reason, actor=actor, at=at)
    waits.put_back(row)
    queue = Queue.objects.get(pk=row.queue_id)
    if queue.overflow_id is not None and queue.overflow_after_s is not None:
        # It may have become time while it was being offered.
        set_timer(kind=waits.OVERFLOW, subject_id=row.pk, due_at=max(at, waits.overflow_due(row, queue)))
    return offer_row(offer, row)


def _locked(offer_id: int) -> tuple[Offer, Waiting]:
    waiting_id = Offer.objects.filter(pk=offer_id).values_list("waiting_id", flat=True).first()
    row = Waiting.objects.select_for_update().filter(pk=waiting_id).first() if waiting_id is not None else None
    if row is None:
        raise OfferNotFound(_("There is no such offer."))
    return Offer.objects.select_for_update().get(pk=offer_id), row
