"""Address lists as people and machines really write them."""

import re
from collections.abc import Iterator
from contextlib import suppress

from careloop.gateways.mime.charsets import clean_line
from careloop.gateways.mime.headers import decode_words
from careloop.gateways.mime.types import Address

__all__ = ["normal_address", "parse_addresses"]

COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
ANGLE = re.compile(r"<([^<>]*)>?\s*$")
LOOSE = re.compile(r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()]+")
LONGEST_ADDRESS = 320
LONGEST_PIECE = 2000  # keeps the patterns above linear on hostile headers
MOST_ADDRESSES = 2000


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Read an address header, encoded words still in place so that a comma inside a name splits nothing.

    Returns every mailbox that has an address, in order, without repeats; groups are opened. Never raises.
    """
    found: dict[str, Address] = {}
    for piece in split_list(value):
        if one := parse_one(piece):
            found.setdefault(one.address, one)
        if len(found) >= MOST_ADDRESSES:
            break
    return tuple(found.values())


def split_list(value: str) -> Iterator[str]:
    """Cut at commas, semicolons and group colons that stand outside quotes, comments and angle brackets."""
    start, quoted, comments, angled, skip = 0, False, 0, False, False
    for at, character in enumerate(value):
        if skip:
            skip = False
        elif character == "\\" and (quoted or comments):
            skip = True
        elif character == '"' and not comments:
            quoted = not quoted
        elif quoted:
            continue
        elif character == "(":
            comments += 1
        elif character == ")":
            comments = max(0, comments - 1)
        elif comments:
            continue
        elif character == "<":
            angled = True
        elif character == ">":
            angled = False
        elif not angled and (character in ",;" or (character == ":" and "@" not in value[start:at])):
            if character != ":":
                yield value[start:at]
            start = at + 1
    # An unclosed quote swallows the rest; the plain look for addresses in `parse_one` still finds one.
    yield value[start:]


def parse_one(piece: str) -> Address | None:
    """Read one mailbox: name and <address>, bare address, or address (name)."""
    piece = piece.strip()[-LONGEST_PIECE:]
    if "@" not in piece:
        return None
    if angle := ANGLE.search(piece):
        name, address = piece[: angle.start()], angle[1]
        if "@" in address:
            return made(name=name, address=address)
    comment = COMMENT.search(piece)
    loose = LOOSE.search(COMMENT.sub(" ", piece)) or LOOSE.search(piece)
    if loose is None:
        return None
    return made(name=comment[1] if comment else "", address=loose[0])


def made(*, name: str, address: str) -> Address | None:
    address = normal_address(decode_words(address))
    if not address:
        return None
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    shown = decode_words(name.strip()).strip("\"'").strip()
    return Address(name=shown[:200], address=address)


def normal_address(address: str) -> str:
    """Bring an address to the form by which two writings of it are the same; empty when it is no address.

    Lower case throughout (no provider of today tells "Kim@" from "kim@"), source routes dropped, the domain in ASCII
    form.
    """
    address = "".join(clean_line(address).strip("<>\"' .,;").split())
    if address.startswith("@") and ":" in address:
        address = address.split(":", 1)[1]
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(address) > LONGEST_ADDRESS:
        return ""
    domain = domain.lower().rstrip(".")
    if not domain.isascii():
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode("ascii").lower()
    return f"{local.lower()}@{domain}" if domain else ""
