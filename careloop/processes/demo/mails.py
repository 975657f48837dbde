"""The demo's mail as bytes, as the programs of customers, partners and mail servers write it."""

import html
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime

__all__ = ["Hanging", "Letter", "Quoted", "bounce", "packed", "written"]

UNFOLDED = default.clone(max_line_length=0)
"""Folded by Python 3.11, a long subject with marks loses spaces (python/cpython#92081)."""
_WEEKDAYS = {"ko": "월화수목금토일", "vi": ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What a mail answers. at: in the writer's zone. references: Message-IDs before it, oldest first, without brackets."""

    rfc_message_id: str
    references: tuple[str, ...]
    author: str
    address: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """A file on a mail. content_type: "type/subtype"."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to be written. headers: further ones. has_html: whether the program writes HTML beside the text."""

    rfc_message_id: str
    author: str
    address: str
    to: str
    cc: tuple[tuple[str, str], ...]
    subject: str
    text: str
    language: str
    at: datetime
    quoted: Quoted | None = None
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[Hanging, ...] = ()
    has_html: bool = False


def written(letter: Letter) -> bytes:
    """Write a mail as its writer's program would."""
    mail = EmailMessage()
    mail["Message-ID"] = f"<{letter.rfc_message_id}>"
    mail["Date"] = format_datetime(letter.at)
    mail["From"] = Address(display_name=letter.author, addr_spec=letter.address)
    mail["To"] = letter.to
    if letter.cc:
        mail["Cc"] = [Address(display_name=name, addr_spec=address) for name, address in letter.cc]
    mail["Subject"] = letter.subject
    for name, value in letter.headers:
        mail[name] = value
    text = letter.text
    if letter.quoted is not None:
        mail["In-Reply-To"] = f"<{letter.quoted.rfc_message_id}>"
        mail["References"] = " ".join(f"<{one}>" for one in (*letter.quoted.references, letter.quoted.rfc_message_id))
        quote = "\n".join(f"> {line}".rstrip() for line in letter.quoted.text.splitlines())
        text = f"{text}\n\n{_attribution(letter.quoted, letter.language)}\n{quote}"
    mail.set_content(text + "\n", cte="base64")
    if letter.has_html:
        mail.add_alternative(_as_html(letter), subtype="html", cte="base64")
    for file in letter.files:
        main, _, sub = file.content_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return mail.as_bytes(policy=UNFOLDED)


def packed(raw: bytes, *, times: int) -> bytes:
    """Pack what a mail says into itself, as attackers do to get past scanners and to keep readers busy."""
    head, _blank, body = raw.partition(b"\n\n")
    own = (b"content-", b"mime-version")
    outside = b"\n".join(line for line in head.splitlines() if not line.lower().startswith(own))
    inside = b'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n' + body
    for number in range(times):
        inside = b'Content-Type: multipart/mixed; boundary="p%d"\n\n--p%d\n%b\n--p%d--\n' % (
            number,
            number,
            inside,
            number,
        )
    return outside + b"\nMIME-Version: 1.0\n" + inside


def bounce(
    *, rfc_message_id: str, original_message_id: str, from_address: str, to: str, failed: str, at: datetime
) -> bytes:
    """Write the report of a mail server that a mail of ours did not arrive.

    original_message_id: our mail's. failed: the address it did not reach.
    """
    date, domain = format_datetime(at), failed.partition("@")[2]
    return (
        f"Message-ID: <{rfc_message_id}>\r\nDate: {date}\r\nFrom: Mail Delivery System <{from_address}>\r\nTo: {to}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"\r\n\r\n'
        "--=_report\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        f"Your message could not be delivered to {failed}: the mailbox is full.\r\n"
        "--=_report\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.{domain}\r\n\r\nFinal-Recipient: rfc822; {failed}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\r\n\r\n"
        f"--=_report\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original_message_id}>\r\n"
        f"From: {to}\r\nTo: {failed}\r\n\r\n--=_report--\r\n"
    ).encode("ascii")


def _attribution(quoted: Quoted, language: str) -> str:
    at, who = quoted.at, f"{quoted.author} <{quoted.address}>"
    match language:
        case "ko":
            half, hour = ("오전", "오후")[at.hour >= 12], at.hour % 12 or 12
            day = f"{at.year}년 {at.month}월 {at.day}일 ({_WEEKDAYS['ko'][at.weekday()]})"
            return f"{day} {half} {hour}:{at:%M}, {who}님이 작성:"
        case "zh-hans":
            return f"在 {at.year}年{at.month}月{at.day}日 {at:%H:%M}，{who} 写道："
        case "vi":
            day = f"{_WEEKDAYS['vi'][at.weekday()]}, {at.day} thg {at.month}, {at.year}"
            return f"Vào {day} lúc {at:%H:%M} {who} đã viết:"
        case _:
            return f"On {at:%a}, {at.day} {at:%b %Y} at {at:%H:%M}, {who} wrote:"


def _as_html(letter: Letter) -> str:
    shown = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in letter.text.splitlines())
    if letter.quoted is None:
        return f'<div dir="ltr">{shown}</div>'
    quote = "<br>".join(html.escape(line) for line in letter.quoted.text.splitlines())
    return (
        f'<div dir="ltr">{shown}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f"{html.escape(_attribution(letter.quoted, letter.language))}<br></div>"
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;padding-left:1ex">{quote}</blockquote></div>'
    )
