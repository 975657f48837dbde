"""Conversations, messages, contacts and files."""

from datetime import datetime

from careloop.faces.api.shapes.common import Id, PageAsked, Shown

__all__ = [
    "ContactAsked",
    "ContactList",
    "ContactPage",
    "ContactShown",
    "ConversationList",
    "ConversationShown",
    "FileShown",
    "MessagePage",
    "MessageShown",
]


class ConversationShown(Shown):
    """A conversation. messenger_id, peer: between which number of ours and which of the customer's text messages go.

    stopped_at: since when the customer wants no more text messages.
    """

    id: int
    channel: str
    audience: str
    customer_id: int
    mailbox_id: int | None
    messenger_id: int | None
    peer: str
    stopped_at: datetime | None
    subject: str


class ConversationList(Shown):
    items: list[ConversationShown]


class MailShown(Shown):
    rfc_message_id: str
    subject: str
    from_name: str
    from_address: str
    reply_to: str
    to: list[str]
    cc: list[str]
    bcc: list[str]
    spf: str
    dkim: str
    dmarc: str


class DeliveryShown(Shown):
    state: str
    changed_at: datetime
    detail: str


class AttachedShown(Shown):
    file_id: int
    content_id: str
    is_inline: bool


class MessageShown(Shown):
    """A message. html is sanitized; its remote images keep their addresses in data-blocked-src.

    segment_count: in how many pieces a text message travels; null for any other.
    """

    id: int
    conversation_id: int
    author: str
    customer_id: int | None
    user_id: int | None
    at: datetime
    is_auto: bool
    warnings: list[str]
    text: str
    quoted: str
    html: str
    mail: MailShown | None
    delivery: DeliveryShown | None
    segment_count: int | None
    files: list[AttachedShown]


class MessagePage(Shown):
    """The newest first."""

    items: list[MessageShown]
    next_cursor: str | None


class SegmentShown(Shown):
    sequence: int
    team_id: int | None
    agent_id: int | None
    queued_at: datetime
    answered_at: datetime | None
    left_at: datetime | None
    released_at: datetime | None
    exit: str


class ContactShown(Shown):
    """One interaction as the customer lived it. outcome: “open” while it goes on."""

    id: int
    conversation_id: int
    customer_id: int
    channel: str
    direction: str
    arrived_at: datetime
    ended_at: datetime | None
    outcome: str
    segments: list[SegmentShown]


class ContactAsked(PageAsked):
    customer_id: Id | None = None


class ContactPage(Shown):
    items: list[ContactShown]
    next_cursor: str | None


class ContactList(Shown):
    items: list[ContactShown]


class FileShown(Shown):
    """A file. content_type: what its bytes say. is_risky: never to be opened inside a page."""

    id: int
    name: str
    content_type: str
    byte_count: int
    sha256: str
    is_risky: bool
    width: int | None
    height: int | None
