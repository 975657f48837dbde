"""An outgoing mail to bytes that every server and program takes: ASCII throughout, short lines, CRLF."""

import base64
import hashlib
import quopri
import re
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from careloop.gateways.mime.filenames import safe_filename
from careloop.gateways.mime.origins import LOOP_HEADER
from careloop.gateways.mime.outgoing import (
    Automatic,
    OutgoingAttachment,
    OutgoingMail,
    UnsafeHeader,
    trimmed_references,
)
from careloop.gateways.mime.types import Address

__all__ = ["build"]

CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
PLAIN_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,60}")
MIME_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,80}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,100}")
MESSAGE_ID = re.compile(r"[^\s<>\x00-\x1f\x7f]{3,900}")
LONGEST_LINE = 76
LONGEST_SEVEN_BIT_LINE = 900
PIECE_LENGTH = 50


def build(mail: OutgoingMail) -> bytes:
    """Write a mail.

    The same mail always gives the same bytes, so a repeated attempt sends exactly what the first one did. Raises
    UnsafeHeader when a header value holds a line break or another control character, or an id or address is none.
    """
    body_headers, body = entity(mail)
    headers = [*own_headers(mail), ("MIME-Version", "1.0"), *body_headers]
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in headers) + b"\r\n" + body


def own_headers(mail: OutgoingMail) -> Iterator[tuple[str, str]]:
    """Give all headers that do not describe the body, folded."""
    yield "Message-ID", f"<{checked_id(mail.message_id)}>"
    yield "Date", format_datetime(mail.date)
    yield "From", mailboxes((mail.from_,))
    if mail.reply_to:
        yield "Reply-To", mailboxes(mail.reply_to)
    if mail.to:
        yield "To", mailboxes(mail.to)
    if mail.cc:
        yield "Cc", mailboxes(mail.cc)
    yield "Subject", folded_text(mail.subject, name="Subject")
    if mail.in_reply_to:
        yield "In-Reply-To", f"<{checked_id(mail.in_reply_to)}>"
    if references := trimmed_references(mail.references, mail.in_reply_to):
        yield "References", "\r\n ".join(f"<{checked_id(one)}>" for one in references)
    yield LOOP_HEADER, checked(mail.loop_mark)
    if mail.automatic is not Automatic.NO:
        yield "Auto-Submitted", mail.automatic.value
        yield "X-Auto-Response-Suppress", "All"
        # Programs older than Auto-Submitted keep silent at this one.
        yield "Precedence", "bulk"


def checked(value: str) -> str:
    if CONTROL.search(value):
        raise UnsafeHeader("A header value holds a control character.")
    return value


def checked_id(value: str) -> str:
    if not MESSAGE_ID.fullmatch(value) or not value.isascii():
        raise UnsafeHeader("A message id holds a space, a bracket or another character that it may not.")
    return value


def folded_text(value: str, *, name: str) -> str:
    """Write free text: as it is when it is short ASCII, else in encoded words that break only between characters."""
    checked(value)
    is_plain = (
        value.isascii() and "=?" not in value and len(name) + 2 + len(value) <= LONGEST_LINE and value == value.strip()
    )
    if is_plain and "  " not in value:
        return value
    return Header(value, "utf-8", header_name=name, maxlinelen=LONGEST_LINE).encode(linesep="\r\n")


def mailboxes(addresses: tuple[Address, ...]) -> str:
    return ",\r\n ".join(mailbox(one) for one in addresses)


def mailbox(one: Address) -> str:
    """Write one mailbox. The address itself may be UTF-8 only with SMTPUTF8; such a local part is refused here."""
    address, name = checked(one.address), checked(one.name).strip()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or re.search(r"[\s<>,;\"()\\]", address):
        raise UnsafeHeader("An address holds a space, a bracket, a comma or a quote, or has no domain.")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    if not local.isascii():
        raise UnsafeHeader("An address holds letters before the @ that few mail servers can carry.")
    if not name:
        return f"{local}@{domain}"
    if name.isascii() and "=?" not in name and len(name) <= 60 and "  " not in name:
        shown = name if PLAIN_NAME.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    else:
        shown = Header(name, "utf-8", maxlinelen=LONGEST_LINE - 10).encode(linesep="\r\n")
    return f"{shown} <{local}@{domain}>"


