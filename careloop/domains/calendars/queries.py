"""The calendars of the workspace in scope, as settings and as hours that can be counted in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars import models, rules
from careloop.domains.calendars.errors import CalendarNotFound
from careloop.domains.calendars.holidays import holidays_between
from careloop.domains.calendars.reading import by_date, spans_of
from careloop.domains.calendars.types import CalendarRow, CalendarSettings, DayRow, Holiday
from careloop.kernel.actors import Actor
from careloop.kernel.hours import Calendar, Span

__all__ = [
    "calendar_of",
    "calendars_by_id",
    "calendars_of",
    "hours_by_id",
    "hours_of",
    "is_calendar",
    "own_hours",
    "unusual_days",
    "upcoming_holidays",
]

YEARS_BEFORE = 2
YEARS_AFTER = 3
"""Around the present, holidays are known; a clock that runs further counts weeks without them."""


def calendars_of(viewer: Actor) -> list[CalendarRow]:
    """Return the calendars in use, the workspace's own hours first, then by name."""
    if not rules.may_see(viewer):
        return []
    rows = models.Calendar.objects.filter(is_active=True).order_by("-is_default", "name", "id")
    return _shown(list(rows))


def calendar_of(viewer: Actor, *, calendar_id: int) -> CalendarRow:
    """Return one calendar in use. Raises CalendarNotFound."""
    rows = models.Calendar.objects.filter(pk=calendar_id, is_active=True) if rules.may_see(viewer) else []
    for row in _shown(list(rows)):
        return row
    raise CalendarNotFound(_("There is no such calendar."))


def is_calendar(calendar_id: int) -> bool:
    """Say whether the workspace uses such a calendar."""
    return models.Calendar.objects.filter(pk=calendar_id, is_active=True).exists()


def upcoming_holidays(row: CalendarRow, *, at: datetime, language: str) -> list[Holiday]:
    """Return the holidays that a calendar keeps, and the weekends it works for them, from today on for a year.

    language: of their names. A day that has hours of its own is no holiday here.
    """
    settings = row.settings
    if not settings.country:
        return []
    today = at.astimezone(ZoneInfo(settings.zone)).date()
    own = by_date(row.days, first=today.year, last=today.year + 1)
    return [
        holiday
        for holiday in holidays_between(
            settings.country, settings.subdivision, first=today.year, last=today.year + 1, language=language
        )
        if today <= holiday.date < date(today.year + 1, today.month, 1) and holiday.date not in own
    ]


def calendars_by_id(calendar_ids: Collection[int]) -> dict[int, CalendarRow]:
    """Return some calendars, also those that are out of use: what was promised in their hours is still told. For the house."""
    rows = models.Calendar.objects.filter(pk__in=calendar_ids).order_by("id") if calendar_ids else []
    return {row.id: row for row in _shown(list(rows))}


def unusual_days(row: CalendarRow, *, since: datetime, until: datetime, language: str) -> list[Holiday]:
    """Return the days on which a calendar keeps other hours than the week's, in order, from one moment to another.

    language: of the names of national holidays. One that falls on a day that is closed anyway is left out.
    """
    zone = ZoneInfo(row.settings.zone)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    own = by_date(row.days, first=first.year, last=last.year)
    found = {on: Holiday(date=on, name=day.name, is_worked=bool(day.spans)) for on, day in own.items()}
    if row.settings.country:
        national = holidays_between(
            row.settings.country, row.settings.subdivision, first=first.year, last=last.year, language=language
        )
        found = {holiday.date: holiday for holiday in national} | found
    return [
        day
        for day in sorted(found.values(), key=lambda day: day.date)
        if first <= day.date <= last and (day.is_worked or row.settings.weekly[day.date.weekday()])
    ]


def own_hours(*, at: datetime) -> Calendar | None:
    """Return the workspace's own hours, for counting around a moment; None before it has any."""
    row = models.Calendar.objects.filter(is_default=True).first()
    return None if row is None else hours_of(_shown([row])[0], at=at)


def hours_by_id(*, at: datetime) -> Mapping[int, Calendar]:
    """Return the hours of every calendar that ever was, by its id, for counting around a moment.

    What has been promised in the hours of a calendar is counted in them even after it went out of use.
    """
    rows = list(models.Calendar.objects.order_by("id"))
    return {row.id: hours_of(row, at=at) for row in _shown(rows)}


def _shown(rows: Sequence[models.Calendar]) -> list[CalendarRow]:
    days: dict[int, list[DayRow]] = defaultdict(list)
    kept = models.Day.objects.filter(calendar_id__in=[row.pk for row in rows]).order_by("date", "id")
    for calendar_id, on, name, spans, yearly in kept.values_list("calendar_id", "date", "name", "spans", "is_yearly"):
        days[calendar_id].append(DayRow(date=on, name=name, spans=spans_of(spans), is_yearly=yearly))
    return [
        CalendarRow(
            id=row.pk,
            is_default=row.is_default,
            settings=CalendarSettings(
                name=row.name,
                zone=row.zone,
                weekly=tuple(spans_of(spans) for spans in row.weekly),
                country=row.country,
                subdivision=row.subdivision,
            ),
            days=tuple(days[row.pk]),
        )
        for row in rows
    ]


def hours_of(row: CalendarRow, *, at: datetime) -> Calendar:
    """Return the hours of a calendar, for counting around a moment. Raises hours.BadCalendar where they contradict themselves."""
    settings, year = row.settings, at.year
    exceptions: dict[date, tuple[Span, ...]] = {}
    if settings.country:
        worked = next((tuple(spans) for spans in settings.weekly if spans), ())
        for holiday in holidays_between(
            settings.country, settings.subdivision, first=year - YEARS_BEFORE, last=year + YEARS_AFTER, language="en"
        ):
            exceptions[holiday.date] = worked if holiday.is_worked else ()
    own = by_date(row.days, first=year - YEARS_BEFORE, last=year + YEARS_AFTER)
    exceptions.update({on: day.spans for on, day in own.items()})
    return Calendar(
        zone=settings.zone,
        weekly={weekday: tuple(spans) for weekday, spans in enumerate(settings.weekly)},
        exceptions=exceptions,
    )
