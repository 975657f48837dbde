"""Which of the house's languages a text is in, as far as its script tells."""

import re

__all__ = ["first_line", "language_of"]

_HANGUL = re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_LETTER = re.compile(r"[a-z]", re.IGNORECASE)


def language_of(text: str) -> str:
    """Return ko, zh-hans, vi or en when the script of the first 2000 characters says so, else the empty text."""
    text = text[:2000]
    hangul, han = len(_HANGUL.findall(text)), len(_HAN.findall(text))
    if hangul > 2 and hangul * 3 > han:
        return "ko"
    if han > 2 and not _KANA.search(text):
        return "zh-hans"
    if len(_VIETNAMESE.findall(text)) > 2:
        return "vi"
    return "en" if len(_LETTER.findall(text)) > 20 else ""


def first_line(text: str) -> str:
    """Return the beginning of a text, to call a matter without a subject by."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line[:80]
