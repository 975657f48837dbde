"""Text messages and the conversations they stand in."""

from careloop.domains.conversations.models import Conversation, Delivery, Text
from careloop.domains.conversations.types import TextToSend

__all__ = ["delivery_state", "is_text", "text_to_send", "texting_between"]


def texting_between(*, messenger_id: int, peer: str) -> int | None:
    """Return the conversation between a number of ours and a customer's, or None before the first word."""
    found = Conversation.objects.filter(messenger_id=messenger_id, peer=peer)
    return found.values_list("pk", flat=True).first()


def is_text(message_id: int) -> bool:
    """Say whether a message is a text message."""
    return Text.objects.filter(message_id=message_id).exists()


def text_to_send(message_id: int) -> TextToSend | None:
    """Return what is needed to put a text message on the wire, or None when it is none."""
    found = Text.objects.select_related("message__conversation").filter(message_id=message_id).first()
    delivery = Delivery.objects.filter(message_id=message_id).first()
    if found is None or delivery is None or found.message.conversation.messenger_id is None:
        return None
    conversation = found.message.conversation
    return TextToSend(
        message_id=message_id,
        messenger_id=found.message.conversation.messenger_id,
        receiver=conversation.peer,
        text=found.message.text,
        attempts=delivery.attempts,
        is_stopped=conversation.stopped_at is not None,
    )


def delivery_state(message_id: int, *, messenger_id: int) -> str | None:
    """Return what became of a text message of ours so far; None when this number of ours sent no such message."""
    found = Delivery.objects.filter(message_id=message_id, message__conversation__messenger_id=messenger_id)
    return found.values_list("state", flat=True).first()
