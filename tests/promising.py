"""What north promises, made by services, and clocks that follow what happened."""

from datetime import date, datetime, time, timedelta
from typing import Any

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.commitments import services
from careloop.domains.commitments.states import BY_POLICY, Measure
from careloop.domains.commitments.types import PolicySettings
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from careloop.processes.working import follow_log, work_off_due
from tests.cast import NOW, House

__all__ = ["follow", "four_hours", "promise", "ring"]

DAY = (Span(opens=time(9), closes=time(18)),)


def four_hours() -> dict[Measure, dict[int, int]]:
    """Four hours for everything, whatever the priority; two where it is urgent."""
    return {measure: {1: 14_400, 2: 14_400, 3: 14_400, 4: 7_200} for measure in BY_POLICY}


def promise(house: House, *, day_off: date | None = None, **said: Any) -> int:
    """Promise something in north from nine to six in Seoul, and return the policy. day_off: in those hours, the Day of Rest."""
    with workspace_scope(house.north):
        mina = house.actor("mina")
        week = CalendarSettings(name="Office hours", zone="Asia/Seoul", weekly=(DAY,) * 5 + ((), ()))
        calendar = calendars.create_calendar(settings=week, actor=mina, at=NOW)
        if day_off is not None:
            calendars.set_day(calendar_id=calendar, day=DayRow(date=day_off, name="Day of Rest"), actor=mina, at=NOW)
        settings = PolicySettings(**{"name": "Standard", "targets": four_hours(), "calendar_id": calendar, **said})
        return services.make_policy(settings=settings, actor=mina, at=NOW - timedelta(hours=1))


def follow() -> None:
    """Let everything follow the log."""
    while follow_log():
        pass


def ring(at: datetime) -> None:
    """Let what is due ring, and everything follow the log."""
    while work_off_due(at):
        follow()
