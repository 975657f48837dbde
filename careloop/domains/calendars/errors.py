from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "BadCalendarSettings",
    "BadDay",
    "CalendarInUse",
    "CalendarNameTaken",
    "CalendarNotFound",
    "CalendarUnchanged",
    "DayNotFound",
    "MayNotChangeCalendars",
]


class CalendarNotFound(NotFound):
    pass


class DayNotFound(NotFound):
    pass


class MayNotChangeCalendars(Forbidden):
    pass


class CalendarNameTaken(Conflict):
    """Another calendar of the workspace has the name."""


class CalendarInUse(Conflict):
    """The workspace's own hours cannot go."""


class CalendarUnchanged(Conflict):
    pass


class BadCalendarSettings(Refusal):
    pass


class BadDay(Refusal):
    pass
