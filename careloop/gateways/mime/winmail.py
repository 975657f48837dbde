"""winmail.dat: the envelope in which Exchange hides attachments and text (TNEF)."""

import struct
from dataclasses import dataclass

from tnefparse import TNEF

from careloop.gateways.mime.charsets import clean, decode

__all__ = ["Winmail", "unpack_winmail"]

SIGNATURE = struct.pack("<I", 0x223E9F78)
HEADER_BYTES, OBJECT_FRAME_BYTES = 6, 11
MOST_OBJECTS = 2000
LARGEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Winmail:
    """What was inside. files: (name, bytes). text, html: None when absent."""

    text: str | None
    html: str | None
    files: tuple[tuple[str, bytes], ...]


def unpack_winmail(payload: bytes) -> Winmail | None:
    """Open a TNEF container.

    payload: the decoded part.

    Returns None when it is no TNEF, empty, damaged, or built to exhaust the reader; the caller then keeps the file.
    A body that exists only as compressed RTF is not read.
    """
    if not payload.startswith(SIGNATURE) or len(payload) > LARGEST_BYTES or not is_sound(payload):
        return None
    try:
        opened = TNEF(payload, do_checksum=False)
        files = tuple(
            (str(one.long_filename() or ""), one.data) for one in opened.attachments if isinstance(one.data, bytes)
        )
    except Exception:  # noqa: BLE001  the reader indexes into the bytes unchecked, so damage raises anything at all
        return None
    found = Winmail(text=body_text(opened.body), html=body_text(opened.htmlbody), files=files)
    return found if found.files or found.text or found.html else None


def is_sound(payload: bytes) -> bool:
    """Say whether the objects are whole and few enough; the reader copies the rest of the file for each one."""
    at, count = HEADER_BYTES, 0
    while at + OBJECT_FRAME_BYTES < len(payload) and count <= MOST_OBJECTS:
        (length,) = struct.unpack_from("<I", payload, at + 5)
        at += length + OBJECT_FRAME_BYTES
        count += 1
    return at <= len(payload) and count <= MOST_OBJECTS


def body_text(body: object) -> str | None:
    """Bring a body, bytes or text, possibly inside a list, to clean text; None when there is none."""
    if isinstance(body, list | tuple):
        body = body[0] if body else None
    if isinstance(body, bytes):
        body = decode(body.rstrip(b"\x00"), None)[0]
    return clean(body) if isinstance(body, str) and body.strip() else None