Entity = tuple[list[tuple[str, str]], bytes]


def entity(mail: OutgoingMail) -> Entity:
    """Nest the parts as readers expect: mixed(related(alternative(text, html), images), files)."""
    seed = mail.message_id
    shown = text_entity(mail.text, "plain")
    if mail.html is not None:
        shown = multipart("alternative", [shown, text_entity(mail.html, "html")], seed=seed)
        if images := [file_entity(one) for one in mail.attachments if one.content_id]:
            shown = multipart("related", [shown, *images], seed=seed)
    files = [file_entity(one) for one in mail.attachments if not (one.content_id and mail.html is not None)]
    return multipart("mixed", [shown, *files], seed=seed) if files else shown


def text_entity(text: str, subtype: str) -> Entity:
    """Write text as it is when it is short-lined ASCII, else as quoted-printable or base64, whichever is shorter."""
    content = re.sub(r"\r\n?|\n", "\r\n", text).encode("utf-8", "replace")
    lines = content.split(b"\r\n")
    is_simple = content.isascii() and max(map(len, lines)) <= LONGEST_SEVEN_BIT_LINE
    if is_simple and not any(line.startswith((b"From ", b".")) or line != line.rstrip() for line in lines):
        return [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "7bit")], content
    printable = b"\r\n".join(quoted_printable(line) for line in lines)
    in_base64 = wrapped_base64(content)
    encoding, body = ("quoted-printable", printable) if len(printable) < len(in_base64) else ("base64", in_base64)
    return [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", encoding)], body


def quoted_printable(line: bytes) -> bytes:
    encoded = quopri.encodestring(line).replace(b"=\n", b"=\r\n")
    encoded = encoded[:-1] + b"=20" if encoded.endswith(b" ") else encoded
    # A lone dot ends an SMTP dialogue and "From " is altered by old mailboxes, however well the server stuffs them.
    return re.sub(rb"(?m)^(\.|F(?=rom ))", lambda found: b"=%02X" % found[0][0], encoded)


def wrapped_base64(payload: bytes) -> bytes:
    return base64.encodebytes(payload).replace(b"\n", b"\r\n").removesuffix(b"\r\n")


def file_entity(one: OutgoingAttachment) -> Entity:
    content_type = one.content_type.lower()
    if not MIME_TYPE.fullmatch(content_type) or content_type.startswith(("multipart/", "message/")):
        content_type = "application/octet-stream"
    headers = [
        ("Content-Type", content_type),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", ("inline" if one.content_id else "attachment") + filename_parameter(one.filename)),
    ]
    if one.content_id:
        headers.append(("Content-ID", f"<{checked_id(one.content_id)}>"))
    return headers, wrapped_base64(one.payload)


def filename_parameter(filename: str) -> str:
    """Write the name by RFC 2231: plain when it is a simple token, else percent-encoded in numbered pieces."""
    name = safe_filename(filename, fallback="attachment")
    if PLAIN_TOKEN.fullmatch(name):
        return f'; filename="{name}"'
    encoded = "utf-8''" + quote(name, safe="")
    if len(encoded) <= PIECE_LENGTH:
        return f";\r\n filename*={encoded}"
    pieces = re.findall(rf".{{1,{PIECE_LENGTH}}}(?<!%)(?<!%[0-9A-F])", encoded)
    return "".join(f";\r\n filename*{number}*={piece}" for number, piece in enumerate(pieces))


def multipart(subtype: str, parts: list[Entity], *, seed: str) -> Entity:
    """Join parts with a boundary that occurs in none of them and is the same at every attempt."""
    digest = hashlib.sha256(f"{seed}/{subtype}".encode()).hexdigest()[:32]
    # "=_" occurs neither in base64 nor in quoted-printable.
    boundary = f"=_careloop_{subtype}_{digest}"
    body = b"".join(
        b"--%b\r\n%b\r\n%b\r\n"
        % (boundary.encode(), b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in headers), content)
        for headers, content in parts
    )
    return [("Content-Type", f'multipart/{subtype};\r\n boundary="{boundary}"')], body + f"--{boundary}--\r\n".encode()
