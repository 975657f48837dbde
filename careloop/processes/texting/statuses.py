"""What became of our text messages, in whatever order it is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import statuses_waiting
from careloop.domains.channels.types import HookRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_rows, delivery_state, message_row
from careloop.domains.conversations.states import DeliveryState
from careloop.gateways.texting import Unusable, read_status
from careloop.kernel.acts import act
from careloop.processes.texting.house import TEXTING

__all__ = ["STOPPED", "settle_status", "tell_message"]

STOPPED: Final = "21610"
"""The provider's code for somebody who has written STOP to this number."""
_TOLD: Final[Mapping[str, DeliveryState]] = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.BOUNCED,
    "failed": DeliveryState.BOUNCED,
}


@act
def settle_status(row: HookRow, *, at: datetime) -> None:
    """Tell a message of ours what became of it.

    What comes while it is still being handed over waits until that is known; what comes late changes nothing that is later.
    """
    try:
        told = read_status(row.body)
    except Unusable as problem:
        channels.quarantine_hook(hook_id=row.id, reason=problem.reason, detail="", actor=TEXTING, at=at)
        return
    message_id = row.about_id or 0
    state = delivery_state(message_id, messenger_id=row.messenger_id)
    if state is None:
        channels.quarantine_hook(hook_id=row.id, reason="unknown_message", detail="", actor=TEXTING, at=at)
        return
    if state == DeliveryState.SENDING:
        return
    to = _TOLD.get(told.status)
    if to is not None:
        conversations.move_delivery(
            message_id=message_id,
            to=to,
            detail=told.detail if to is DeliveryState.BOUNCED else "",
            actor=TEXTING,
            at=at,
        )
    message = message_row(message_id)
    if message is not None and STOPPED in told.detail.split():
        conversations.stop_texts(conversation_id=message.conversation_id, actor=TEXTING, at=at)
    channels.accept_hook(hook_id=row.id, message_id=message_id, actor=TEXTING, at=at)


@act
def tell_message(*, message_id: int, at: datetime) -> None:
    """Tell a message what was said of it before we knew whether it had left."""
    message = message_row(message_id)
    if message is None:
        return
    messenger_id = conversation_rows([message.conversation_id])[message.conversation_id].messenger_id
    if messenger_id is None:
        return
    for hook_id in statuses_waiting(message_id, messenger_id=messenger_id):
        row = channels.begin_hook(hook_id=hook_id)
        if row is not None:
            settle_status(row, at=at)
