"""One raw mail to one `ParsedMail`."""

import hashlib

from careloop.gateways.mime.addresses import parse_addresses
from careloop.gateways.mime.bodies import collect
from careloop.gateways.mime.charsets import clean_line
from careloop.gateways.mime.headers import HeaderBlock, decode_words, parse_date, parse_message_ids, raw_to_text
from careloop.gateways.mime.parts import read_tree
from careloop.gateways.mime.types import Address, Limits, ParsedMail, Unreadable, UnreadableReason

__all__ = ["parse"]

IDENTIFYING = ("date", "from", "to", "subject")
MOST_REFERENCES = 200
LONGEST_HEADER = 20_000
LONGEST_MESSAGE_ID = 500


def parse(raw: bytes, *, limits: Limits) -> ParsedMail:
    """Read a mail, however damaged.

    raw: the bytes as received, any line ends.
    limits: how much one mail may ask of us.

    Returns what could be read; `repaired` says that something had to be guessed. Raises Unreadable and nothing else.
    The same bytes always give the same result.
    """
    if len(raw) > limits.size_bytes:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    if not raw.strip():
        raise Unreadable(UnreadableReason.EMPTY)
    root = read_tree(raw, limits=limits)
    headers = root.headers
    if not headers.fields:
        raise Unreadable(UnreadableReason.NOT_A_MAIL)
    found = collect(raw, root, limits=limits)
    own_ids = [one for one in parse_message_ids(headers.text("message-id")) if len(one) <= LONGEST_MESSAGE_ID]
    return ParsedMail(
        message_id=own_ids[0] if own_ids else synthesized_id(raw, headers),
        message_id_is_synthesized=not own_ids,
        in_reply_to=message_ids(headers, "in-reply-to"),
        references=message_ids(headers, "references"),
        date=parse_date(headers.text("date")),
        subject=decode_words(headers.text("subject")),
        from_=first(addresses(headers, "from")),
        sender=first(addresses(headers, "sender")),
        reply_to=addresses(headers, "reply-to"),
        to=addresses(headers, "to"),
        cc=addresses(headers, "cc"),
        delivered_to=tuple(
            dict.fromkeys(
                one
                for name in ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to", "x-envelope-to")
                for one in addresses(headers, name)
            )
        ),
        text=found.text,
        html=found.html,
        attachments=found.attachments,
        invitations=found.invitations,
        forwarded=found.forwarded,
        headers=tuple((name, decode_words(raw_to_text(value[:LONGEST_HEADER]))) for name, value in headers.fields),
        content_type=root.content_type,
        report_type=root.parameters.get("report-type", "").lower(),
        repaired=found.repaired,
        is_cut=found.is_cut,
    )


def addresses(headers: HeaderBlock, name: str) -> tuple[Address, ...]:
    """Read every header of this name; a repeated To is unlawful and common."""
    found = {
        one.address: one
        for value in reversed(headers.raw_all(name))
        for one in reversed(parse_addresses(raw_to_text(value)))
    }
    return tuple(reversed(found.values()))


def first(found: tuple[Address, ...]) -> Address | None:
    return found[0] if found else None


def message_ids(headers: HeaderBlock, name: str) -> tuple[str, ...]:
    """Read a header of message ids. Of an absurdly long chain the ends count: where it began, and what is answered."""
    found = [one for one in parse_message_ids(headers.text(name)) if len(one) <= LONGEST_MESSAGE_ID]
    return tuple(found if len(found) <= MOST_REFERENCES else [found[0], *found[-(MOST_REFERENCES - 1) :]])


def synthesized_id(raw: bytes, headers: HeaderBlock) -> str:
    """Make a message id from what the sender wrote, so that the same mail fetched over another route gets the same
    one.
    """
    digest = hashlib.sha256()
    for name in IDENTIFYING:
        digest.update(name.encode() + b":" + (headers.raw(name) or b"") + b"\n")
    digest.update(memoryview(raw)[headers.end :])
    return clean_line(f"{digest.hexdigest()[:40]}@content.careloop.invalid")
