"""Hours as they are kept in rows and written in events."""

from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date, time

from careloop.domains.calendars.types import DayRow
from careloop.kernel.hours import Span

__all__ = ["by_date", "kept", "spans_of", "written"]


def by_date(days: Iterable[DayRow], *, first: int, last: int) -> dict[date, DayRow]:
    """Return own days by the dates on which they fall, those of every year in the years asked for, from their own on.

    29 February comes in leap years only. A date that was given hours for itself has those, also where a yearly day falls on it.
    """
    found: dict[date, DayRow] = {}
    for day in sorted(days, key=lambda one: (not one.is_yearly, one.date)):
        years = range(max(day.date.year, first), last + 1) if day.is_yearly else (day.date.year,)
        is_leap_day = (day.date.month, day.date.day) == (2, 29)
        found |= {day.date.replace(year=year): day for year in years if isleap(year) or not is_leap_day}
    return found


def spans_of(kept: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """Read pairs such as ["09:00", "18:00"]."""
    return tuple(Span(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)) for opens, closes in kept)


def kept(spans: Iterable[Span]) -> list[list[str]]:
    """Turn spans into pairs for a row, the earliest first."""
    ordered = sorted(spans, key=lambda span: span.starts_after)
    return [[f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in ordered]


def written(spans: Iterable[Span]) -> str:
    """Write spans for people: "09:00-12:00, 13:00-18:00", empty when there are none."""
    return ", ".join("-".join(pair) for pair in kept(spans))
