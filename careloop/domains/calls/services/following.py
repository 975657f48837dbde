"""What telephone systems tell becomes rows: each piece once, whatever happens to the line or to us."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from careloop.domains.calls.course import OF_TRANSFERS, WHOLE, CallCourse, Happened, Step, stepped
from careloop.domains.calls.events import (
    CallAnswered,
    CallBegan,
    CallEnded,
    CallHandedOn,
    CallMissed,
    CallRang,
)
from careloop.domains.calls.models import Call, Followed, Transfer
from careloop.domains.calls.passing import heard
from careloop.domains.calls.services.passing import end_transfer, open_transfers, passing_of
from careloop.domains.calls.services.recording import end_pauses_of
from careloop.domains.calls.services.standing import tell_standing
from careloop.domains.calls.standing import JUST_LEFT, stood
from careloop.domains.calls.states import CallState, TransferState
from careloop.domains.calls.types import Moved
from careloop.domains.customers.queries import customers_of_number
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = ["begun", "course_of_row", "follow_calls", "on_its_way", "stand", "take_in"]

_TOLD: Final = tuple(field.name for field in fields(CallCourse))
WITH_AGENT: Final = frozenset({CallState.TALKING, CallState.CALLING})
JUST_ASKED: Final = timedelta(minutes=1)
"""A call of ours that was asked for so lately may not have been there yet when the telephone system said how it stands."""


@act
def follow_calls(
    *,
    pbx_id: int,
    piece: int,
    steps: Sequence[Step],
    present: frozenset[str] | None,
    standing_at: datetime | None,
    people: Mapping[str, int],
    actor: Actor,
    at: datetime,
    waiting: frozenset[str] | None = None,
) -> list[Moved]:
    """Take in one piece of what a telephone system sent, and return whose talks began or ended in it.

    piece: its number; one that was taken in before is passed over. steps: in the order in which they happened.
    present: the calls that were there when the telephone system said how everything stands, at `standing_at`; None when it did not.
    waiting: those of them that stood in a queue; None where it did not say.
    people: who stands behind each seat.

    Records CallBegan, CallQueued, CallRang, CallMissed, CallLeftQueue, CallAnswered, CallHandedOn, CallEnded, CallTransferEnded.
    """
    Followed.objects.bulk_create([Followed(pbx_id=pbx_id, piece=0)], ignore_conflicts=True)
    followed = Followed.objects.select_for_update().get(pbx_id=pbx_id)
    if piece <= followed.piece:
        return []
    told = [*steps, *_gone(pbx_id, present, standing_at), *_lost_in_line(pbx_id, present, waiting, standing_at)]
    moved: list[Moved] = []
    if told:
        moved = take_in(pbx_id, told, people, actor)
        moved += take_in(pbx_id, _let_go(pbx_id, heard_until=max(step.at for step in told)), people, actor)
    followed.piece = piece
    followed.save(update_fields=["piece"])
    return moved


def _gone(pbx_id: int, present: frozenset[str] | None, standing_at: datetime | None) -> list[Step]:
    """Return the ends of calls that are not there any more, as far as they had begun when it was asked."""
    if present is None or standing_at is None:
        return []
    lasting = Call.objects.filter(pbx_id=pbx_id, seen_at__lte=standing_at).exclude(
        Q(state=CallState.ENDED) | Q(state=CallState.CALLING, seen_at__gt=standing_at - JUST_ASKED)
    )
    # A telephone system knows nothing of calls that somebody plays.
    keys = lasting.exclude(key__startswith=Call.PLAYED).order_by("pk").values_list("key", flat=True)
    return [Step(what=Happened.GONE, key=key, at=standing_at) for key in keys if key not in present]


def _lost_in_line(
    pbx_id: int, present: frozenset[str] | None, waiting: frozenset[str] | None, standing_at: datetime | None
) -> list[Step]:
    """Return that some calls stand in no queue any more, though nobody heard how they left it; nothing else was heard of them."""
    if present is None or waiting is None or standing_at is None:
        return []
    standing = Call.objects.filter(pbx_id=pbx_id, queued_at__lt=standing_at - WHOLE, left_queue_at__isnull=True)
    standing = standing.exclude(Q(key__startswith=Call.PLAYED) | Q(state=CallState.ENDED))
    found = standing.order_by("pk").values_list("key", "seen_at")
    return [
        Step(what=Happened.NOT_WAITING, key=key, at=seen_at)
        for key, seen_at in found
        if key in present and key not in waiting
    ]


def _let_go(pbx_id: int, *, heard_until: datetime) -> list[Step]:
    """Return that nobody in their queue has answered callers who left it a while ago: they are in a mailbox or a menu now."""
    left = Call.objects.filter(pbx_id=pbx_id, left_queue_at__lt=heard_until - JUST_LEFT).exclude(state=CallState.ENDED)
    found = left.order_by("pk").values_list("key", "seen_at")
    return [Step(what=Happened.NOT_WAITING, key=key, at=seen_at) for key, seen_at in found]


def take_in(pbx_id: int, steps: Sequence[Step], people: Mapping[str, int], actor: Actor) -> list[Moved]:
    """Take in some steps in their order, and return whose talks began or ended."""
    keys = {step.key for step in steps}
    rows = Call.objects.filter(pbx_id=pbx_id, key__in=keys).select_for_update().order_by("pk")
    calls = {call.key: call for call in rows}
    transfers = open_transfers([call.pk for call in calls.values()])
    moved: list[Moved] = []
    for told in steps:
        call = calls.get(told.key)
        step = on_its_way(transfers.get(call.pk) if call is not None else None, told, actor)
        if step is None:
            continue
        before = course_of_row(call) if call is not None else None
        now = stepped(before, step)
        if now is None or now == before:
            continue
        if call is None:
            call = calls[step.key] = begun(pbx_id, step.key, now, actor)
        moved += stand(call, before, now, people, actor)
        tell_standing(call, stood(before, step, now), actor=actor)
    return moved


def on_its_way(transfer: Transfer | None, step: Step, actor: Actor) -> Step | None:
    """Take in what a step makes of a call that is being passed on; return the step that its course takes, if any."""
    if transfer is None:
        if step.what == Happened.TAKEN_OVER:
            # Announced and handed over from the phone itself: to whom, nobody says.
            return replace(step, what=Happened.PASSED_ON)
        return None if step.what in OF_TRANSFERS else step
    was = passing_of(transfer)
    now, taken = heard(was, step)
    if now != was and now.state != TransferState.ASKED:
        end_transfer(transfer, state=now.state, why=now.why, actor=actor, at=max(step.at, transfer.asked_at))
    return taken


def begun(pbx_id: int, key: str, now: CallCourse, actor: Actor) -> Call:
    """Begin the row of a call of which somebody hears for the first time. Records CallBegan."""
    call = Call(
        pbx_id=pbx_id, key=key, customer_id=_known_caller(now.number), began_at=now.began_at, seen_at=now.seen_at
    )
    call.save()
    about = subject("call", call.pk)
    record(CallBegan(subject=about, actor=str(actor), at=now.began_at, pbx_id=pbx_id, customer_id=call.customer_id))
    return call


def course_of_row(call: Call) -> CallCourse:
    """Return a call's course so far, as its row says."""
    told = {name: getattr(call, name) for name in _TOLD}
    told |= {"ringing": tuple(call.ringing), "missed": tuple(call.missed), "state": CallState(call.state)}
    return CallCourse(**told)


