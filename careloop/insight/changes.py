"""Is one number really different from another, and what is the change made of: another mix, or other rates within it?

Pages, the interface for machines and the terminal ask here, so that they say the same of the same two numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import hypot, isclose
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

__all__ = ["Change", "Key", "Number", "Part", "Split", "Verdict", "change", "period_before", "split"]

Key: TypeAlias = str | int | float | date | datetime | None


class Number(Protocol):
    """What a comparison needs of a number; `kpis.Row` has it, and so has what pages keep of one."""

    @property
    def dimensions(self) -> Mapping[str, Key]: ...
    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def numerator(self) -> float | None: ...
    @property
    def denominator(self) -> float | None: ...
    @property
    def standing(self) -> str: ...


class Verdict(StrEnum):
    """UNCLEAR: as far as the numbers can tell, there may be no difference. UNKNOWN: there is no interval to tell by."""

    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value less another, in their unit, with the interval of the difference where both have one."""

    difference: float
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one stratum brings to the change, in the unit of the metric."""

    key: Key
    mix: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A change, after minus before; mix and rate add up to it. parts: the largest first."""

    change: float
    mix: float
    rate: float
    parts: Sequence[Part]


def change(now: Number | None, base: Number | None) -> Change | None:
    """Hold a number against another one of the same metric; None where one of them has no value.

    The interval of the difference is made of both intervals, each end from the ends that lie towards it.
    Source: Newcombe 1998, method 10, for any pair of intervals: Zou and Donner 2008.
    """
    if now is None or base is None or now.value is None or base.value is None:
        return None
    difference = now.value - base.value
    if now.low is None or now.high is None or base.low is None or base.high is None:
        return Change(difference=difference, low=None, high=None, verdict=Verdict.UNKNOWN)
    low = difference - hypot(now.value - now.low, base.high - base.value)
    high = difference + hypot(now.high - now.value, base.value - base.low)
    verdict = Verdict.HIGHER if low > 0 else Verdict.LOWER if high < 0 else Verdict.UNCLEAR
    return Change(difference=difference, low=low, high=high, verdict=verdict)


def split(now: Sequence[Number], before: Sequence[Number], *, by: str) -> Split | None:
    """Split the change of a ratio or mean between two periods into mix and rate.

    now, before: the cells of both periods, split by the dimension `by`.

    Returns None where the numbers are no quotients of sums, such as quantiles, and where a small one is hidden, since the rest
    would tell it. Source: Kitagawa 1955; metrics.md §0.2.
    """
    # Needs NumPy, which pages must not wait for when they start.
    from careloop.insight.stats.rollups import mix_rate_decomposition

    figures = [*now, *before]
    scale = _scale(figures)
    if not now or not before or scale is None:
        return None
    keys = list(dict.fromkeys(one.dimensions[by] for one in figures))
    after, base = ({one.dimensions[by]: _sums(one) for one in period} for period in (now, before))
    found = mix_rate_decomposition(
        before_numerators=[base.get(key, (0.0, 0.0))[0] for key in keys],
        before_denominators=[base.get(key, (0.0, 0.0))[1] for key in keys],
        after_numerators=[after.get(key, (0.0, 0.0))[0] for key in keys],
        after_denominators=[after.get(key, (0.0, 0.0))[1] for key in keys],
    )
    if found is None:
        return None
    parts = [
        Part(key=key, mix=mix * scale, rate=rate * scale)
        for key, mix, rate in zip(keys, found.mix_by_stratum, found.rate_by_stratum, strict=True)
    ]
    return Split(
        change=found.change * scale,
        mix=found.mix * scale,
        rate=found.rate * scale,
        parts=sorted(parts, key=lambda part: -abs(part.mix + part.rate)),
    )


def _sums(figure: Number) -> tuple[float, float]:
    return figure.numerator or 0.0, figure.denominator or 0.0


def _scale(figures: Sequence[Number]) -> float | None:
    """Return what quotients of the sums are multiplied with to give the values; None where values are no such quotients."""
    scale = 1.0
    found = False
    for one in figures:
        if one.standing == "hidden" or one.numerator is None or one.denominator is None:
            return None
        x, n = _sums(one)
        if n < 0 or (n == 0 and x != 0) or (n > 0 and one.value is None):
            return None
        if n == 0 or one.value is None or x == 0:
            continue
        own = one.value * n / x
        if found and not isclose(own, scale, rel_tol=1e-6):
            return None
        scale, found = own, True
    return scale


def period_before(since: datetime, until: datetime, *, zone: str, day_begins_s: int = 0) -> tuple[datetime, datetime]:
    """Return the period of the same kind that ends where this one begins.

    since, until: timezone-aware. Whole local months are held against as many months, days that begin at the same local time
    against as many days, be they 23 or 25 hours long, and anything else against the same length of time. Local months begin
    day_begins_s seconds after midnight.
    """
    here = ZoneInfo(zone)
    first, last = since.astimezone(here), until.astimezone(here)
    if first.time() != last.time():
        return since - (until - since), since
    days = last.date() - first.date()
    if first.day == last.day == 1 and first.replace(tzinfo=None) == _start(first.date(), day_begins_s):
        months = (last.year - first.year) * 12 + last.month - first.month
        start = _months_before(first.date(), months)
    else:
        start = first.date() - days
    return datetime.combine(start, first.time(), here), since


def _start(day: date, day_begins_s: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(seconds=day_begins_s)


def _months_before(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, day.day)
