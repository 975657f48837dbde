"""What the rooms of the case page hand to each other."""

from dataclasses import dataclass

__all__ = ["Sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One act in words. icon: a Lucide name. tone: a tone of the kit, or empty."""

    text: str
    icon: str
    tone: str = ""
