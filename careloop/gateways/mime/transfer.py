"""Undo base64 and quoted-printable, also broken ones, without copying a large body twice."""

import binascii
import re

__all__ = ["decode_transfer"]

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_transfer(body: memoryview, encoding: str) -> tuple[bytes, bool]:
    """Give the bytes of a part as they were before transport.

    body: a view into the raw mail.
    encoding: the Content-Transfer-Encoding, any case; unknown ones mean "as is".

    Returns the bytes and whether they were broken and had to be repaired. Never raises.
    """
    match encoding.strip().lower():
        case "base64":
            return decode_base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body), False
        case _:
            return bytes(body), False


def decode_base64(body: memoryview) -> tuple[bytes, bool]:
    try:
        decoded = binascii.a2b_base64(body)
    except binascii.Error:
        letters = NOT_BASE64.sub(b"", bytes(body))
        usable = letters[: len(letters) - (1 if len(letters) % 4 == 1 else 0)]
        return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4)), True
    # Decoding stops at padding: text behind it (a footer added by a list) is not data, but half the body gone is a
    # fault.
    return decoded, len(decoded) * 2 < len(body) * 0.7 and len(body) > 400
