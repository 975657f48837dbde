"""Words of the catalogue in the four languages of the house: data of a metric, not messages of a page."""

from dataclasses import dataclass
from typing import Final

__all__ = ["LANGUAGES", "Words", "said"]

LANGUAGES: Final = ("en", "ko", "zh-hans", "vi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One phrase in every language of the house."""

    en: str
    ko: str
    zh_hans: str
    vi: str

    def spoken(self, language: str) -> str:
        """Return the phrase in a language such as "ko" or "zh-hans"; English for one that the house does not speak."""
        return {"ko": self.ko, "zh-hans": self.zh_hans, "vi": self.vi}.get(language.lower(), self.en)


def said(en: str, ko: str, zh_hans: str, vi: str) -> Words:
    """Write one phrase in all languages, one line each, in the order of LANGUAGES."""
    return Words(en=en, ko=ko, zh_hans=zh_hans, vi=vi)
