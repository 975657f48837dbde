"""Who writes, and the facts their stories differ by: drawn from lists and ranges by a generator with a fixed seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

__all__ = ["Casting", "Writer", "facts_for"]

RETURNING_SHARE = 0.2
"""How many of those who write have written before."""

_DAY = {
    "ko": "{0.month}월 {0.day}일",
    "zh-hans": "{0.month}月{0.day}日",
    "vi": "{0.day}/{0.month}",
    "en": "{0.day} {0:%B}",
}
_HALVES = {"ko": ("오전", "오후"), "zh-hans": ("上午", "下午"), "vi": ("sáng", "chiều"), "en": ("am", "pm")}
_HOUR = {"ko": "{half} {hour}시", "zh-hans": "{half}{hour}点", "vi": "{hour} giờ {half}", "en": "{hour} {half}"}
_SEPARATOR = {"ko": ",", "zh-hans": ",", "vi": ".", "en": ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A customer. call: how they are addressed, such as "chị Lan". sign: how they close; empty for those who never do.

    phone: as it is dialed from anywhere. phone_at_home: as people write it.
    """

    name: str
    call: str
    address: str
    phone: str
    phone_at_home: str
    language: str
    sign: str


class Casting:
    """Finds somebody for each matter: mostly new people, sometimes one who has written before."""

    def __init__(self, house: Mapping[str, Any], rng: Random) -> None:
        self._house, self._rng = house, rng
        self._known: dict[str, list[Writer]] = {}
        self._addresses: set[str] = set()

    def somebody(self, language: str) -> Writer:
        """Return somebody who writes in a language."""
        known = self._known.setdefault(language, [])
        if known and self._rng.random() < RETURNING_SHARE:
            return self._rng.choice(known)
        writer = self._new(language)
        known.append(writer)
        return writer

    def companion_of(self, writer: Writer) -> Writer:
        """Return somebody whom a writer puts in copy."""
        return self._new(writer.language)

    def _new(self, language: str) -> Writer:
        names, rng = self._house["names"][language], self._rng
        while True:
            family, family_latin = rng.choice(names["family"])
            given, given_latin, call = rng.choice(names["given"])
            name = names["order"].format(family=family, given=given)
            local = rng.choice(("{0}.{1}", "{0}{1}", "{1}.{0}", "{0}_{1}", "{0}{2}", "{1}{2}")).format(
                given_latin, family_latin, rng.randint(70, 99)
            )
            address = f"{local}@{rng.choice(self._house['domains'])}"
            if address not in self._addresses:
                break
        self._addresses.add(address)
        digits = [str(rng.randint(1000, 9999)) for _part in range(2)]
        facts = {"customer": name, "given": given.split()[-1], "family": family, "call": call}
        return Writer(
            name=name,
            call=names["call"].format(**facts),
            address=address,
            phone=self._house["phone"].format(*digits),
            phone_at_home=self._house["phone_at_home"].format(*digits),
            language=language,
            sign=rng.choice(names["signs"]).format(**facts),
        )


def facts_for(*, writer: Writer, house: Mapping[str, Any], at: datetime, rng: Random) -> dict[str, dict[str, str]]:
    """Draw the facts of one story, and return them as each language of the workspace writes them.

    at: when it begins, in the workspace's zone.

    Names of places and things are the writer's, unless the workspace knows them by another name in that language. A fact
    whose name is capitalized, such as "Call", begins a sentence.
    """
    same = {"customer": writer.name, "call": writer.call, "phone": writer.phone_at_home}
    same |= {name: str(rng.randint(low, high)) for name, (low, high) in house["codes"].items()}
    named = {name: rng.choice(choices) for name, choices in house["words"][writer.language].items()}
    numbers = {name: rng.randrange(low, high + 1, step) for name, (low, high, step) in house["numbers"].items()}
    earlier, later = sorted(rng.sample(range(1, 12), 2), reverse=True)
    days = {"day": -earlier, "day2": -later, "soon": rng.randint(2, 5)}
    hour = rng.randint(9, min(max(at.hour - 1, 9), 17))  # what happened at some hour has happened already
    facts = {}
    for language in house["words"]:
        shown = {name: f"{number:,}".replace(",", _SEPARATOR[language]) for name, number in numbers.items()}
        shown |= {name: _DAY[language].format(at + timedelta(days=away)) for name, away in days.items()}
        half = _HALVES[language][hour >= 12]
        shown["hour"] = _HOUR[language].format(half=half, hour=hour if hour <= 12 else hour - 12)
        known_as = house.get("known_as", {}).get(language, {})
        words = same | {name: known_as.get(word, word) for name, word in named.items()}
        facts[language] = (
            words | {name.capitalize(): word[:1].upper() + word[1:] for name, word in words.items()} | shown
        )
    return facts
