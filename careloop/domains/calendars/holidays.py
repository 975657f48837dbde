"""National holidays, from the `holidays` library: lunar dates, substitute days, and weekends worked in exchange."""

from datetime import date
from functools import cache
from typing import Final

from careloop.domains.calendars.types import Holiday

__all__ = ["countries", "holidays_between", "knows"]

LANGUAGES: Final = {"en": "en_US", "ko": "ko", "vi": "vi", "zh-hans": "zh_CN"}


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """Return the countries whose holidays are known, each with its subdivisions that have holidays of their own."""
    import holidays

    return {
        code: tuple(parts) for code, parts in sorted(holidays.list_supported_countries(include_aliases=False).items())
    }


def knows(country: str, subdivision: str) -> bool:
    """Say whether there are holidays for a country and, unless it is empty, a part of it."""
    parts = countries().get(country)
    return parts is not None and (not subdivision or subdivision in parts)


@cache
def holidays_between(country: str, subdivision: str, *, first: int, last: int, language: str) -> tuple[Holiday, ...]:
    """Return the holidays of some years, in order, and the weekend days that are worked in exchange.

    country, subdivision: as in `CalendarSettings`. first, last: years, both included. language: of the names, one of the
    house's; a country without names in it gives them in English, or else in its own.
    """
    import holidays

    supported = holidays.country_holidays(country).supported_languages
    known = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(first, last + 1),
        language=next((name for name in (LANGUAGES[language], LANGUAGES["en"]) if name in supported), None),
    )
    worked: set[date] = getattr(known, "weekend_workdays", set())
    return tuple(
        sorted(
            [Holiday(date=day, name=name) for day, name in known.items() if day not in worked]
            + [Holiday(date=day, name="", is_worked=True) for day in worked if first <= day.year <= last],
            key=lambda holiday: holiday.date,
        )
    )
