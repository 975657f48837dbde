"""Numbers as people read them: in a unit that fits their size, in the reader's language."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.processes.measuring.types import Figure

__all__ = ["Scale", "count_words", "duration_words", "interval_words", "scale_of", "whole_words"]

SHARES: Final[dict[str, str | Promise]] = {"share": "%", "per_year": lazily("% a year")}
SECONDS: Final = {"seconds": 1.0, "hours": 3600.0, "days": 86_400.0}
WORDS: Final[dict[str, str | Promise]] = {
    "contacts_per_8h": lazily("per 8 h"),
    "per_thousand": lazily("per 1,000"),
    "per_million": lazily("per million"),
    "months": lazily("months"),
    "points": lazily("points"),
    "fte_intervals": lazily("FTE intervals"),
    "contacts": lazily("contacts"),
}
WHOLE: Final = frozenset({"count"})
# Languages that write a unit of time right behind its number.
CLOSE: Final = ("ko", "zh")
THIN: Final = "\u202f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How values of a metric are printed. factor: from their unit to the printed one. word: of the printed unit, may be empty.

    is_close: whether the language writes the unit right behind the number, as in "3시간" and "80%".
    decimals: digits behind the point. axis: the same for charts, as d3 writes formats.
    """

    factor: float
    word: str
    decimals: int
    axis: str
    is_close: bool = False

    @property
    def tail(self) -> str:
        """Return what stands behind a number: its unit, and what keeps the two apart."""
        return self.word if self.is_close or not self.word else f"{THIN}{self.word}"

    def number(self, value: float) -> str:
        """Say a value without its unit."""
        return formats.number_format(round(value * self.factor, self.decimals), self.decimals, force_grouping=True)

    def say(self, value: float) -> str:
        """Say a value with its unit."""
        return f"{self.number(value)}{'' if self.is_close or not self.word else ' '}{self.word}"

    def say_difference(self, value: float) -> str:
        """Say how far apart two values are; shares in points, because a percentage of a percentage misleads."""
        if self.word.startswith("%"):
            return _("%(number)s points") % {"number": self.number(abs(value))}
        return self.say(abs(value))


def scale_of(unit: str, *values: float | None) -> Scale:
    """Choose how to print values of a unit of the catalogue, by the largest of them."""
    known = [abs(value) for value in values if value is not None]
    largest = max(known, default=0.0)
    if unit in SHARES:
        return Scale(factor=100, word=str(SHARES[unit]), decimals=1, axis=",.1~f", is_close=True)
    if unit in SECONDS:
        return _time_scale(SECONDS[unit], largest)
    if unit in WHOLE:
        return Scale(factor=1, word="", decimals=0, axis=",~f")
    decimals = 0 if largest >= 1000 else 1 if largest >= 10 else 2
    return Scale(factor=1, word=str(WORDS.get(unit, "")), decimals=decimals, axis=",.4~g")


def interval_words(figure: Figure, scale: Scale) -> str:
    """Say between which values the true one likely lies; empty where there is no interval."""
    if figure.low is None or figure.high is None:
        return ""
    if scale.number(figure.low) == scale.number(figure.high) and figure.low != figure.high:
        # Ends that look alike would say that there is no doubt at all.
        scale = replace(scale, decimals=scale.decimals + 1)
    return _("likely between %(low)s and %(high)s") % {"low": scale.number(figure.low), "high": scale.say(figure.high)}


def count_words(figure: Figure) -> str:
    """Say how many stand behind a number; empty where that is hidden."""
    if figure.n is None:
        return ""
    return _("n = %(count)s") % {"count": whole_words(figure.n)}


def duration_words(seconds: int) -> str:
    """Say a duration that somebody chose, without digits behind the point where there are none."""
    scale = scale_of("seconds", float(seconds))
    return (replace(scale, decimals=0) if float(seconds * scale.factor).is_integer() else scale).say(float(seconds))


def whole_words(count: int) -> str:
    """Say a whole number in the reader's language."""
    return str(formats.number_format(count, 0, force_grouping=True))


def _time_scale(seconds: float, largest: float) -> Scale:
    size = largest * seconds
    scale = partial(Scale, axis=",.1~f", is_close=(get_language() or "en").startswith(CLOSE))
    if size < 120:
        return scale(factor=seconds, word=_("s"), decimals=1 if size < 10 else 0)
    if size < 7_200:
        return scale(factor=seconds / 60, word=_("min"), decimals=1)
    if size < 172_800:
        return scale(factor=seconds / 3600, word=_("h"), decimals=1)
    return scale(factor=seconds / 86_400, word=_("days"), decimals=1)
