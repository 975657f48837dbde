"""The way of our messages out of the house: taken back, sent, failed, come back."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations.errors import AlreadyGone, MessageNotFound
from careloop.domains.conversations.events import DeliveryChanged, MessageRecalled
from careloop.domains.conversations.models import Delivery
from careloop.domains.conversations.services.writing import DISPATCH
from careloop.domains.conversations.states import MOVES, DeliveryState
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import clear_timer

__all__ = ["begin_sending", "move_delivery", "note_accepted", "recall", "release", "send_again"]


@act
def recall(*, message_id: int, actor: Actor, at: datetime) -> None:
    """Take a message back while it is still in the house. Raises MessageNotFound, AlreadyGone. Records MessageRecalled."""
    delivery = _locked(message_id)
    if delivery.state != DeliveryState.SCHEDULED:
        raise AlreadyGone(_("It has left already and cannot be taken back. Write a second message to put it right."))
    clear_timer(DISPATCH, subject_id=message_id)
    _save(delivery, DeliveryState.RECALLED, "", at)
    record(
        MessageRecalled(
            subject=subject("conversation", delivery.message.conversation_id),
            actor=str(actor),
            at=at,
            message_id=message_id,
        )
    )


@act
def release(*, message_id: int, actor: Actor, at: datetime) -> bool:
    """Queue a message that waited for its time, and say whether it did; any other is left alone.

    It waited for the end of the time to take it back, or for another try; what is uncertain, failed or came back leaves
    again only by a person's word. Raises MessageNotFound. Records DeliveryChanged.
    """
    delivery = _locked(message_id)
    if delivery.state not in {DeliveryState.SCHEDULED, DeliveryState.PAUSED}:
        return False
    _move(delivery, DeliveryState.QUEUED, "", actor, at)
    return True


@act
def begin_sending(*, message_id: int, actor: Actor, at: datetime) -> bool:
    """Claim a queued message for the wire and say whether it may go; to be committed before a byte is sent.

    A message found in `sending` was left there by a crash between the wire and the note of it: it becomes `uncertain`,
    for a person to judge, and does not go again. Raises MessageNotFound. Records DeliveryChanged.
    """
    delivery = _locked(message_id)
    match delivery.state:
        case DeliveryState.QUEUED:
            delivery.attempts += 1
            _move(delivery, DeliveryState.SENDING, "", actor, at)
            return True
        case DeliveryState.SENDING:
            _move(delivery, DeliveryState.UNCERTAIN, "interrupted", actor, at)
            return False
        case _:
            return False


@act
def note_accepted(*, message_id: int, addresses: Sequence[str]) -> None:
    """Note which recipients' servers have taken a message, so that another try leaves them out. Raises MessageNotFound."""
    delivery = _locked(message_id)
    delivery.accepted = sorted({*delivery.accepted, *addresses})
    delivery.save(update_fields=["accepted"])


@act
def move_delivery(*, message_id: int, to: DeliveryState, detail: str, actor: Actor, at: datetime) -> bool:
    """Note what became of a message and say whether that was news.

    detail: the other server's words, or a code of ours; at most 500 characters are kept.

    A report that the present state does not allow (a late "delayed" after "bounced") changes nothing and answers False.
    Raises MessageNotFound. Records DeliveryChanged.
    """
    delivery = _locked(message_id)
    if to not in MOVES[DeliveryState(delivery.state)]:
        return False
    _move(delivery, to, detail, actor, at)
    return True


@act
def send_again(*, message_id: int, may_send: bool, actor: Actor, at: datetime) -> None:
    """Queue a message again that failed, came back, or may never have left. Raises MessageNotFound, AlreadyGone.

    may_send: whether this workspace's mail reaches the wire at all; a demo keeps it once more.

    It keeps its Message-ID, so a server that did get it the first time recognizes it. Records DeliveryChanged.
    """
    delivery = _locked(message_id)
    again = DeliveryState.QUEUED if may_send else DeliveryState.NOT_SENT
    if again not in MOVES[DeliveryState(delivery.state)] or delivery.state == DeliveryState.SCHEDULED:
        raise AlreadyGone(_("This message does not need to be sent again."))
    _move(delivery, again, "", actor, at)


def _move(delivery: Delivery, to: DeliveryState, detail: str, actor: Actor, at: datetime) -> None:
    was = delivery.state
    _save(delivery, to, detail, at)
    record(
        DeliveryChanged(
            subject=subject("conversation", delivery.message.conversation_id),
            actor=str(actor),
            at=at,
            message_id=delivery.message_id,
            was=was,
            now=to,
            detail=detail[:500],
        )
    )


def _save(delivery: Delivery, to: DeliveryState, detail: str, at: datetime) -> None:
    delivery.state, delivery.detail, delivery.changed_at = to, detail[:500], at
    delivery.save(update_fields=["state", "detail", "changed_at", "attempts"])


def _locked(message_id: int) -> Delivery:
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("message").filter(message_id=message_id).first()
    )
    if delivery is None:
        raise MessageNotFound(_("There is no such message."))
    return delivery
