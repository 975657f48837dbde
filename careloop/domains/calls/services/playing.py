"""Calls that somebody of ours plays: they ring on screens, and no telephone system knows of them, so they are in no fact."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.errors import CallNotFound, CallUnclear
from careloop.domains.calls.events import CallPlayed
from careloop.domains.calls.models import Call
from careloop.domains.calls.queries import played_call
from careloop.domains.calls.services.following import take_in
from careloop.domains.calls.types import Moved
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["PLAY_OVER", "end_forgotten_play", "go_on_playing", "play_call"]

PLAY_OVER = "calls.play_over"
"""The timer at which a call that is played is over, so that nobody stays in one that was forgotten."""
LONGEST: Final = timedelta(minutes=10)


@act
def play_call(
    *, pbx_id: int, seat: str, queue: str, number: str, people: Mapping[str, int], actor: Actor, at: datetime
) -> int:
    """Let a call ring at a seat of a telephone system that has no such call, and return it. One at a time for each who plays.

    For the process that knows who may. Raises CallUnclear. Records CallPlayed, CallBegan, CallRang.
    """
    if played_call(actor) is not None:
        raise CallUnclear(_("A call that you play goes on already. Hang up first."))
    key = f"{Call.PLAYED}{actor.id}-{uuid4().hex}"
    told = ((Happened.BEGAN, "", ""), (Happened.QUEUED, queue, ""), (Happened.RANG, queue, seat))
    steps = [Step(what=what, key=key, at=at, number=number, queue=into, seat=where) for what, into, where in told]
    take_in(pbx_id, steps, people, actor)
    call_id = Call.objects.values_list("pk", flat=True).get(pbx_id=pbx_id, key=key)
    record(CallPlayed(subject=subject("call", call_id), actor=str(actor), at=at))
    set_timer(kind=PLAY_OVER, subject_id=call_id, due_at=at + LONGEST)
    return call_id


@act
def go_on_playing(
    *, call_id: int, what: Happened, people: Mapping[str, int], actor: Actor, at: datetime
) -> list[Moved]:
    """Let a call that the actor plays be answered at the seat where it rings, or hung up on; return whose talk began or ended.

    what: ANSWERED or HUNG_UP. Done twice, nothing changes. Raises CallNotFound. Records CallAnswered, CallEnded.
    """
    call = Call.objects.filter(pk=call_id, key__startswith=f"{Call.PLAYED}{actor.id}-").first()
    if call is None:
        raise CallNotFound(_("You play no such call."))
    return _took(call, what, people, actor, at)


@act
def end_forgotten_play(*, call_id: int, people: Mapping[str, int], actor: Actor, at: datetime) -> list[Moved]:
    """End a call that has been played for as long as one may be. Records CallEnded unless it is over."""
    call = Call.objects.filter(pk=call_id, key__startswith=Call.PLAYED).first()
    return [] if call is None else _took(call, Happened.HUNG_UP, people, actor, at)


def _took(call: Call, what: Happened, people: Mapping[str, int], actor: Actor, at: datetime) -> list[Moved]:
    seat = next(iter(call.ringing), call.seat)
    if what == Happened.HUNG_UP:
        clear_timer(PLAY_OVER, subject_id=call.pk)
    return take_in(call.pbx_id, [Step(what=what, key=call.key, at=at, seat=seat)], people, actor)
