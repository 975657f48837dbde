"""Header lines: split, unfolded, decoded, and read as parameters, dates and message ids."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from careloop.gateways.mime.charsets import clean_line, codec_name, decode, decode_unlabelled

__all__ = ["HeaderBlock", "decode_words", "parse_date", "parse_message_ids", "parse_parameters", "read_headers"]

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
MESSAGE_ID = re.compile(r"<\s*([^<>\s][^<>]{0,990}?)\s*>")
BARE_MESSAGE_ID = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+")
PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
EARLIEST_YEAR, LATEST_YEAR = 1985, 2100
LARGEST_OFFSET_SECONDS = 15 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderBlock:
    """The headers of a mail or of a part.

    fields: (lower-case name, unfolded raw value), in order. end: where the body starts.
    """

    fields: tuple[tuple[str, bytes], ...]
    end: int
    broken: bool

    def raw(self, name: str) -> bytes | None:
        """Give the topmost raw value of this lower-case name."""
        return next((value for key, value in self.fields if key == name), None)

    def raw_all(self, name: str) -> list[bytes]:
        """Give all raw values of this lower-case name, topmost first."""
        return [value for key, value in self.fields if key == name]

    def text(self, name: str) -> str:
        """Give the topmost value of this lower-case name as text, encoded words left as they are; empty when absent."""
        value = self.raw(name)
        return "" if value is None else raw_to_text(value)


def read_headers(raw: bytes, start: int, end: int) -> HeaderBlock:
    """Read the header lines between two offsets, up to the first empty line.

    A line that is neither a field nor a continuation ends the headers when it comes first, and is skipped otherwise.
    """
    fields: list[tuple[str, list[bytes]]] = []
    broken = False
    at = start
    while at < end:
        newline = raw.find(b"\n", at, end)
        stop = end if newline < 0 else newline
        line = raw[at:stop].rstrip(b"\r")
        after = end if newline < 0 else newline + 1
        if not line:
            at = after
            break
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line.strip())
        elif found := FIELD.match(line):
            fields.append((found[1].decode("ascii").lower(), [line[found.end() :].strip()]))
        elif not fields and not (line.startswith(b"From ") and at == start):
            return HeaderBlock(fields=(), end=start, broken=True)
        else:
            broken = broken or not line.startswith(b"From ")
        at = after
    joined = tuple((name, b" ".join(lines) if len(lines) > 1 else lines[0]) for name, lines in fields)
    return HeaderBlock(fields=joined, end=at, broken=broken)


def raw_to_text(value: bytes) -> str:
    """Read raw header bytes: ASCII as the standard wants, UTF-8 as today's does, anything else by its looks."""
    return value.decode("ascii") if value.isascii() else decode_unlabelled(value)


def decode_words(value: str) -> str:
    """Decode the =?charset?…?= words in a header value, broken ones too, to one clean line.

    Neighbouring words of one charset are joined as bytes first: several mailers cut a character in half between two
    words.
    """
    if "=?" not in value:
        return clean_line(value)
    pieces: list[str] = []
    waiting, waiting_charset = b"", ""
    at = 0
    value = BETWEEN_WORDS.sub(r"\1", value)
    for word in WORD.finditer(value):
        charset = word[1].split("*", 1)[0].lower()
        if waiting and (word.start() > at or charset != waiting_charset):
            pieces.append(decode(waiting, waiting_charset)[0])
            waiting = b""
        if word.start() > at:
            pieces.append(value[at : word.start()])
        waiting, waiting_charset = waiting + word_bytes(word[2], word[3]), charset
        at = word.end()
    if waiting:
        pieces.append(decode(waiting, waiting_charset)[0])
    pieces.append(value[at:])
    return clean_line("".join(pieces))


def word_bytes(encoding: str, content: str) -> bytes:
    """Undo the inner encoding of one encoded word."""
    encoded = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(encoded, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", encoded)
    usable = letters[: len(letters) - (1 if len(letters) % 4 == 1 else 0)]
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def parse_parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """Split "text/plain; charset=x; name*0*=…" into its lower-case main value and its decoded parameters (RFC 2231,
    RFC 2047).
    """
    main, _, _ = value.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in PARAMETER.finditer(value[len(main) :][:20_000]):
        name, content = found[1].lower(), unquoted(found[2])
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(name, decode_words(content))
            continue
        number, extended = rest.removesuffix("*"), rest == "" or rest.endswith("*")
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        pieces.setdefault(base, {}).setdefault(index, (content, extended))
    for base, numbered in pieces.items():
        plain[base] = joined_pieces([numbered[index] for index in sorted(numbered)])
    return main.strip().lower(), plain


def unquoted(content: str) -> str:
    content = content.strip()
    if not content.startswith('"'):
        return content
    return re.sub(r"\\(.)", r"\1", content[1:].removesuffix('"'))


def joined_pieces(pieces: list[tuple[str, bool]]) -> str:
    """Join the numbered pieces of an RFC 2231 parameter and decode them by the charset that the first one names."""
    charset = ""
    first, extended = pieces[0]
    if extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    octets = b"".join(
        unquote_to_bytes(text) if is_extended else text.encode("utf-8", "replace")
        for text, is_extended in [(first, extended), *pieces[1:]]
    )
    text, _ = decode(octets, charset if codec_name(charset) else None)
    return clean_line(text)


def parse_date(value: str) -> datetime | None:
    """Read a Date header as aware UTC; None when it is absent, unreadable, or from no year a mail can come from."""
    try:
        found = parsedate_tz(value)
    except (ValueError, TypeError, IndexError, AttributeError):
        # parsedate_tz trips over a few hostile shapes in some Python versions.
        return None
    if found is None or not EARLIEST_YEAR <= found[0] <= LATEST_YEAR:
        return None
    offset_seconds = found[9] or 0
    if abs(offset_seconds) > LARGEST_OFFSET_SECONDS:
        return None
    try:
        local = datetime(found[0], found[1], found[2], found[3], found[4], min(found[5], 59), tzinfo=UTC)
        return local - timedelta(seconds=offset_seconds)
    except (ValueError, OverflowError):
        return None


def parse_message_ids(value: str) -> tuple[str, ...]:
    """Find all message ids in a header, in order, without angle brackets, inner spaces (from folding) and repeats."""
    found = MESSAGE_ID.findall(value[:100_000]) or BARE_MESSAGE_ID.findall(value[:100_000])
    ids = ("".join(clean_line(one).split()) for one in found)
    return tuple(dict.fromkeys(one for one in ids if one))
