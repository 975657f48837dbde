"""Bytes to text, whatever the sender claims; and text that PostgreSQL and a screen can take."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

__all__ = ["clean", "clean_line", "decode", "decode_unlabelled"]

# The wider relative of what is declared: Windows writes the superset and names the standard.
WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin_1": "cp1252",
    "euc_kr": "cp949",
    "johab": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
# Names in the wild which Python does not know.
ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601-1989": "cp949",
    "x-windows-949": "cp949",
    "windows-949": "cp949",
    "uhc": "cp949",
    "x-gbk": "gb18030",
    "x-euc-cn": "gb18030",
    "gb_2312-80": "gb18030",
    "x-x-big5": "big5hkscs",
    "windows-874": "cp874",
    "windows-31j": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-viet-vps": "cp1258",
    "x-cp1258": "cp1258",
}
TEXTLESS = frozenset({
    "hex", "base64", "bz2", "zlib", "uu", "quopri", "rot13", "idna", "punycode", "unicode_escape",
    "raw_unicode_escape", "undefined", "mbcs", "oem",
})  # fmt: skip
GUESSABLE = [
    "utf_8",
    "cp949",
    "gb18030",
    "big5hkscs",
    "cp932",
    "euc_jp",
    "cp1258",
    "cp1252",
    "cp1251",
    "cp1250",
    "cp874",
]
SAMPLE_BYTES = 4096
SHORTEST_SAMPLE_BYTES = 48  # below that, statistics of letters are noise

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]+")
NEWLINES = re.compile("\r\n?|\x85|\u2028|\u2029")


def clean(text: str) -> str:
    """Make many lines of text storable: single newlines, no NUL, no control characters, no lone surrogates."""
    return CONTROLS.sub("", NEWLINES.sub("\n", text) if not text.isascii() or "\r" in text else text)


def clean_line(text: str) -> str:
    """Make one line of text storable and unable to disturb its neighbours: no breaks, no direction overrides,
    trimmed.
    """
    return " ".join(LINE_CONTROLS.sub(" ", text).split()) if text else ""


def codec_name(declared: str | None) -> str | None:
    """Find the Python codec for a declared character set, None when it says nothing useful."""
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    if len(name) > 40 or "\x00" in name:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    if found.name.replace("-", "_") in TEXTLESS or not getattr(found, "_is_text_encoding", True):
        return None
    return WIDER.get(found.name, found.name)


def decode(body: bytes, declared: str | None) -> tuple[str, bool]:
    """Decode a text by what its label says, and by its looks when the label is wrong or missing.

    body: the bytes after base64 or quoted-printable were undone.
    declared: the charset of the Content-Type, None when it has none.

    Returns the text (cleaned, composed) and whether the label had to be overruled. Never raises.
    """
    if body.startswith(codecs.BOM_UTF8):
        body = body[3:]
    if (
        body.isascii()
        and b"\x1b" not in body
        and b"+" not in body
        and b"~{" not in body
        and declared_is_ascii_like(declared)
    ):
        return clean(body.decode("ascii")), False
    codec = codec_name(declared)
    # A label of ASCII or Latin 1 is what software writes when it does not know; real UTF-8 is never an accident.
    if codec in (None, "cp1252") or codec == "utf-8":
        try:
            return composed(body.decode("utf-8")), codec == "cp1252" and not body.isascii()
        except UnicodeDecodeError:
            pass
    if codec is not None and codec != "utf-8":
        try:
            return composed(body.decode(codec)), False
        except (UnicodeError, ValueError, LookupError):
            pass
    return decode_unlabelled(body), True


def declared_is_ascii_like(declared: str | None) -> bool:
    """Say whether plain ASCII bytes mean themselves under this label (UTF-16, UTF-7 and ISO-2022 differ)."""
    name = codec_name(declared)
    return name is None or not name.startswith(
        ("utf-16", "utf-32", "utf-7", "utf_16", "utf_32", "cp037", "cp500", "cp1140")
    )


def decode_unlabelled(body: bytes) -> str:
    """Guess the character set from the bytes alone. Never raises; what cannot be read becomes U+FFFD.

    Korean and simplified Chinese share their byte ranges. Korean syllables lie in the rows B0 to C8 of the table,
    while half
    of all Chinese characters in running text lie above, so the share of Hangul decides, also for a single line.
    """
    try:
        return composed(body.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        # A mail cut in the middle of its last character, or with one stray byte, is still UTF-8.
        if wrong.start > 0 and is_mostly_utf_8(body):
            return composed(body.decode("utf-8", "replace"))
    sample = body[:SAMPLE_BYTES]
    korean = sample.decode("cp949", "ignore")
    wide = [character for character in korean if ord(character) > 0x2E7F]
    pairs = sum(byte > 0x80 for byte in sample) / 2
    if len(wide) >= 2 and len(wide) > 0.8 * pairs:
        hangul = sum("\uac00" <= character <= "\ud7a3" for character in wide)
        return composed(body.decode("cp949" if hangul > 0.9 * len(wide) else "gb18030", "replace"))
    if len(sample) >= SHORTEST_SAMPLE_BYTES:
        best = from_bytes(sample, cp_isolation=GUESSABLE, steps=5, chunk_size=512).best()
        if best is not None:
            return composed(body.decode(best.encoding, "replace"))
    return composed(body.decode("cp1252", "replace"))


def is_mostly_utf_8(body: bytes) -> bool:
    """Say whether broken bytes are rare among valid UTF-8 sequences (under one in twenty)."""
    text = body[:SAMPLE_BYTES].decode("utf-8", "replace")
    wide = sum(character > "\x7f" for character in text)
    return wide > 0 and text.count("\ufffd") * 20 <= wide + 20 and text.count("\ufffd") * 2 < wide


def composed(text: str) -> str:
    """Clean, and join letters with the marks that windows-1258 and some phones keep apart."""
    return clean(unicodedata.normalize("NFC", text))
