"""A person's seat: locked before it is looked at, and worked out anew after every change of what decides."""

from datetime import datetime, timedelta
from typing import Final

from careloop.domains.workforce.events import PresenceChanged
from careloop.domains.workforce.models import Seat
from careloop.domains.workforce.settling import Doing, open_kinds, state_of
from careloop.domains.workforce.states import State
from careloop.domains.workforce.types import USUAL
from careloop.kernel.actors import Actor
from careloop.kernel.bells import ROUTING, ring_bell
from careloop.kernel.events import record, subject

__all__ = ["doing_of", "locked", "locked_if_free", "settle"]

_DECIDED: Final = (
    "chosen", "chosen_at", "chosen_reason", "state", "reason", "since", "forced_by", "wraps_until", "rests_until", "is_on_hold",
    "is_offered", "most", "room",
    "held", "load", "open_kinds", "idle_since", "last_offered_at", "seeks_since",
)  # fmt: skip


def locked(user_id: int, *, at: datetime) -> Seat:
    """Return somebody's seat, locked until the transaction ends; it is made when they have none."""
    Seat.objects.bulk_create(
        [Seat(user_id=user_id, chosen_at=at, since=at, room=USUAL.room, most=dict(USUAL.most))], ignore_conflicts=True
    )
    return Seat.objects.select_for_update().get(pk=user_id)


def locked_if_free(user_id: int) -> Seat | None:
    """Return somebody's seat, locked; None when they have none, or when somebody else changes it at this moment."""
    return Seat.objects.select_for_update(skip_locked=True).filter(pk=user_id).first()


def doing_of(seat: Seat) -> Doing:
    """Return what decides what somebody does."""
    return Doing(
        chosen=State(seat.chosen),
        is_offered=seat.is_offered,
        is_on_hold=seat.is_on_hold,
        held=seat.held,
        load=seat.load,
        room=seat.room,
        most=seat.most,
        wraps_until=seat.wraps_until,
    )


def settle(seat: Seat, *, actor: Actor, at: datetime, reason: str | None = None, forced_by: str = "") -> None:
    """Work out what a locked seat's person does and has room for now, and save it.

    reason: of a state that was chosen just now; None where nobody chose. Where a customer comes first, it shows afterwards.

    Records PresenceChanged where it shows, and looks for work where there is room.
    """
    # Clocks of two machines may differ by a little; a state never ends before it began.
    at = max(at, seat.since)
    doing = doing_of(seat)
    now = state_of(doing, at=at)
    if reason is not None:
        seat.chosen_reason = reason
    kept = seat.chosen_reason if now is doing.chosen else ""
    if now is not State(seat.state) or kept != seat.reason:
        record(
            PresenceChanged(
                subject=subject("seat", seat.user_id),
                actor=str(actor),
                at=at,
                state=now,
                reason=kept,
                forced_by=forced_by,
                was=seat.state,
                was_reason=seat.reason,
                since=seat.since,
            )
        )
        seat.state, seat.reason, seat.since, seat.forced_by = now, kept, at, forced_by
    seat.open_kinds = open_kinds(doing, at=at)
    is_idle = doing.chosen is State.AVAILABLE and not doing.load and now in {State.AVAILABLE, State.RINGING}
    seat.idle_since = (seat.idle_since or at) if is_idle else None
    # Never the same twice: whoever has looked everywhere says for which reason, and a newer one stands.
    later = seat.seeks_since + timedelta(microseconds=1) if seat.seeks_since is not None else at
    seat.seeks_since = max(at, later) if seat.open_kinds else None
    seat.save(update_fields=_DECIDED)
    if seat.open_kinds:
        ring_bell(ROUTING)
