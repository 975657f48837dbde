"""Mail as bytes: read, cleaned, judged and written. Pure functions; nothing here opens a connection."""

from careloop.gateways.mime.parsing import parse
from careloop.gateways.mime.sanitizing import BLOCKED_IMAGE_ATTRIBUTE, sanitize
from careloop.gateways.mime.types import (
    Address,
    Attachment,
    ForwardedMail,
    Invitation,
    Limits,
    ParsedMail,
    Unreadable,
    UnreadableReason,
)

__all__ = [
    "BLOCKED_IMAGE_ATTRIBUTE",
    "Address",
    "Attachment",
    "ForwardedMail",
    "Invitation",
    "Limits",
    "ParsedMail",
    "Unreadable",
    "UnreadableReason",
    "parse",
    "sanitize",
]
