"""From the tree of parts to text, HTML, attachments, invitations and forwarded mails."""

import html as html_standard
import re
from dataclasses import dataclass, field, replace

from careloop.gateways.mime.addresses import parse_addresses
from careloop.gateways.mime.charsets import decode
from careloop.gateways.mime.filenames import safe_filename
from careloop.gateways.mime.headers import decode_words, parse_date, parse_message_ids, read_headers
from careloop.gateways.mime.html_text import html_to_text
from careloop.gateways.mime.invitations import read_invitations
from careloop.gateways.mime.parts import Part
from careloop.gateways.mime.transfer import decode_transfer
from careloop.gateways.mime.types import Attachment, ForwardedMail, Invitation, Limits
from careloop.gateways.mime.winmail import unpack_winmail

__all__ = ["Found", "collect"]

META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
CONTENT_ID_IN_HTML = re.compile(r"cid:([^\s\"'>)]{1,300})", re.IGNORECASE)
EXTENSIONS = {
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "message/rfc822": "eml", "image/jpeg":
    "jpg", "image/png": "png", "image/gif": "gif", "application/pdf": "pdf", "message/delivery-status": "txt",
    "text/rfc822-headers": "txt", "application/pgp-signature": "asc", "application/pkcs7-signature": "p7s",
}  # fmt: skip
MAIL_TYPES = frozenset({"message/rfc822", "message/global"})
ALTERNATIVE_ONLY = frozenset({"text/x-amp-html", "text/watch-html", "text/enriched", "text/x-amphtml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One stretch of text of the mail, in one or both forms."""

    plain: str | None
    html: str | None


@dataclass(slots=True)
class Gathering:
    """What has been found so far."""

    raw: bytes
    most_characters: int
    attachments: list[Attachment] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    forwarded: list[ForwardedMail] = field(default_factory=list)
    winmail_bodies: list[Body] = field(default_factory=list)
    repaired: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The contents of a mail, apart from its headers."""

    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    invitations: tuple[Invitation, ...]
    forwarded: tuple[ForwardedMail, ...]
    repaired: bool
    is_cut: bool


def collect(raw: bytes, root: Part, *, limits: Limits) -> Found:
    """Walk the tree and put together what a reader sees. Never raises."""
    gathering = Gathering(raw, limits.text_characters)
    bodies = walk(root, gathering)
    if not any((body.plain or body.html or "").strip() for body in bodies):
        bodies = gathering.winmail_bodies
    most = limits.text_characters
    html = html_of(bodies)
    text = "\n\n".join(one for one in (text_of(body) for body in bodies) if one.strip())
    return Found(
        text=text[:most],
        html=None if html is None else html[:most],
        attachments=tuple(gathering.attachments if html is None else with_inline(gathering.attachments, html)),
        invitations=tuple(gathering.invitations),
        forwarded=tuple(gathering.forwarded),
        repaired=gathering.repaired,
        is_cut=gathering.is_cut or len(text) > most or len(html or "") > most,
    )


def text_of(body: Body) -> str:
    """Prefer the sender's own plain text; several shops send an empty one, so an empty one does not count."""
    if body.plain is not None and body.plain.strip():
        return body.plain
    return html_to_text(body.html) if body.html else ""


def html_of(bodies: list[Body]) -> str | None:
    """Join the HTML forms; None when the whole mail is plain."""
    if not any(body.html for body in bodies):
        return None
    return "\n".join(
        body.html or f"<pre>{html_standard.escape(body.plain or '')}</pre>"
        for body in bodies
        if body.html or body.plain
    )


def walk(part: Part, gathering: Gathering) -> list[Body]:
    """Collect the text below one part, and its attachments on the way."""
    gathering.repaired = gathering.repaired or part.broken
    if part.children:
        if part.content_type == "multipart/alternative":
            return alternative(
                [walk(child, gathering) for child in part.children if child.content_type not in ALTERNATIVE_ONLY]
            )
        return [body for child in part.children for body in walk(child, gathering)]
    if part.content_type in ("text/plain", "text/html") and is_shown(part):
        text = decoded_text(part, gathering)
        is_html = part.content_type == "text/html"
        return [Body(plain=None if is_html else text, html=text if is_html else None)]
    attach(part, gathering)
    return []


def is_shown(part: Part) -> bool:
    """Say whether a text part belongs to the mail's text rather than to its files."""
    name = part.disposition_parameters.get("filename") or part.parameters.get("name")
    return part.disposition != "attachment" and not name


def alternative(children: list[list[Body]]) -> list[Body]:
    """Merge the forms of one text: the first plain one, the last and richest HTML one."""
    plain = next((bodies for bodies in children if any((body.plain or "").strip() for body in bodies)), None)
    rich = next((bodies for bodies in reversed(children) if any((body.html or "").strip() for body in bodies)), None)
    if plain is None or rich is None or plain is rich:
        return plain or rich or []
    joined = "\n\n".join(body.plain for body in plain if body.plain)
    return [Body(plain=joined, html=html_of(rich))]


def payload_of(part: Part, gathering: Gathering) -> bytes:
    view = memoryview(gathering.raw)[part.start : part.end]
    payload, broken = decode_transfer(view, part.headers.text("content-transfer-encoding"))
    gathering.repaired = gathering.repaired or broken
    return payload


def decoded_text(part: Part, gathering: Gathering) -> str:
    payload = payload_of(part, gathering)
    declared = part.parameters.get("charset")
    if declared is None and part.content_type == "text/html" and (meta := META_CHARSET.search(payload, 0, 4096)):
        declared = meta[1].decode("ascii")
    # No character takes more than four bytes, so what lies behind could never be shown.
    most_bytes = gathering.most_characters * 4
    gathering.is_cut = gathering.is_cut or len(payload) > most_bytes
    text, guessed = decode(payload[:most_bytes], declared)
    gathering.repaired = gathering.repaired or guessed
    return flowed(text, part) if part.parameters.get("format", "").lower() == "flowed" else text


def flowed(text: str, part: Part) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676); a quoted line joins only with one quoted as deeply."""
    is_space_removed = part.parameters.get("delsp", "").lower() == "yes"
    lines: list[list[str]] = []
    joins, joined_depth = False, 0
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        goes_on = joins and depth == joined_depth and content.rstrip() != "--"
        joins, joined_depth = content.endswith(" ") and content != "-- ", depth
        shown = content[:-1] if joins and is_space_removed else content
        if goes_on:
            lines[-1].append(shown)
        else:
            lines.append([f"{'>' * depth} ", shown] if depth else [shown])
    return "\n".join("".join(pieces) for pieces in lines)


def attach(part: Part, gathering: Gathering) -> None:
    """Keep a part as a file, open it when it is a container, and note what it says when it is a mail or an
    invitation.
    """
    payload = payload_of(part, gathering)
    content_id = next(iter(parse_message_ids(part.headers.text("content-id"))), None)
    if content_id is None and (bare := part.headers.text("content-id").strip("<> ")):
        content_id = bare[:300]
    name = part.disposition_parameters.get("filename") or part.parameters.get("name") or ""
    is_winmail = part.content_type == "application/ms-tnef" or name.lower() == "winmail.dat"
    if is_winmail and (opened := unpack_winmail(payload)) is not None:
        for inner, content in opened.files:
            keep(gathering, name=inner, content_type="application/octet-stream", payload=content, content_id=None)
        if opened.text or opened.html:
            gathering.winmail_bodies.append(Body(plain=opened.text, html=opened.html))
        return
    if part.content_type == "text/calendar":
        gathering.invitations.extend(read_invitations(decode(payload, part.parameters.get("charset"))[0]))
    if part.content_type in MAIL_TYPES:
        headers = read_headers(payload, 0, len(payload))
        subject = decode_words(headers.text("subject"))
        senders = parse_addresses(headers.text("from"))
        gathering.forwarded.append(
            ForwardedMail(
                attachment_index=len(gathering.attachments),
                subject=subject,
                from_=senders[0] if senders else None,
                date=parse_date(headers.text("date")),
                message_id=next(iter(parse_message_ids(headers.text("message-id"))), None),
            )
        )
        name = name or f"{subject[:80].replace('/', ' ') or 'mail'}.eml"
    keep(gathering, name=name, content_type=part.content_type, payload=payload, content_id=content_id)


def keep(gathering: Gathering, *, name: str, content_type: str, payload: bytes, content_id: str | None) -> None:
    number = len(gathering.attachments) + 1
    fallback = f"attachment-{number}.{EXTENSIONS.get(content_type, 'bin')}"
    gathering.attachments.append(
        Attachment(
            filename=safe_filename(name, fallback=fallback),
            content_type=content_type,
            payload=payload,
            content_id=content_id,
            is_inline=False,
        )
    )


def with_inline(attachments: list[Attachment], html: str) -> list[Attachment]:
    """Mark as inline what the HTML really shows; many programs give every file a content id."""
    shown = {html_standard.unescape(one).lower() for one in CONTENT_ID_IN_HTML.findall(html)}
    return [
        replace(one, is_inline=one.content_id is not None and one.content_id.lower() in shown) for one in attachments
    ]
