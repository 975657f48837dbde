"""Periods in words, as spans of time in the workspace's zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["PERIODS", "Span", "days_between", "span_of"]

PERIODS: Final[Mapping[str, str | Promise]] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "last_7_days": _("Last 7 days"),
    "last_28_days": _("Last 28 days"),
    "last_90_days": _("Last 90 days"),
    "this_week": _("This week"),
    "last_week": _("Last week"),
    "this_month": _("This month"),
    "last_month": _("Last month"),
    "this_year": _("This year"),
}
"""Names, which are stored and never change, and what people call them. Those of the last days hold today."""

# Numbers of a day that is not over are worked out anew at each of these steps, and not with every look.
STEP: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when until before when, timezone-aware; before: the span of the same kind that came before.

    is_running: it is not over. day_begins_s: local seconds since midnight at which its days begin.
    """

    since: datetime
    until: datetime
    before: tuple[datetime, datetime]
    is_running: bool = False
    day_begins_s: int = 0

    @property
    def days(self) -> tuple[date, date]:
        """Return the first day and the last one, each by the date on which it begins."""
        last = (self.until - timedelta(microseconds=1)).astimezone(self.since.tzinfo)
        return _day_of(self.since, self.day_begins_s), _day_of(last, self.day_begins_s)


def span_of(period: str, *, now: datetime, zone: ZoneInfo, day_begins_s: int = 0) -> Span:
    """Return the span that a period of PERIODS means at a moment.

    day_begins_s: local seconds since midnight at which a day begins; weeks, months and years begin then, too.

    A running period ends at the next half hour, and is compared with the same part of the one before.
    """
    today = _day_of(now.astimezone(zone), day_begins_s)
    since, until, before_since = (_start(day, zone, day_begins_s) for day in _days(period, today))
    so_far = _next_step(now)
    if so_far >= until:
        return Span(since=since, until=until, before=(before_since, since), day_begins_s=day_begins_s)
    before = before_since, min(before_since + (so_far - since), since)
    return Span(since=since, until=so_far, before=before, is_running=True, day_begins_s=day_begins_s)


def days_between(first: date, last: date, *, zone: ZoneInfo, day_begins_s: int = 0) -> Span:
    """Return the span of days, both included, and as many days before them. day_begins_s: as in `span_of`."""
    length = last - first + timedelta(days=1)
    since, until, before = (_start(day, zone, day_begins_s) for day in (first, first + length, first - length))
    return Span(since=since, until=until, before=(before, since), day_begins_s=day_begins_s)


def _days(period: str, today: date) -> tuple[date, date, date]:
    """Return the first day, the day after the last, and the first day of the period before."""
    one, monday, month = timedelta(days=1), today - timedelta(days=today.weekday()), today.replace(day=1)
    week = timedelta(days=7)
    match period:
        case "today":
            return today, today + one, today - one
        case "yesterday":
            return today - one, today, today - 2 * one
        case "this_week":
            return monday, monday + week, monday - week
        case "last_week":
            return monday - week, monday, monday - 2 * week
        case "this_month":
            return month, _month_after(month), _month_before(month)
        case "last_month":
            return _month_before(month), month, _month_before(_month_before(month))
        case "this_year":
            year = today.replace(month=1, day=1)
            return year, year.replace(year=year.year + 1), year.replace(year=year.year - 1)
    days = timedelta(days=int(period.removeprefix("last_").removesuffix("_days")))
    return today + one - days, today + one, today + one - 2 * days


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _month_after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _day_of(local: datetime, day_begins_s: int) -> date:
    return (local.replace(tzinfo=None) - timedelta(seconds=day_begins_s)).date()


def _start(day: date, zone: ZoneInfo, day_begins_s: int) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone) + timedelta(seconds=day_begins_s)


def _next_step(now: datetime) -> datetime:
    step = STEP.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // step + 1) * step, tz=now.tzinfo)
