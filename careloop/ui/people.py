"""How a person's name becomes a small picture."""

import unicodedata
from zlib import crc32

__all__ = ["hue", "initials", "mark"]

HUES = 8


def initials(name: str) -> str:
    """Shorten a name to what fits a small circle.

    name: as the person writes it.

    Returns the first letters of the first and last word; of a Korean or Chinese name its last two characters, which is
    how colleagues there call each other; "?" for an empty name.
    """
    words = name.split()
    if not words:
        return "?"
    if _is_han_or_hangul(words[-1][0]):
        return "".join(words)[-2:]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]
    return "".join(letters).upper()


def mark(name: str) -> str:
    """Shorten the name of a workspace or company to what fits a small square.

    name: as people know it.

    Returns the first letters of its first two words; of a Korean or Chinese name its first two characters.
    """
    words = name.split()
    if not words:
        return "?"
    if _is_han_or_hangul(words[0][0]):
        return words[0][:2]
    return "".join(word[0] for word in words[:2]).upper()


def hue(name: str) -> int:
    """Choose the color of a name, the same one everywhere and for ever.

    name: as the person writes it.

    Returns 0 to 7, a `.hue-N` class of marks.css.
    """
    return crc32(unicodedata.normalize("NFKC", name).casefold().encode()) % HUES


def _is_han_or_hangul(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("CJK UNIFIED", "HANGUL"))
