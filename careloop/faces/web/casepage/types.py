"""What the rooms of the case page hand to each other."""

from dataclasses import dataclass

__all__ = ["Sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One act in words. icon: a Lucide name. tone: a tone of the kit, or empty. rule_id: of the rule that did it, if one did.

    words, who: what a person wrote with it, and their name; empty for an act without words.
    """

    text: str
    icon: str
    tone: str = ""
    rule_id: int | None = None
    words: str = ""
    who: str = ""
