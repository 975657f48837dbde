"""What may cross the threshold."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = [
    "Arrived",
    "HookKind",
    "HookRow",
    "MailKey",
    "MailServer",
    "MailboxRow",
    "MailboxState",
    "MessengerAccount",
    "MessengerRow",
    "MessengerState",
    "RawMailState",
    "RawRow",
    "ReadMail",
    "Security",
    "WebFormRow",
]


class Security(models.TextChoices):
    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    PLAIN = "plain", _("None (only inside your own network)")


class MailboxState(models.TextChoices):
    TRYING = "trying", _("Trying out: reads, changes nothing")
    LIVE = "live", _("Live")
    PAUSED = "paused", _("Paused")


class RawMailState(models.TextChoices):
    STORED = "stored", _("Waiting to be read")
    ACCEPTED = "accepted", _("Accepted")
    DUPLICATE = "duplicate", _("Duplicate")
    QUARANTINED = "quarantined", _("In quarantine")
    DISCARDED = "discarded", _("Discarded")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where to read or hand in mail. password: in the clear, for the moment of connecting; never shown, never logged."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRow:
    """A mailbox as pages show it: no passwords."""

    id: int
    name: str
    address: str
    sender_name: str
    team_id: int | None
    state: str
    sends_receipts: bool
    imap_host: str
    imap_port: int
    imap_security: str
    imap_user: str
    imap_folder: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    trusted_host: str
    accepts_since: datetime | None
    uid_validity: int
    last_uid: int
    last_fetched_at: datetime | None
    last_error: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail as it comes to the house.

    provider_id: the server's name for it, "uidvalidity:uid", or where an imported one was found.
    received_at: when the mailbox got it, if its server says so.
    """

    mailbox_id: int
    provider_id: str
    raw: bytes = field(repr=False)
    received_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailKey:
    """What a mail is known by when it comes again.

    rfc_message_id: without brackets, at most 500 characters. content_hash: SHA-256 in hex of what it says.
    """

    rfc_message_id: str
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """A stored mail that was read. message_id: what it became; None for one that only served as a report."""

    raw_id: int
    key: MailKey
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A mail as it arrived. reason: the code of why it is where it is, such as "too_deep"."""

    id: int
    mailbox_id: int
    provider_id: str
    sha256: str
    byte_count: int
    received_at: datetime | None
    is_silent: bool
    state: str
    reason: str
    detail: str
    attempts: int
    message_id: int | None
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFormRow:
    id: int
    key: str
    name: str
    language: str
    team_id: int | None
    mailbox_id: int | None
    allowed_origins: tuple[str, ...]
    is_active: bool


class MessengerState(models.TextChoices):
    TRYING = "trying", _("Trying out: what comes waits, nothing is sent")
    LIVE = "live", _("Live")
    PAUSED = "paused", _("Paused")


class HookKind(models.TextChoices):
    MESSAGE = "message", _("A message from a customer")
    STATUS = "status", _("What became of a message of ours")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerAccount:
    """How a messenger's provider is asked. token: in the clear, for the moment of asking; never shown, never logged."""

    api_base: str
    account: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerRow:
    """A messenger as pages show it: no token.

    key: part of the address its provider calls. heard_at: when it last called, rightly signed.
    last_error: a code and the other side's words.
    """

    id: int
    name: str
    number: str
    team_id: int | None
    state: str
    api_base: str
    account: str
    key: str
    heard_at: datetime | None
    last_error: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRow:
    """A call of a provider as it came. about_id: the message of ours that a state is about. reason: why it is where it is."""

    id: int
    messenger_id: int
    kind: str
    provider_id: str
    about_id: int | None
    body: bytes = field(repr=False)
    received_at: datetime
    state: str
    reason: str
    detail: str
    attempts: int
    message_id: int | None
