"""What may cross the threshold."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from careloop.kernel.actors import Actor

__all__ = [
    "AttachedFile",
    "Audience",
    "Author",
    "Channel",
    "DeliveryRow",
    "Inbound",
    "KnownMail",
    "MailFacts",
    "MailRow",
    "MessageRow",
    "NewConversation",
    "Outbound",
    "OutgoingRow",
    "SavedReplyRow",
    "TextFacts",
    "TextToSend",
]


class Channel(models.TextChoices):
    EMAIL = "email", _("Mail")
    WEB_FORM = "web_form", _("Web form")
    PORTAL = "portal", _("Portal")
    VOICE = "voice", _("Phone")
    LETTER = "letter", _("Letter")
    IN_PERSON = "in_person", _("Counter")
    CHAT = "chat", _("Chat")
    SMS = "sms", _("Text message")
    API = "api", _("API")


class Audience(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    THIRD_PARTY = "third_party", _("Third party")


class Author(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    THIRD_PARTY = "third_party", _("Third party")
    AGENT = "agent", _("Agent")
    HOUSE = "house", _("Automatic")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFacts:
    """What a message is as a mail. Ids without angle brackets; addresses in lower case.

    is_answerable: False when its headers tell machines to stay silent.
    """

    rfc_message_id: str
    subject: str
    from_address: str
    from_name: str = ""
    reply_to: str = ""
    references: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    is_answerable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """What a message is as a text message. provider_id: empty until the provider took it. segment_count: pieces it travels in."""

    provider_id: str = ""
    segment_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file to hang on a message. content_id: what the HTML calls it, or empty."""

    file_id: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversation:
    """A conversation that begins.

    customer_id: whom it is with; for a third party, the customer record of that party.
    mailbox_id: the mailbox answers leave through; None where nothing is mailed.
    messenger_id, peer: the number of ours and the customer's between which it goes on; None and empty elsewhere.
    is_test: somebody of ours plays the customer; nothing we say there leaves the house.
    """

    channel: str
    audience: str
    customer_id: int
    mailbox_id: int | None
    subject_line: str
    messenger_id: int | None = None
    peer: str = ""
    is_test: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A word from outside.

    author: `customer` or `third_party`. customer_id: who wrote it. warnings: codes of what is odd about it.
    at: the provider's time; it places the message among the others.
    by: who says it to us, if not whoever brings it in.
    """

    conversation_id: int
    author: str
    author_name: str
    customer_id: int
    text: str
    quoted: str = ""
    html: str = ""
    is_auto: bool = False
    warnings: tuple[str, ...] = ()
    mail: MailFacts | None = None
    texted: TextFacts | None = None
    files: tuple[AttachedFile, ...] = ()
    at: datetime
    by: Actor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """A word of ours. mail, texted: how it goes out; neither for a message that is only read in the portal."""

    conversation_id: int
    author_name: str
    text: str
    html: str = ""
    is_auto: bool = False
    mail: MailFacts | None
    texted: TextFacts | None = None
    files: tuple[AttachedFile, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMail:
    """A mail that a reply refers to. addresses: everybody who took part in its conversation so far."""

    message_id: int
    conversation_id: int
    customer_id: int
    rfc_message_id: str
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    rfc_message_id: str
    references: tuple[str, ...]
    subject: str
    from_name: str
    from_address: str
    reply_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    spf: str
    dkim: str
    dmarc: str
    is_answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    state: str
    changed_at: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """messenger_id, peer: between which numbers it goes on. stopped_at: since when the customer wants no more messages there."""

    id: int
    channel: str
    audience: str
    customer_id: int
    mailbox_id: int | None
    subject: str
    messenger_id: int | None = None
    peer: str = ""
    stopped_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message of a conversation.

    channel, audience: of its conversation. writer: what the customer or colleague who wrote it is called; empty for the
    house, and for somebody nobody knows. text: what its author wrote, as plain text; quoted: what he quoted below it.
    html: as it came, not sanitized; only a page that sanitizes may show it.
    warnings: codes of what is odd about it, such as "stranger_quotes_us".
    peer: the customer's number, where it is a text message; segment_count: in how many pieces that travels.
    """

    id: int
    conversation_id: int
    channel: str
    audience: str
    author: str
    customer_id: int | None
    user_id: int | None
    writer: str
    at: datetime
    is_auto: bool
    warnings: tuple[str, ...]
    text: str
    quoted: str
    html: str
    mail: MailRow | None = None
    delivery: DeliveryRow | None = None
    files: tuple[AttachedFile, ...] = field(default=())
    peer: str = ""
    segment_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRow:
    """A message that is to go out by mail, and the mailbox it leaves through.

    attempts: how often it was on the wire. accepted: recipients whose server has taken it already.
    """

    message_id: int
    conversation_id: int
    mailbox_id: int
    at: datetime
    text: str
    html: str
    is_auto: bool
    attempts: int
    accepted: tuple[str, ...]
    mail: MailRow
    files: tuple[AttachedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToSend:
    """A message that is to go out as a text message. attempts: how often it was on the wire."""

    message_id: int
    messenger_id: int
    receiver: str
    text: str
    attempts: int
    is_stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReplyRow:
    id: int
    name: str
    language: str
    html: str
    is_own: bool
    used_count: int
