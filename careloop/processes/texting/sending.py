"""Our text messages on the wire, by the same rules as mail (docs/reasons/sending.md)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings

from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import messenger
from careloop.domains.channels.types import MessengerRow, MessengerState
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import message_row, text_to_send
from careloop.domains.conversations.services import DISPATCH
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import TextToSend
from careloop.gateways.texting import Outcome, Receipt, send_text
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.timers import set_timer
from careloop.processes.texting.house import TEXTING, account_of
from careloop.processes.texting.statuses import STOPPED, tell_message
from careloop.processes.workspace import workspace_facts

__all__ = ["put_on_wire"]

PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
NOT_LET_IN: Final = ("401", "403")


def put_on_wire(*, workspace_id: int, message_id: int, wire: Callable[..., Receipt] = send_text) -> None:
    """Hand over a text message that has been claimed for the wire. Opens its own scopes.

    wire: what asks the provider; another in tests of what lies between.
    """
    with workspace_scope(workspace_id):
        row = text_to_send(message_id)
        hindrance = "gone" if row is None else _hindrance(row)
        if row is None or hindrance:
            _move(message_id, DeliveryState.FAILED, hindrance)
            return
        try:
            box, account = messenger(row.messenger_id), account_of(row.messenger_id)
        except Refusal as refusal:
            _move(message_id, DeliveryState.FAILED, str(refusal))
            return
        callback = _callback(box, message_id)
    receipt = wire(account, sender=box.number, receiver=row.receiver, text=row.text, callback=callback)
    with workspace_scope(workspace_id):
        _conclude(row, receipt)


def _hindrance(row: TextToSend) -> str:
    """Return why a message must not leave, as a code; empty when it may. Both may have changed since it was written."""
    if row.is_stopped:
        return "stopped"
    return "" if messenger(row.messenger_id).state == MessengerState.LIVE else "not_live"


def _conclude(row: TextToSend, receipt: Receipt) -> None:
    at = clock.now()
    match receipt.outcome:
        case Outcome.ACCEPTED:
            conversations.name_text(message_id=row.message_id, provider_id=receipt.provider_id)
            _move(row.message_id, DeliveryState.SENT, "")
            channels.note_messenger_works(messenger_id=row.messenger_id, actor=TEXTING, at=at)
        case Outcome.TEMPORARY if row.attempts <= len(PAUSES):
            _move(row.message_id, DeliveryState.PAUSED, receipt.detail)
            set_timer(kind=DISPATCH, subject_id=row.message_id, due_at=at + PAUSES[row.attempts - 1])
        case Outcome.UNCERTAIN:
            _move(row.message_id, DeliveryState.UNCERTAIN, receipt.detail)
        case _:
            _move(row.message_id, DeliveryState.FAILED, receipt.detail)
            _note_refusal(row, receipt)
    tell_message(message_id=row.message_id, at=at)


def _note_refusal(row: TextToSend, receipt: Receipt) -> None:
    at = clock.now()
    words = receipt.detail.split()
    if words[:1] and words[0] in NOT_LET_IN:
        channels.note_messenger_failure(
            messenger_id=row.messenger_id, reason="wrong_token", detail=receipt.detail, actor=TEXTING, at=at
        )
    message = message_row(row.message_id)
    if STOPPED in words and message is not None:
        conversations.stop_texts(conversation_id=message.conversation_id, actor=TEXTING, at=at)


def _callback(box: MessengerRow, message_id: int) -> str:
    return f"{settings.PUBLIC_URL}/in/{workspace_facts().key}/texts/{box.key}/statuses/{message_id}"


def _move(message_id: int, to: DeliveryState, detail: str) -> None:
    conversations.move_delivery(message_id=message_id, to=to, detail=detail, actor=TEXTING, at=clock.now())
