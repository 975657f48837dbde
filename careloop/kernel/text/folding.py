"""Fold the ways of writing one word into one."""

import unicodedata

__all__ = ["fold"]

COMBINING_MARKS = range(0x0300, 0x0370)
# Latin with its extensions, Greek, Cyrillic, and the precomposed Vietnamese letters.
MARKED_LETTERS = (range(0x00C0, 0x0250), range(0x0370, 0x0530), range(0x1E00, 0x2000))
# Letters whose mark is part of the letter, so that Unicode does not take it off.
WHOLE_LETTERS = {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t", "æ": "ae", "œ": "oe"}
# Soft hyphen, zero-width and direction characters, Hangul fillers, variation selectors, tags: seen by nobody.
INVISIBLE = (
    *(0x00AD, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0xFEFF),
    *range(0x180B, 0x180E),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE01F0),
)


def _without_marks(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if ord(part) not in COMBINING_MARKS)


FOLDED: dict[int, str | None] = {
    **{code: _without_marks(chr(code)) for codes in MARKED_LETTERS for code in codes},
    **{ord(letter): plain for letter, plain in WHOLE_LETTERS.items()},
    **dict.fromkeys(COMBINING_MARKS),
    **dict.fromkeys(INVISIBLE),
}


def fold(text: str) -> str:
    """Return the text as search sees it: NFKC, without case, Latin marks or invisible characters.

    `ĐƠN hàng` becomes `don hang`, `ＡＢ` becomes `ab`; the marks of other scripts (か and が, Thai vowels) stay.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().translate(FOLDED)
