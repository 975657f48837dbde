"""What people have in hand, and what they are being offered."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Sum

from careloop.domains.workforce.models import Holding, Seat
from careloop.domains.workforce.services.presence import WRAP_OVER
from careloop.domains.workforce.services.seats import locked, locked_if_free, settle
from careloop.domains.workforce.states import LIVE
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.bells import ROUTING, ring_bell
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import set_timer

__all__ = ["begin_offer", "end_offer", "hold", "let_go", "look_everywhere", "looked_everywhere"]


@act
def begin_offer(*, user_id: int, kind: str, weight: int, actor: Actor, at: datetime) -> bool:
    """Note that somebody is being offered something, and say whether they can be.

    For the process that offers, in the transaction of its act. False when they have no room for it, or when somebody else changes
    their seat at this moment: then they are not waited for.

    Records PresenceChanged.
    """
    seat = locked_if_free(user_id)
    if seat is None or kind not in seat.open_kinds or seat.load + weight > seat.room:
        return False
    seat.is_offered, seat.last_offered_at = True, at
    settle(seat, actor=actor, at=at)
    return True


@act
def end_offer(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Note that somebody is not being offered anything any more. Records PresenceChanged."""
    seat = locked(user_id, at=at)
    seat.is_offered = False
    settle(seat, actor=actor, at=at)


@act
def hold(*, user_id: int, kind: str, subject_id: int, weight: int, actor: Actor, at: datetime) -> None:
    """Note that somebody has something of the workspace in scope in hand; whoever had it before has it no more.

    weight: room that it takes. What they are given by hand may go beyond their room: then nothing is offered until there is some.

    Records PresenceChanged where it shows, for both.
    """
    before = _holding(kind, subject_id)
    seats = {pk: locked(pk, at=at) for pk in sorted({user_id, *([before.seat_id] if before is not None else [])})}
    # Looked at again under the locks: who had it may have changed while they were waited for.
    before = _holding(kind, subject_id)
    if before is not None and before.seat_id == user_id and before.weight == weight:
        return
    if before is not None:
        before.delete()
        if before.seat_id != user_id:
            _count(seats.get(before.seat_id) or locked(before.seat_id, at=at), actor=actor, at=at)
    Holding.objects.create(
        seat_id=user_id, workspace_id=current_workspace(), kind=kind, subject_id=subject_id, weight=weight, since=at
    )
    _count(seats[user_id], actor=actor, at=at)


@act
def let_go(*, kind: str, subject_id: int, wrap_s: int = 0, actor: Actor, at: datetime) -> None:
    """Note that nobody has something of the workspace in scope in hand any more.

    wrap_s: how long they write up afterwards, where it was a live contact and their last one.

    Records PresenceChanged where it shows.
    """
    before = _holding(kind, subject_id)
    if before is None:
        return
    seat = locked(before.seat_id, at=at)
    if not Holding.objects.filter(pk=before.pk).delete()[0]:
        return
    is_last = not Holding.objects.filter(seat=seat, kind__in=LIVE).exists()
    if kind in LIVE and is_last:
        seat.is_on_hold = False
        if wrap_s and not (seat.rests_until and seat.rests_until > at):
            seat.wraps_until = at + timedelta(seconds=wrap_s)
            set_timer(kind=WRAP_OVER, subject_id=seat.pk, due_at=seat.wraps_until)
    _count(seat, actor=actor, at=at)


@act
def looked_everywhere(*, user_id: int, seen: datetime | None) -> None:
    """Note that work was looked for everywhere and none was found, unless there is a newer reason to look than the one `seen`."""
    Seat.objects.filter(pk=user_id, seeks_since=seen).update(seeks_since=None)


@act
def look_everywhere(*, at: datetime) -> None:
    """Let everybody who has room look for work again: a queue has opened, or something may have been missed."""
    Seat.objects.filter(seeks_since__isnull=True).exclude(open_kinds=[]).update(seeks_since=at)
    ring_bell(ROUTING)


def _holding(kind: str, subject_id: int) -> Holding | None:
    return Holding.objects.filter(workspace_id=current_workspace(), kind=kind, subject_id=subject_id).first()


def _count(seat: Seat, *, actor: Actor, at: datetime) -> None:
    rows = Holding.objects.filter(seat=seat)
    seat.held = dict(Counter(rows.values_list("kind", flat=True)))
    seat.load = rows.aggregate(load=Sum("weight"))["load"] or 0
    settle(seat, actor=actor, at=at)
