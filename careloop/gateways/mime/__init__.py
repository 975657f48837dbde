"""Mail as bytes: read, cleaned, judged and written. Pure functions; nothing here opens a connection."""

from careloop.gateways.mime.addresses import normal_address, parse_addresses
from careloop.gateways.mime.authentication import Authentication, SpamHint, Verdict, authentication, spam_hint
from careloop.gateways.mime.building import build
from careloop.gateways.mime.charsets import clean_line
from careloop.gateways.mime.filenames import safe_filename
from careloop.gateways.mime.html_text import html_to_text
from careloop.gateways.mime.origins import LOOP_HEADER, Origin, OriginKind, origin
from careloop.gateways.mime.outgoing import (
    Automatic,
    OutgoingAttachment,
    OutgoingMail,
    UnsafeHeader,
    new_message_id,
    reply_subject,
    trimmed_references,
)
from careloop.gateways.mime.parsing import parse
from careloop.gateways.mime.replies import Reply, split_reply
from careloop.gateways.mime.reports import DeliveryAction, RecipientReport, delivery_report
from careloop.gateways.mime.sanitizing import BLOCKED_IMAGE_ATTRIBUTE, in_our_type, sanitize
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
    "LOOP_HEADER",
    "Address",
    "Attachment",
    "Authentication",
    "Automatic",
    "DeliveryAction",
    "ForwardedMail",
    "Invitation",
    "Limits",
    "Origin",
    "OriginKind",
    "OutgoingAttachment",
    "OutgoingMail",
    "ParsedMail",
    "RecipientReport",
    "Reply",
    "SpamHint",
    "Unreadable",
    "UnreadableReason",
    "UnsafeHeader",
    "Verdict",
    "authentication",
    "build",
    "clean_line",
    "delivery_report",
    "html_to_text",
    "in_our_type",
    "new_message_id",
    "normal_address",
    "origin",
    "parse",
    "parse_addresses",
    "reply_subject",
    "safe_filename",
    "sanitize",
    "spam_hint",
    "split_reply",
    "trimmed_references",
]