def stand(
    call: Call, before: CallCourse | None, now: CallCourse, people: Mapping[str, int], actor: Actor
) -> list[Moved]:
    """Let a call stand as its course says now, and return whose talk began or ended.

    before: None for a call that has just begun.
    """
    if before is not None and not before.number and now.number and call.customer_id is None:
        call.customer_id = _known_caller(now.number)
    was_agent = call.agent_id if call.state in WITH_AGENT else None
    if now.answered_at is not None and (now.seat != call.seat or call.agent_id is None):
        call.agent_id = people.get(now.seat)
    for name in _TOLD:
        value = getattr(now, name)
        setattr(call, name, list(value) if isinstance(value, tuple) else value)
    call.save()
    if now.ended_at is not None:
        end_pauses_of(call, at=now.ended_at)
    _tell(call, before, now, people, actor)
    is_agent = call.agent_id if call.state in WITH_AGENT else None
    if was_agent == is_agent:
        return []
    return [
        Moved(call_id=call.pk, agent_id=who, talks=talks, at=now.seen_at)
        for who, talks in ((was_agent, False), (is_agent, True))
        if who is not None
    ]


def _known_caller(number: str) -> int | None:
    """Return whose number it is, if it is one customer's and no other's: nobody is guessed."""
    found = customers_of_number(number, limit=2)
    return found[0] if len(found) == 1 else None


def _tell(call: Call, before: CallCourse | None, now: CallCourse, people: Mapping[str, int], actor: Actor) -> None:
    """Record what a step changed for those who look on."""
    about, by, at = subject("call", call.pk), str(actor), now.seen_at
    was = before or CallCourse(began_at=now.began_at, seen_at=now.seen_at)
    rang = _behind(was.ringing, people)
    agent = (call.agent_id,) if call.agent_id is not None else ()
    if now.ended_at is not None and was.ended_at is None:
        ended = CallEnded(
            subject=about, actor=by, at=at, ending=now.ending, agent_id=call.agent_id, people=_once(rang, agent)
        )
        record(ended)
    elif now.state != was.state and now.state == CallState.TALKING:
        record(CallAnswered(subject=about, actor=by, at=at, agent_id=call.agent_id, people=_once(rang, agent)))
    elif now.state != was.state and was.state == CallState.TALKING:
        record(CallHandedOn(subject=about, actor=by, at=at, agent_id=call.agent_id, people=agent))
    elif set(now.ringing) - set(was.ringing):
        record(CallRang(subject=about, actor=by, at=at, people=_behind(now.ringing, people)))
    elif set(was.ringing) - set(now.ringing):
        record(CallMissed(subject=about, actor=by, at=at, people=rang))


def _behind(seats: Sequence[str], people: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted({people[seat] for seat in seats if seat in people}))


def _once(*groups: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({one for group in groups for one in group}))
