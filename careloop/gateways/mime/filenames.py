"""Names of attachments that are safe to store, to show and to offer for download."""

import re
import unicodedata

from careloop.gateways.mime.charsets import clean_line

__all__ = ["safe_filename"]

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
# Direction marks and invisible characters let "exe.fdp" be read as "pdf.exe" backwards.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u00ad\ufff9-\ufffb]+")
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))}
)
LONGEST_BYTES = 180


def safe_filename(wanted: str, *, fallback: str) -> str:
    """Turn a decoded file name from a mail into one safe path component.

    wanted: what the sender says, possibly with a path, breaks, direction overrides or nothing at all.
    fallback: used when nothing readable remains.

    Returns at most 180 bytes of UTF-8, the extension kept, never empty, never hidden, never "..".
    """
    name = wanted.replace("\\", "/").rsplit("/", 1)[-1]
    name = INVISIBLE.sub("", unicodedata.normalize("NFC", name))
    name = clean_line(UNSAFE.sub(" ", name)).strip(". ")
    if not name:
        name = fallback
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    if stem.lower() in RESERVED:
        stem = f"{stem}_"
    room = LONGEST_BYTES - len((dot + extension).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ") or fallback
    return f"{stem}{dot}{extension}"
