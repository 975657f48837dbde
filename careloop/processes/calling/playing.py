"""Somebody of ours calls us without a telephone: the call comes to a screen as any other, and is in no number."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import services as calls
from careloop.domains.calls.course import Happened
from careloop.domains.calls.queries import call_row, is_call
from careloop.domains.telephony import rules
from careloop.domains.telephony.errors import MayNotKeepPhones, PbxNotFound
from careloop.domains.telephony.queries import people_behind, seats
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.calling.following import move_people
from careloop.processes.phoning import PHONES
from careloop.processes.playing import player_number

__all__ = ["end_play", "hang_up_play", "pick_up_play", "play_call"]


@act
def play_call(*, pbx_id: int, seat_id: int, queue: str, actor: Actor, at: datetime) -> int:
    """Call us as a customer would, with a number that nobody can have; it rings at one seat. Returns the call.

    queue: through which it comes; empty for none. Raises MayNotKeepPhones, PbxNotFound, CallUnclear.
    """
    _check(actor)
    seat = next((one for one in seats(pbx_id) if one.id == seat_id), None)
    if seat is None:
        raise PbxNotFound(_("This telephone system knows no such agent."))
    return calls.play_call(
        pbx_id=pbx_id,
        seat=seat.name,
        queue=queue.strip(),
        number=player_number(actor),
        people=people_behind(pbx_id),
        actor=actor,
        at=at,
    )


@act
def pick_up_play(*, call_id: int, actor: Actor, at: datetime) -> None:
    """Pick the phone up at which a call that one plays rings. Raises MayNotKeepPhones, CallNotFound."""
    _go_on(call_id, Happened.ANSWERED, actor, at)


@act
def hang_up_play(*, call_id: int, actor: Actor, at: datetime) -> None:
    """Hang up on a call that one plays. Raises MayNotKeepPhones, CallNotFound."""
    _go_on(call_id, Happened.HUNG_UP, actor, at)


def end_play(call_id: int, at: datetime) -> None:
    """End a call that somebody plays and has forgotten, so that nobody stays in it."""
    if is_call(call_id):
        people = people_behind(call_row(call_id).pbx_id)
        move_people(calls.end_forgotten_play(call_id=call_id, people=people, actor=PHONES, at=at), at=at)


def _go_on(call_id: int, what: Happened, actor: Actor, at: datetime) -> None:
    _check(actor)
    people = people_behind(call_row(call_id).pbx_id) if is_call(call_id) else {}
    move_people(calls.go_on_playing(call_id=call_id, what=what, people=people, actor=actor, at=at), at=at)


def _check(actor: Actor) -> None:
    if not rules.may_keep_phones(actor) or actor.user_id is None:
        raise MayNotKeepPhones(_("Owners and managers try the channels. Ask one of them."))
