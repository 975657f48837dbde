"""Acts on the calendars of the workspace in scope."""

from datetime import date, datetime, time
from typing import Final

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars import rules
from careloop.domains.calendars.errors import (
    BadCalendarSettings,
    BadDay,
    CalendarInUse,
    CalendarNameTaken,
    CalendarNotFound,
    CalendarUnchanged,
    DayNotFound,
    MayNotChangeCalendars,
)
from careloop.domains.calendars.events import (
    CalendarChanged,
    CalendarCreated,
    CalendarDayCleared,
    CalendarDaySet,
    CalendarRetired,
    CalendarUsed,
)
from careloop.domains.calendars.holidays import knows
from careloop.domains.calendars.models import Calendar, Day
from careloop.domains.calendars.reading import kept, written
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.kernel import hours
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = [
    "change_calendar",
    "checked",
    "clear_day",
    "create_calendar",
    "retire_calendar",
    "set_day",
    "set_up",
    "use_calendar",
]

WORKING_WEEK: Final = [[["09:00", "18:00"]]] * 5 + [[], []]


@act
def set_up(*, name: str, zone: str, actor: Actor, at: datetime) -> None:
    """Give a new workspace its own hours: Monday to Friday from 9 to 18, until somebody says better. Done once."""
    if Calendar.objects.exists():
        return
    made = Calendar.objects.create(name=name, zone=zone, weekly=WORKING_WEEK, is_default=True)
    record(CalendarCreated(subject=subject("calendar", made.pk), actor=str(actor), at=at, name=name))


@act
def create_calendar(*, settings: CalendarSettings, actor: Actor, at: datetime) -> int:
    """Make a calendar and return its primary key.

    actor: an owner or a manager.

    Raises MayNotChangeCalendars, BadCalendarSettings, CalendarNameTaken. Records CalendarCreated.
    """
    _refuse_unless_manager(actor)
    made = Calendar()
    _fill(made, checked(settings))
    _save(made)
    record(CalendarCreated(subject=subject("calendar", made.pk), actor=str(actor), at=at, name=made.name))
    return made.pk


@act
def change_calendar(*, calendar_id: int, settings: CalendarSettings, actor: Actor, at: datetime) -> None:
    """Change a calendar. Clocks that run in its hours are due by the new ones; what is over stays as it was.

    settings: all of them, as they shall be. actor: an owner or a manager.

    Raises MayNotChangeCalendars, CalendarNotFound, BadCalendarSettings, CalendarNameTaken, CalendarUnchanged.
    Records CalendarChanged.
    """
    _refuse_unless_manager(actor)
    row = _locked(calendar_id)
    was = _told(row)
    _fill(row, checked(settings))
    now = _told(row)
    changed = [name for name in now if now[name] != was[name]]
    if not changed:
        raise CalendarUnchanged(_("Nothing was changed: these are the hours already."))
    _save(row)
    record(
        CalendarChanged(
            subject=subject("calendar", row.pk),
            actor=str(actor),
            at=at,
            before={name: was[name] for name in changed},
            after={name: now[name] for name in changed},
        )
    )


@act
def retire_calendar(*, calendar_id: int, actor: Actor, at: datetime) -> None:
    """Take a calendar out of use; what was promised in its hours is counted in them to the end.

    Raises MayNotChangeCalendars, CalendarNotFound, and CalendarInUse for the workspace's own hours. Records CalendarRetired.
    """
    _refuse_unless_manager(actor)
    row = _locked(calendar_id)
    if row.is_default:
        raise CalendarInUse(_("These are the workspace's own hours. Let another calendar give them first."))
    row.is_active = False
    row.save(update_fields=["is_active"])
    record(CalendarRetired(subject=subject("calendar", row.pk), actor=str(actor), at=at))


@act
def use_calendar(*, calendar_id: int, actor: Actor, at: datetime) -> None:
    """Let a calendar give the workspace's own hours.

    Raises MayNotChangeCalendars, CalendarNotFound, CalendarUnchanged. Records CalendarUsed.
    """
    _refuse_unless_manager(actor)
    before = Calendar.objects.select_for_update().filter(is_default=True).first()
    row = _locked(calendar_id)
    if row.is_default:
        raise CalendarUnchanged(_("This calendar gives the workspace's own hours already."))
    if before is not None:
        Calendar.objects.filter(pk=before.pk).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
    was_id = before.pk if before else None
    record(CalendarUsed(subject=subject("calendar", row.pk), actor=str(actor), at=at, was_id=was_id))


