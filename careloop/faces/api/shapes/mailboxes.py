"""How customers reach the workspace."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, Id, MailAddress, Moment, Shown

__all__ = [
    "CheckShown",
    "MailboxChange",
    "MailboxDetailShown",
    "MailboxGiven",
    "MailboxList",
    "OpeningGiven",
    "OutboundMailboxList",
    "QuarantinePage",
    "QuarantinedShown",
    "RehearsalShown",
    "TestMailShown",
    "WebFormChange",
    "WebFormGiven",
    "WebFormList",
    "WebFormShown",
]

Security = Literal["tls", "starttls", "plain"]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
SenderName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]*$")]
Host = Annotated[str, Field(max_length=253, pattern=r"^[A-Za-z0-9.:\[\]_-]*$")]
User = Annotated[str, Field(max_length=320, pattern=r"^[^\x00-\x1f]*$")]
Folder = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Password = Annotated[
    str,
    Field(
        max_length=1000,
        pattern=r"^[^\x00]*$",
        description="Written, never read back. Left out or empty, the stored one stays, unless the server is another one.",
        json_schema_extra={"writeOnly": True, "format": "password"},
    ),
]


class MailboxShown(Shown):
    """A mailbox without its secrets."""

    id: int
    name: str
    address: str
    sender_name: str
    team_id: int | None
    state: str
    sends_receipts: bool
    last_fetched_at: datetime | None
    last_error: str
    failing_since: datetime | None


class MailboxList(Shown):
    items: list[MailboxShown]


class MailboxDetailShown(MailboxShown):
    """A mailbox with its servers, without their passwords. accepts_since: older mail is left where it is."""

    imap_host: str
    imap_port: int
    imap_security: Security
    imap_user: str
    imap_folder: str
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    smtp_user: str
    trusted_host: str
    accepts_since: datetime | None


class MailboxGiven(Given):
    """A new mailbox, on trial. trusted_host: the server whose checks of senders are believed."""

    name: Name
    address: MailAddress
    sender_name: SenderName
    team_id: Id | None = None
    sends_receipts: bool = True
    imap_host: Host = ""
    imap_port: Port = 993
    imap_security: Security = "tls"
    imap_user: User = ""
    imap_password: Password = ""
    imap_folder: Folder = "INBOX"
    smtp_host: Host = ""
    smtp_port: Port = 587
    smtp_security: Security = "starttls"
    smtp_user: User = ""
    smtp_password: Password = ""
    trusted_host: Host = ""


class MailboxChange(Given):
    """What is left out stays as it is; team_id: null for no team."""

    name: Name | None = None
    address: MailAddress | None = None
    sender_name: SenderName | None = None
    team_id: Id | None = None
    sends_receipts: bool | None = None
    imap_host: Host | None = None
    imap_port: Port | None = None
    imap_security: Security | None = None
    imap_user: User | None = None
    imap_password: Password | None = None
    imap_folder: Folder | None = None
    smtp_host: Host | None = None
    smtp_port: Port | None = None
    smtp_security: Security | None = None
    smtp_user: User | None = None
    smtp_password: Password | None = None
    trusted_host: Host | None = None


class OpeningGiven(Given):
    """since: mail that arrived from this moment on is taken in; now unless given."""

    since: Moment | None = None


class OutboundMailboxShown(Shown):
    id: int
    name: str
    address: str
    sender_name: str


class OutboundMailboxList(Shown):
    items: list[OutboundMailboxShown]


class FindingShown(Shown):
    """How a connection went. trouble: a code such as “wrong_password”, empty when all is well. detail: the server's words."""

    trouble: str
    message: str
    detail: str


class CheckShown(Shown):
    """reading: where its mail is read. sending: where its mail is handed in."""

    reading: FindingShown
    sending: FindingShown


class RehearsedShown(Shown):
    """A mail as it would be taken in. fate: null for one that is too large to be looked at now; else such as “new_case”.

    case_number: of the case it would join. receipt: “yes”, or why its sender would not be told that it arrived.
    """

    byte_count: int
    received_at: datetime | None
    written_at: datetime | None
    sender: str
    subject: str
    fate: str | None
    case_number: int | None
    reason: str
    warnings: list[str]
    is_bulk: bool
    is_spam: bool
    receipt: str


class RehearsalShown(Shown):
    """What the newest mails would become, the newest first. since_count, unseen_count: of the mails since a day."""

    finding: FindingShown
    since: date
    total_count: int
    since_count: int
    unseen_count: int
    mails: list[RehearsedShown]


class TestMailShown(Shown):
    to: str
    finding: FindingShown


class WebFormShown(Shown):
    id: int
    key: str
    name: str
    language: str
    team_id: int | None
    mailbox_id: int | None
    allowed_origins: list[str]
    is_active: bool


class WebFormList(Shown):
    items: list[WebFormShown]


class WebFormChange(Given):
    """All of it, as it shall be."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
    language: Literal["en", "ko", "zh-hans", "vi"]
    team_id: Id | None = None
    mailbox_id: Id | None = None
    allowed_origins: Annotated[list[Annotated[str, Field(max_length=253)]], Field(max_length=50)] = []
    is_active: bool = True


class WebFormGiven(Given):
    """key: what its address ends in."""

    key: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
    language: Literal["en", "ko", "zh-hans", "vi"]
    team_id: Id | None = None
    mailbox_id: Id | None = None
    allowed_origins: Annotated[list[Annotated[str, Field(max_length=253)]], Field(max_length=50)] = []


class QuarantinedShown(Shown):
    """A mail that could not be read. reason: a code such as “too_deep”. sender, subject: as far as they can be read."""

    id: int
    mailbox_id: int
    byte_count: int
    received_at: datetime | None
    stored_at: datetime
    reason: str
    detail: str
    attempts: int
    state: str
    sender: str
    subject: str


class QuarantinePage(Shown):
    items: list[QuarantinedShown]
    next_cursor: str | None
