"""The hours of a service as values: spans of a day, the days of a week, and dates with hours of their own."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from careloop.kernel.sentences import Unusable, gettext_noop

__all__ = ["DAY", "MIDNIGHT", "BadCalendar", "Block", "Calendar", "NotEnoughHours", "Span", "since_midnight"]

DAY = timedelta(days=1)
MIDNIGHT = time(0)


class BadCalendar(Unusable):
    """The calendar contradicts itself or never opens."""


class NotEnoughHours(Unusable):
    """The calendar does not open long enough within ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One stretch of a local day.

    opens: the first local time inside, without a zone.
    closes: the first local time outside; 00:00 means the end of the day (24:00), so that 00:00 to 00:00 is a whole day.

    A night shift is two spans: until 00:00 on one day, from 00:00 on the next.
    Raises BadCalendar when it closes before it opens.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise BadCalendar(gettext_noop("Opening hours are local times; leave the time zone to the calendar."))
        if self.starts_after >= self.ends_after:
            raise BadCalendar(
                gettext_noop("The hours from %(opens)s to %(closes)s end before they begin."),
                opens=f"{self.opens:%H:%M}",
                closes=f"{self.closes:%H:%M}",
            )

    @property
    def starts_after(self) -> timedelta:
        """How far the opening is from local midnight on the wall clock."""
        return since_midnight(self.opens)

    @property
    def ends_after(self) -> timedelta:
        """How far the closing is from local midnight on the wall clock, at most 24 hours."""
        return DAY if self.closes == MIDNIGHT else since_midnight(self.closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a service is open.

    zone: IANA name such as "Asia/Seoul".
    weekly: spans for each weekday, 0 is Monday; a missing weekday is closed.
    exceptions: spans that replace those of one date: empty on a holiday, filled on a make-up working day.
    blocks: what was worked out of it so far, kept by `hours`; no part of what it is.

    Raises BadCalendar for an unknown zone, an impossible weekday, overlapping spans, or no open hour at all.
    """

    zone: str
    weekly: Mapping[int, tuple[Span, ...]]
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    blocks: dict[int, "Block"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise BadCalendar(gettext_noop("There is no time zone named “%(zone)s”."), zone=self.zone) from error
        if not set(self.weekly) <= set(range(7)):
            raise BadCalendar(gettext_noop("Weekdays are numbered from 0 (Monday) to 6 (Sunday)."))
        weekly = {weekday: _in_order(spans) for weekday, spans in self.weekly.items()}
        exceptions = {day: _in_order(spans) for day, spans in self.exceptions.items()}
        if not any(weekly.values()) and not any(exceptions.values()):
            raise BadCalendar(gettext_noop("This calendar never opens. Give it hours on at least one day."))
        object.__setattr__(self, "weekly", weekly)
        object.__setattr__(self, "exceptions", exceptions)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the spans of a local date in order, none when it is closed."""
        exception = self.exceptions.get(day)
        return self.weekly.get(day.weekday(), ()) if exception is None else exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Four weeks of opening hours, in microseconds since 1970.

    opens, closes: of each open stretch, in order. before: how long was open in the block before it. total: in the whole block.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def open_until(self, at: int) -> int:
        """Return how long was open in the block before a moment in it."""
        place = bisect_right(self.opens, at) - 1
        return 0 if place < 0 else self.before[place] + min(at, self.closes[place]) - self.opens[place]

    def reached(self, open_for: int) -> int:
        """Return the first moment by which the block was open for so long, above 0 and at most its total."""
        place = bisect_left(self.before, open_for) - 1
        return self.opens[place] + open_for - self.before[place]


def since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    ordered = tuple(sorted(spans, key=lambda span: span.starts_after))
    for earlier, later in pairwise(ordered):
        if later.starts_after < earlier.ends_after:
            raise BadCalendar(
                gettext_noop("The hours from %(earlier)s overlap the hours from %(later)s. Join or shorten them."),
                earlier=f"{earlier.opens:%H:%M}",
                later=f"{later.opens:%H:%M}",
            )
    return ordered
