"""What happens in conversations."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "ConversationStarted",
    "DeliveryChanged",
    "MessageRecalled",
    "MessageReceived",
    "MessageWritten",
    "SavedReplyChanged",
    "TextsStopped",
    "TextsWanted",
]


@event_type("conversation.started")
class ConversationStarted(Event):
    channel: str
    audience: str
    customer_id: int


@event_type("message.received")
class MessageReceived(Event):
    """subject: "conversation:7". A word from outside: the customer's or a third party's."""

    message_id: int
    author: str
    customer_id: int
    is_auto: bool
    channel: str
    audience: str


@event_type("message.written")
class MessageWritten(Event):
    """subject: "conversation:7". A word of ours: an agent's, or the house's own."""

    message_id: int
    author: str
    user_id: int | None
    is_auto: bool
    channel: str
    audience: str


@event_type("message.recalled")
class MessageRecalled(Event):
    message_id: int


@event_type("message.delivery_changed")
class DeliveryChanged(Event):
    message_id: int
    was: str
    now: str
    detail: str


@event_type("saved_reply.changed")
class SavedReplyChanged(Event):
    change: str


@event_type("texts.stopped")
class TextsStopped(Event):
    """subject: "conversation:7". The customer wrote STOP: no more text messages from this number of ours."""

    customer_id: int


@event_type("texts.wanted")
class TextsWanted(Event):
    """subject: "conversation:7". The customer wrote START after a STOP."""

    customer_id: int
