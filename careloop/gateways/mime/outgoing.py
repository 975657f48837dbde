"""What a mail of ours is made of, before it is bytes."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from careloop.gateways.mime.types import Address

__all__ = [
    "Automatic",
    "OutgoingAttachment",
    "OutgoingMail",
    "UnsafeHeader",
    "new_message_id",
    "reply_subject",
    "trimmed_references",
]

MOST_REFERENCES = 20
REPLY_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|답장|회신|回复|回覆|答复|trả lời)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)


class UnsafeHeader(ValueError):
    """A header value holds a line break or another control character; nothing is built from it."""


class Automatic(StrEnum):
    """Who wrote a mail of ours, in the words of the Auto-Submitted header (RFC 3834)."""

    NO = "no"
    REPLIED = "auto-replied"
    GENERATED = "auto-generated"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAttachment:
    """A file to send. content_type: "type/subtype". content_id: set for an image that the HTML shows as cid:."""

    filename: str
    content_type: str
    payload: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A mail of ours. There is no blind copy here: it is an envelope recipient and stands in no header.

    message_id, in_reply_to, references: without angle brackets, references oldest first.
    date: aware.
    loop_mark: the mark of this installation, by which `origin` knows our own mail again.
    """

    message_id: str
    date: datetime
    from_: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    loop_mark: str
    html: str | None = None
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[OutgoingAttachment, ...] = ()
    automatic: Automatic = Automatic.NO


def new_message_id(domain: str) -> str:
    """Make a message id that cannot be guessed: 128 random bits at our domain, without angle brackets."""
    return f"{secrets.token_hex(16)}@{domain}"


def reply_subject(subject: str) -> str:
    """Give the subject of an answer: one "Re:", whatever prefixes of any language were piled up before."""
    return f"Re: {REPLY_PREFIX.sub('', subject).strip()}".strip()


def trimmed_references(references: tuple[str, ...], in_reply_to: str | None) -> tuple[str, ...]:
    """Give the chain for the References header: no repeats, the answered mail last, at most 20 with the first one kept.

    Outlook finds the thread by the first, Gmail and Apple Mail by the last; the middle may go (RFC 5322, 3.6.4).
    """
    chain = list(dict.fromkeys(one for one in references if one != in_reply_to))
    chain += [in_reply_to] if in_reply_to else []
    return tuple(chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[-(MOST_REFERENCES - 1) :]])
