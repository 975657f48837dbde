"""Calls that are passed on: the row that is there before the telephone system is asked, and what came of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.calls import rules
from careloop.domains.calls.errors import AlreadyPassedOn, CallUnclear, MayNotHandleCalls, NotYourCall
from careloop.domains.calls.events import CallTransferAsked, CallTransferEnded
from careloop.domains.calls.models import Call, Transfer
from careloop.domains.calls.passing import OPEN, UNHEARD, Passing
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.calls.states import CallState, TransferKind, TransferState, TransferWhy
from careloop.domains.calls.types import Receiver
from careloop.domains.telephony.types import OwnPhone
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["ask_transfer", "check_transferable", "end_transfer", "note_not_transferred", "open_transfers", "passing_of"]

LONGEST_NOTE: Final = 2_000


def check_transferable(*, call_id: int, actor: Actor) -> int:
    """Check that somebody may pass a call on now, and return who they are.

    Raises CallNotFound, MayNotHandleCalls, NotYourCall, CallUnclear.
    """
    row = call_seen_by(actor, call_id=call_id)
    if not rules.may_handle(actor):
        raise MayNotHandleCalls(_("Your role looks at calls but does not deal with them."))
    if row.is_outbound:
        raise CallUnclear(_("We made this call. Only calls that came in are passed on from here; use your phone."))
    if row.state != CallState.TALKING:
        raise CallUnclear(_("Nobody talks in this call now. Only a call that goes on can be passed on."))
    if actor.user_id is None or row.agent_id != actor.user_id:
        raise NotYourCall(_("Whoever talks to the caller passes the call on."))
    return actor.user_id


@act
def ask_transfer(
    *, call_id: int, receiver: Receiver, phone: OwnPhone, kind: str, note: str, actor: Actor, at: datetime
) -> tuple[int, str]:
    """Note that a call is passed on, before the telephone system is asked; return the transfer and the call's key.

    phone: the sender's. kind: "blind" or "attended". note: plain text for whoever takes it, may be empty.

    Raises as `check_transferable`, and AlreadyPassedOn. Records CallTransferAsked.
    """
    call_seen_by(actor, call_id=call_id)
    call = Call.objects.select_for_update().get(pk=call_id)
    sender_id = check_transferable(call_id=call_id, actor=actor)
    if kind not in TransferKind.values:
        raise CallUnclear(_("A call is passed on at once, or after announcing it."))
    if receiver.user_id == actor.user_id:
        raise CallUnclear(_("You have this call already. Choose somebody else."))
    if receiver.queue and kind == TransferKind.ATTENDED:
        raise CallUnclear(_("Nobody can be spoken to in a queue beforehand. Pass the call on at once."))
    if len(note) > LONGEST_NOTE:
        raise CallUnclear(_("A note with a call that is passed on has at most 2,000 characters."))
    before = Transfer.objects.filter(call=call, state=TransferState.ASKED).first()
    if before is not None:
        if at - before.asked_at < UNHEARD:
            raise AlreadyPassedOn(_("This call is being passed on already. Wait a minute for what comes of it."))
        end_transfer(before, state=TransferState.CAME_BACK, why=TransferWhy.FAILED, actor=actor, at=at)
    transfer = Transfer(
        call=call,
        sender_id=sender_id,
        receiver_id=receiver.user_id,
        queue=receiver.queue,
        kind=kind,
        note=note.strip(),
        sender_seat=call.seat,
        sender_phone=phone.channel,
        seat=receiver.seat,
        phone=receiver.phone,
        asked_at=at,
    )
    try:
        with attempt():
            transfer.save()
    except IntegrityError:
        raise AlreadyPassedOn(_("This call is being passed on already. Wait a minute for what comes of it.")) from None
    record(
        CallTransferAsked(
            subject=subject("call", call_id),
            actor=str(actor),
            at=at,
            transfer_id=transfer.pk,
            kind=kind,
            receiver_id=receiver.user_id,
            queue=receiver.queue,
            people=_people(transfer),
        )
    )
    return transfer.pk, call.key


@act
def note_not_transferred(*, transfer_id: int, actor: Actor, at: datetime) -> None:
    """Note that the telephone system did not pass a call on. Records CallTransferEnded."""
    transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
    if transfer.state == TransferState.ASKED:
        end_transfer(transfer, state=TransferState.REFUSED, why=TransferWhy.FAILED, actor=actor, at=at)


def open_transfers(call_ids: Collection[int]) -> dict[int, Transfer]:
    """Return by call how it is passed on last, where it may still be taken or come back. Locked; inside an act."""
    if not call_ids:
        return {}
    newest = Transfer.objects.filter(call_id__in=call_ids).order_by("call_id", "-pk").distinct("call_id")
    found = Transfer.objects.select_for_update().filter(pk__in=[one.pk for one in newest], state__in=OPEN)
    return {one.call_id: one for one in found.order_by("pk")}


def passing_of(transfer: Transfer) -> Passing:
    return Passing(
        kind=transfer.kind,
        sender_seat=transfer.sender_seat,
        sender_phone=transfer.sender_phone,
        seat=transfer.seat,
        phone=transfer.phone,
        state=transfer.state,
        why=transfer.why,
    )


def end_transfer(transfer: Transfer, *, state: str, why: str, actor: Actor, at: datetime) -> None:
    """Keep what came of a call that was passed on. Inside an act. Records CallTransferEnded."""
    transfer.state, transfer.why, transfer.ended_at = state, why, at
    transfer.save(update_fields=["state", "why", "ended_at"])
    record(
        CallTransferEnded(
            subject=subject("call", transfer.call_id),
            actor=str(actor),
            at=at,
            transfer_id=transfer.pk,
            state=state,
            why=why,
            sender_id=transfer.sender_id,
            receiver_id=transfer.receiver_id,
            queue=transfer.queue,
            people=_people(transfer),
        )
    )


def _people(transfer: Transfer) -> tuple[int, ...]:
    return tuple(sorted({one for one in (transfer.sender_id, transfer.receiver_id) if one is not None}))
