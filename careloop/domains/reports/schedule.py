"""When a report is due: local times, whatever the clocks do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Clock", "Frequency", "Schedule", "latest_due", "next_due"]

DAY = timedelta(days=1)


class Frequency(models.TextChoices):
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


class Clock(models.TextChoices):
    """Whose clock decides when it is time."""

    WORKSPACE = "workspace", _("the workspace's time")
    READER = "reader", _("each reader's own time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a report is due.

    weekday: 1 for Monday to 7, for WEEKLY only. month_day: 1 to 31, for MONTHLY only; in a shorter month its last day.
    at: local time of day, without a zone.
    """

    frequency: Frequency
    at: time
    weekday: int | None = None
    month_day: int | None = None

    def falls_on(self, day: date) -> bool:
        """Say whether the report is due on a local day."""
        match self.frequency:
            case Frequency.DAILY:
                return True
            case Frequency.WEEKLY:
                return day.isoweekday() == self.weekday
            case Frequency.MONTHLY:
                return day.day == min(self.month_day or 1, _days_of_month(day))


def next_due(schedule: Schedule, *, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after `after` at which a report is due, in UTC.

    A time that the clocks skip comes as much later as they jump; of one that comes twice the first counts. So every day has one.
    """
    day = after.astimezone(zone).date() - DAY
    while True:
        if schedule.falls_on(day) and (moment := _moment(day, schedule.at, zone)) > after:
            return moment
        day += DAY


def latest_due(schedule: Schedule, *, until: datetime, zone: ZoneInfo) -> datetime:
    """Return the last moment, `until` included, at which a report was due, in UTC."""
    day = until.astimezone(zone).date() + DAY
    while True:
        if schedule.falls_on(day) and (moment := _moment(day, schedule.at, zone)) <= until:
            return moment
        day -= DAY


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _days_of_month(day: date) -> int:
    following = day.replace(day=28) + 4 * DAY
    return (following - timedelta(days=following.day)).day
