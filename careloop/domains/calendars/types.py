"""What may cross the threshold of the calendars domain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from careloop.kernel.hours import Span

__all__ = ["CalendarRow", "CalendarSettings", "DayRow", "Holiday"]

Week = Sequence[Sequence[Span]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """What people decide about a calendar.

    name: 1 to 80 characters. zone: an IANA name such as "Asia/Seoul".
    weekly: seven sequences of spans, Monday first.
    country: ISO 3166 letters of a country whose holidays are kept, such as "KR"; empty for none.
    subdivision: a part of it with holidays of its own, as in ISO 3166-2 behind the hyphen; empty for none.
    """

    name: str
    zone: str
    weekly: Week
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A date with hours of its own: none is a day off. is_yearly: it comes again every year, from this one on."""

    date: date
    name: str
    spans: tuple[Span, ...] = ()
    is_yearly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """A calendar as its readers know it. days: own exceptions, in order of date."""

    id: int
    is_default: bool
    settings: CalendarSettings
    days: tuple[DayRow, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A national holiday, or a day of a weekend that is worked in exchange for one."""

    date: date
    name: str
    is_worked: bool = False
