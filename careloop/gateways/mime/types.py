"""What comes out of reading a mail: frozen facts, safe to store and to show as text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = [
    "Address",
    "Attachment",
    "ForwardedMail",
    "Invitation",
    "Limits",
    "ParsedMail",
    "Unreadable",
    "UnreadableReason",
]


class UnreadableReason(StrEnum):
    """Why a mail was put aside instead of read."""

    EMPTY = "empty"
    NOT_A_MAIL = "not_a_mail"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"


class Unreadable(Exception):
    """The one refusal of `parse`; the mail belongs into quarantine, where a person sees the reason."""

    def __init__(self, reason: UnreadableReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a single mail may ask of us.

    size_bytes: of the raw mail.
    depth: of multiparts within multiparts; ordinary mail stays below 6.
    parts: leaves of the whole tree.
    text_characters: of the text and of the HTML; what is longer is cut and flagged (a text index takes about one
    million).
    """

    size_bytes: int = 100 * 1024 * 1024
    depth: int = 30
    parts: int = 500
    text_characters: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mail address with the name shown beside it.

    name: as the sender wrote it, decoded; may be empty.
    address: lower case, domain in its ASCII (xn--) form.
    """

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One part that is not the text of the mail.

    filename: one safe path component, never empty, extension last as the reader sees it.
    content_type: as declared; somebody else sniffs the bytes.
    content_id: without angle brackets, None when absent.
    is_inline: shown inside the HTML, so not worth listing.
    """

    filename: str
    content_type: str
    payload: bytes
    content_id: str | None
    is_inline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A calendar part.

    start: aware UTC, None when the time zone is unknown. method: REQUEST, CANCEL, REPLY … or empty.
    """

    summary: str
    start: datetime | None
    organizer: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedMail:
    """What an attached mail says about itself. attachment_index: its place in `ParsedMail.attachments`."""

    attachment_index: int
    subject: str
    from_: Address | None
    date: datetime | None
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMail:
    """A mail, read.

    message_id: without angle brackets; made from the content when the mail has none (`message_id_is_synthesized`).
    in_reply_to, references: message ids without angle brackets, oldest first, no repeats.
    date: what the sender claims, aware UTC; None when absent or absurd.
    text: the best plain text, lines ended by a single newline.
    html: decoded, NOT sanitized; only `sanitize` makes it fit to be shown.
    headers: every header in order, name in lower case, value unfolded and decoded; for `origin`, `authentication` and
    `spam`.
    content_type: of the whole mail. report_type: of a multipart/report, else empty.
    repaired: something had to be guessed (character set, broken encoding, missing boundary).
    is_cut: text or HTML was longer than the limit.
    """

    message_id: str
    message_id_is_synthesized: bool
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    subject: str
    from_: Address | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    invitations: tuple[Invitation, ...]
    forwarded: tuple[ForwardedMail, ...]
    headers: tuple[tuple[str, str], ...]
    content_type: str
    report_type: str
    repaired: bool
    is_cut: bool

    def header(self, name: str) -> str | None:
        """Give the topmost header of this name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    def header_values(self, name: str) -> tuple[str, ...]:
        """Give all headers of this name (any case), topmost first."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key == wanted)
