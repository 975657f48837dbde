"""A calendar as it would be after a change, as pure values: to be looked at before it is made."""

from dataclasses import replace
from datetime import date

from careloop.domains.calendars.types import CalendarRow, CalendarSettings, DayRow

__all__ = ["with_day", "with_settings", "without_day"]


def with_settings(row: CalendarRow, settings: CalendarSettings) -> CalendarRow:
    """Return a calendar with other settings; its own days stay."""
    return replace(row, settings=settings)


def with_day(row: CalendarRow, day: DayRow) -> CalendarRow:
    """Return a calendar in which a date has these hours, whatever it had before."""
    others = (one for one in row.days if one.date != day.date)
    return replace(row, days=tuple(sorted((*others, day), key=lambda one: one.date)))


def without_day(row: CalendarRow, day: date) -> CalendarRow:
    """Return a calendar in which a date is like others of its week."""
    return replace(row, days=tuple(one for one in row.days if one.date != day))
