"""When a report comes and what became of it, in words."""

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from careloop.domains.boards.periods import PERIODS
from careloop.domains.reports.schedule import Clock, Frequency
from careloop.domains.reports.states import RunState
from careloop.domains.reports.types import ReportContent

__all__ = ["RUN_TONES", "period_words", "schedule_words"]

RUN_TONES = {
    RunState.WAITING: "waiting",
    RunState.SENDING: "waiting",
    RunState.SENT: "solved",
    RunState.SKIPPED: "closed",
    RunState.FAILED: "missed",
    RunState.UNCERTAIN: "due-soon",
}


def schedule_words(content: ReportContent, *, zone: str) -> str:
    """Say when a report comes. zone: the workspace's."""
    schedule = content.schedule
    places = {
        "time": formats.time_format(schedule.at, "TIME_FORMAT"),
        "zone": _("each reader's own time") if content.clock is Clock.READER else zone,
    }
    match schedule.frequency:
        case Frequency.DAILY:
            return _("Every day at %(time)s, %(zone)s") % places
        case Frequency.WEEKLY:
            return _("Every %(weekday)s at %(time)s, %(zone)s") % {
                **places,
                "weekday": WEEKDAYS[(schedule.weekday or 1) - 1],
            }
        case Frequency.MONTHLY:
            return _("Day %(day)s of every month at %(time)s, %(zone)s") % {**places, "day": schedule.month_day}


def period_words(content: ReportContent) -> str:
    """Say what time a report is about."""
    return str(PERIODS[content.period]) if content.period else _("The board's own")
