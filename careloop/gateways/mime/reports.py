"""Delivery reports: which recipient did not get which of our mails, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from careloop.gateways.mime.addresses import normal_address
from careloop.gateways.mime.charsets import clean_line, decode
from careloop.gateways.mime.headers import parse_message_ids, read_headers
from careloop.gateways.mime.origins import POSTMASTERS
from careloop.gateways.mime.types import Address, ParsedMail

__all__ = ["DeliveryAction", "RecipientReport", "delivery_report"]


class DeliveryAction(StrEnum):
    """What became of the mail for one recipient."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReport:
    """One recipient in a delivery report.

    recipient: normal form, as it was written to.
    status: enhanced code such as "5.1.1"; empty when the report names none.
    diagnostic: the other server's words, one line, at most 500 characters.
    original_message_id: without angle brackets; None when the report returns nothing of the mail.
    """

    recipient: str
    action: DeliveryAction
    status: str
    diagnostic: str
    original_message_id: str | None


# RFC 3464 knows two more actions; "relayed" and "expanded" mean that no more news will come.
ACTIONS = {"failed": DeliveryAction.FAILED, "delayed": DeliveryAction.DELAYED, "delivered": DeliveryAction.DELIVERED,
           "relayed": DeliveryAction.DELIVERED, "expanded": DeliveryAction.DELIVERED}  # fmt: skip
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_TYPES = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"})
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
BASIC = re.compile(r"\b([45]\d\d)\b")
# qmail, exim, postfix, sendmail, Naver and QQ write a line like this above the mail that they return as text.
COPY_MARK = re.compile(
    r"^.{0,10}(?:below this line is a copy of the message|this is a copy of (?:the|your) message"
    r"|original message (?:headers|follows)|the header of the original message|undelivered message headers"
    r"|원본 메일|원본 메시지|原始邮件|原邮件|邮件头|nội dung thư gốc)",
    re.IGNORECASE | re.MULTILINE,
)
RETURNED_ID = re.compile(r"^[>\s]*message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
MAILBOX = re.compile(r"[^\s<>,;:\"'()\[\]（）：，。]{1,64}@[^\s<>,;:\"'()\[\]（）：，。]{1,255}")
DELAY = re.compile(r"delayed|will (?:be )?retr|still trying|지연|延迟|延遲|bị trễ|trì hoãn", re.IGNORECASE)
PERMANENT_CODE = re.compile(r"\b5(?:\d\d|\.\d{1,3}\.\d{1,3})\b")
MOST_RECIPIENTS = 100
LONGEST_DIAGNOSTIC = 500


def delivery_report(parsed: ParsedMail) -> tuple[RecipientReport, ...]:
    """Read a delivery report by RFC 3464, or as qmail, exim, Exchange, Naver and QQ write theirs.

    parsed: a mail whose `origin` is a delivery report; for any other mail the answer is meaningless.

    Returns one entry per recipient, none when the mail names nobody. Never raises.
    """
    message_id = returned_message_id(parsed)
    found = list(standard(parsed, message_id)) or list(plain(parsed, message_id))
    return tuple({one.recipient: one for one in reversed(found)}.values())[::-1][:MOST_RECIPIENTS]


def returned_message_id(parsed: ParsedMail) -> str | None:
    """Find the id of our mail in the returned part, in the text below the copy mark, or in the thread headers."""
    for part in parsed.attachments:
        if part.content_type in RETURNED_TYPES:
            headers = read_headers(part.payload.lstrip(b"\r\n "), 0, len(part.payload))
            if ids := parse_message_ids(headers.text("message-id")):
                return ids[0]
    for part in parsed.attachments:
        if part.content_type in STATUS_TYPES and (found := RETURNED_ID.search(part.payload.decode("utf-8", "replace"))):
            return parse_message_ids(found[1])[0]
    if found := RETURNED_ID.search(parsed.text):
        return next(iter(parse_message_ids(found[1])), None)
    return next(iter(parsed.in_reply_to or parsed.references[-1:]), None)


def standard(parsed: ParsedMail, message_id: str | None) -> Iterator[RecipientReport]:
    """Read the groups of fields of message/delivery-status."""
    for part in parsed.attachments:
        if part.content_type not in STATUS_TYPES:
            continue
        for group in re.split(rb"\r?\n[ \t]*\r?\n", part.payload[:200_000]):
            fields = read_headers(group.strip() + b"\r\n", 0, len(group.strip()) + 2)
            recipient = typed(fields.text("original-recipient")) or typed(fields.text("final-recipient"))
            # The original recipient may be an alias in another form; what we wrote to is in one of the two.
            action = ACTIONS.get(fields.text("action").strip().lower())
            if not recipient or action is None:
                continue
            diagnostic, _ = decode(fields.raw("diagnostic-code") or b"", None)
            status = ENHANCED.search(fields.text("status"))
            yield RecipientReport(
                recipient=recipient,
                action=action,
                status=status[1] if status else "",
                diagnostic=clean_line(diagnostic.split(";", 1)[-1])[:LONGEST_DIAGNOSTIC],
                original_message_id=message_id,
            )


def typed(value: str) -> str:
    """Read "rfc822;kim@example.com", also with angle brackets, also without a type."""
    return normal_address(value.split(";", 1)[-1].strip())


def plain(parsed: ParsedMail, message_id: str | None) -> Iterator[RecipientReport]:
    """Read a report without the standard part: who fails stands in a header or in the text above the returned copy."""
    mark = COPY_MARK.search(parsed.text)
    notice = parsed.text[: mark.start()] if mark else parsed.text
    notice = notice[:20_000]
    own = {one.address for one in (*parsed.to, *parsed.delivered_to, *as_tuple(parsed.from_))}

    def is_customer(one: str) -> bool:
        return bool(one) and one not in own and one != message_id and not POSTMASTERS.match(one)

    named = [normal_address(one) for one in (parsed.header("x-failed-recipients") or "").split(",")]
    # QQ puts its mark above the recipients, so an empty notice is no answer yet.
    recipients = [one for one in named if one] or next(
        (
            found
            for text in (notice, parsed.text[:20_000])
            if (found := [one for one in map(normal_address, MAILBOX.findall(text)) if is_customer(one)])
        ),
        [],
    )
    notice = notice if any(one in notice.lower() for one in recipients) else parsed.text[:20_000]
    for recipient in dict.fromkeys(recipients):
        reason = reason_for(recipient, notice)
        code = ENHANCED.search(reason)
        is_delayed = DELAY.search(notice) is not None and PERMANENT_CODE.search(reason) is None
        yield RecipientReport(
            recipient=recipient,
            action=DeliveryAction.DELAYED if is_delayed else DeliveryAction.FAILED,
            status=code[1] if code else "",
            diagnostic=clean_line(reason)[:LONGEST_DIAGNOSTIC],
            original_message_id=message_id,
        )


def reason_for(recipient: str, notice: str) -> str:
    """Give the lines behind the recipient's address, where every known server says why."""
    at = notice.lower().find(recipient)
    behind = notice[at + len(recipient) :] if at >= 0 else notice
    lines = [line.strip(" \t:>,;") for line in behind.split("\n")]
    said = [line for line in lines if line]
    coded = next((line for line in said[:12] if ENHANCED.search(line) or BASIC.search(line)), "")
    return " ".join(said[:4]) if not coded or coded in said[:4] else f"{said[0]} {coded}"


def as_tuple(address: Address | None) -> tuple[Address, ...]:
    return () if address is None else (address,)
