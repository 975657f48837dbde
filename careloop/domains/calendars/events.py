"""What happens to calendars. Hours are written as "09:00-18:00"; a day off has none. Days are ISO dates."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "CalendarChanged",
    "CalendarCreated",
    "CalendarDayCleared",
    "CalendarDaySet",
    "CalendarRetired",
    "CalendarUsed",
]


@event_type("calendar.created")
class CalendarCreated(Event):
    name: str


@event_type("calendar.changed")
class CalendarChanged(Event):
    """before, after: the changed settings only, by name."""

    before: dict[str, str]
    after: dict[str, str]


@event_type("calendar.retired")
class CalendarRetired(Event):
    """The calendar is offered no more."""


@event_type("calendar.used")
class CalendarUsed(Event):
    """The calendar gives the workspace's own hours from now on.

    was_id: the calendar that did so before; None for the first.
    """

    was_id: int | None


@event_type("calendar.day_set")
class CalendarDaySet(Event):
    """A date has hours of its own. hours: empty on a day off. is_yearly: every year from this one on."""

    day: str
    name: str
    hours: str
    is_yearly: bool = False


@event_type("calendar.day_cleared")
class CalendarDayCleared(Event):
    """A date is like others of its week again."""

    day: str