@act
def set_day(*, calendar_id: int, day: DayRow, actor: Actor, at: datetime) -> None:
    """Give a date hours of its own, or a day off; what was said about it before is replaced.

    Raises MayNotChangeCalendars, CalendarNotFound, BadDay. Records CalendarDaySet.
    """
    _refuse_unless_manager(actor)
    row = _locked(calendar_id)
    name = day.name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        problem = _("Say in 1 to 80 characters why this day is different.")
        raise BadDay(problem, fields={"name": problem})
    try:
        hours.Calendar(zone=row.zone, weekly={0: (_ANY,)}, exceptions={day.date: tuple(day.spans)})
    except hours.BadCalendar as problem:
        sentence = problem.sentence(gettext)
        raise BadDay(sentence, fields={"hours": sentence}) from None
    Day.objects.update_or_create(
        calendar_id=row.pk, date=day.date, defaults={"name": name, "spans": kept(day.spans), "is_yearly": day.is_yearly}
    )
    told = written(day.spans)
    record(
        CalendarDaySet(
            subject=subject("calendar", row.pk),
            actor=str(actor),
            at=at,
            day=f"{day.date}",
            name=name,
            hours=told,
            is_yearly=day.is_yearly,
        )
    )


@act
def clear_day(*, calendar_id: int, day: date, actor: Actor, at: datetime) -> None:
    """Let a date be like others of its week again.

    Raises MayNotChangeCalendars, CalendarNotFound, DayNotFound. Records CalendarDayCleared.
    """
    _refuse_unless_manager(actor)
    row = _locked(calendar_id)
    removed, _rows = Day.objects.filter(calendar_id=row.pk, date=day).delete()
    if not removed:
        raise DayNotFound(_("This date has no hours of its own."))
    record(CalendarDayCleared(subject=subject("calendar", row.pk), actor=str(actor), at=at, day=f"{day}"))


_ANY: Final = hours.Span(opens=time(0), closes=time(0))


def _refuse_unless_manager(actor: Actor) -> None:
    if not rules.may_change(actor):
        raise MayNotChangeCalendars(_("Only an owner or a manager can change the hours of the service."))


def _locked(calendar_id: int) -> Calendar:
    row = Calendar.objects.select_for_update().filter(pk=calendar_id, is_active=True).first()
    if row is None:
        raise CalendarNotFound(_("There is no such calendar."))
    return row


def checked(settings: CalendarSettings) -> CalendarSettings:
    """Return settings as they are kept. Raises BadCalendarSettings with a sentence for each field at fault."""
    problems: dict[str, str | Promise] = {}
    name = settings.name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        problems["name"] = _("Write a name of 1 to 80 characters.")
    if settings.country and not knows(settings.country, ""):
        problems["country"] = _("Choose one of the countries in the list.")
    elif settings.subdivision and not knows(settings.country, settings.subdivision):
        problems["subdivision"] = _("Choose one of the regions in the list.")
    if not any(settings.weekly):
        problems["weekly"] = _("Open on at least one weekday, or nothing promised would ever be due.")
    else:
        try:
            hours.Calendar(zone=settings.zone, weekly={at: tuple(spans) for at, spans in enumerate(settings.weekly)})
        except hours.BadCalendar as problem:
            problems["weekly" if "zone" not in problem.details else "zone"] = problem.sentence(gettext)
    if problems:
        raise BadCalendarSettings(next(iter(problems.values())), fields=problems)
    return CalendarSettings(
        name=name,
        zone=settings.zone,
        weekly=settings.weekly,
        country=settings.country,
        subdivision=settings.subdivision,
    )


def _fill(row: Calendar, settings: CalendarSettings) -> None:
    row.name = settings.name
    row.zone = settings.zone
    row.weekly = [kept(spans) for spans in settings.weekly]
    row.country = settings.country
    row.subdivision = settings.subdivision


def _told(row: Calendar) -> dict[str, str]:
    weekly = "; ".join(", ".join("-".join(pair) for pair in spans) for spans in row.weekly)
    return {
        "name": row.name,
        "zone": row.zone,
        "weekly": weekly,
        "country": row.country,
        "subdivision": row.subdivision,
    }


def _save(row: Calendar) -> None:
    try:
        with attempt():
            row.save()
    except IntegrityError:
        problem = _("Another calendar has this name. Choose a different one.")
        raise CalendarNameTaken(problem, fields={"name": problem}) from None
