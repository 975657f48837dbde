"""Business hours: how long a service was open, and when an opening second is reached.

The clock on the wall decides: a moment is open when its local date and local time lie inside a span of that date.
So a repeated local hour counts twice, a skipped one not at all, and every duration is a difference of UTC instants.
All moments go in timezone-aware and come out in UTC.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from careloop.kernel.sentences import Unusable, gettext_noop

__all__ = [
    "BadCalendar",
    "Calendar",
    "NotEnoughHours",
    "Span",
    "add_open_seconds",
    "is_open",
    "next_closing",
    "next_opening",
    "open_seconds",
]

DAY = timedelta(days=1)
MIDNIGHT = time(0)
# Since 1970 no zone changed its offset twice in less than a week: equal offsets six days apart mean no change between.
PROBE = timedelta(days=6)
# A week repeats, but a skipped date or a skipped hour can cost one turn of it; three weeks always show it whole.
WHOLE_PATTERN = timedelta(days=22)
LONGEST_SEARCH = timedelta(days=3660)
LAST_MOMENT = datetime(9999, 12, 29, tzinfo=UTC)


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
        return _since_midnight(self.opens)

    @property
    def ends_after(self) -> timedelta:
        """How far the closing is from local midnight on the wall clock, at most 24 hours."""
        return DAY if self.closes == MIDNIGHT else _since_midnight(self.closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a service is open.

    zone: IANA name such as "Asia/Seoul".
    weekly: spans for each weekday, 0 is Monday; a missing weekday is closed.
    exceptions: spans that replace those of one date: empty on a holiday, filled on a make-up working day.

    Raises BadCalendar for an unknown zone, an impossible weekday, overlapping spans, or no open hour at all.
    """

    zone: str
    weekly: Mapping[int, tuple[Span, ...]]
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

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


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether the service is open at a moment."""
    local = _aware(at).astimezone(ZoneInfo(calendar.zone))
    passed = _since_midnight(local.time())
    return any(span.starts_after <= passed < span.ends_after for span in calendar.spans_on(local.date()))


def open_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Measure how long the service was open in [start, end), in seconds.

    Raises ValueError when the end lies before the start.
    """
    start, end = _aware(start), _aware(end)
    if end < start:
        raise ValueError("The end lies before the start.")
    total = sum((closes - opens for opens, closes in _openings(calendar, start, end)), timedelta())
    return total.total_seconds()


def add_open_seconds(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """Find the first moment by which the service was open for so long since the start.

    seconds: at least 0; 0 gives the start itself.

    Raises NotEnoughHours when that takes more than ten years, as on a calendar whose only open days are past.
    """
    start = _aware(start)
    if not seconds >= 0:
        raise ValueError("Open seconds are counted forward only.")
    if seconds > LONGEST_SEARCH.total_seconds():
        raise _not_enough_hours()
    left = timedelta(seconds=seconds)
    if not left:
        return start
    for opens, closes in _openings(calendar, start, _later(start, LONGEST_SEARCH)):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise _not_enough_hours()


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """Find the first open moment from `at` on: `at` itself while open, None when the service never opens again."""
    at = _aware(at)
    return next((opens for opens, _ in _openings(calendar, at, _settled(calendar, at))), None)


def next_closing(calendar: Calendar, at: datetime) -> datetime | None:
    """Find the end of the present opening, or of the next one while closed; None when there is no such end."""
    at = _aware(at)
    until = _settled(calendar, at)
    closing = next((closes for _, closes in _openings(calendar, at, until)), None)
    return None if closing == until else closing


def _openings(calendar: Calendar, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open stretches of [start, until) in order, joined where they touch."""
    held: tuple[datetime, datetime] | None = None
    for opens, closes in _pieces(calendar, start, until):
        if held and held[1] == opens:
            held = held[0], closes
            continue
        if held:
            yield held
        held = opens, closes
    if held:
        yield held


def _pieces(calendar: Calendar, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open stretches of [start, until) in order, cut where a day ends or the offset changes."""
    for begins, ends, offset in _steady_stretches(calendar.zone, start, until):
        local_end = (ends + offset).replace(tzinfo=None)
        midnight = datetime.combine((begins + offset).date(), MIDNIGHT)
        while midnight < local_end:
            base = midnight.replace(tzinfo=UTC) - offset
            for span in calendar.spans_on(midnight.date()):
                opens, closes = max(base + span.starts_after, begins), min(base + span.ends_after, ends)
                if opens < closes:
                    yield opens, closes
            midnight += DAY


def _steady_stretches(zone: str, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut [start, until) into pieces of at most six days during which the zone keeps one offset from UTC."""
    while start < until:
        end = min(start + PROBE, until)
        offset = _offset(zone, start)
        if _offset(zone, end) != offset:
            end = _change_of_offset(zone, start, end)
        yield start, end, offset
        start = end


def _change_of_offset(zone: str, before: datetime, after: datetime) -> datetime:
    """Find by halving the instant, a whole second, at which the zone leaves the offset that it has at `before`."""
    offset = _offset(zone, before)
    while after - before > timedelta(microseconds=1):
        middle = before + (after - before) / 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _settled(calendar: Calendar, at: datetime) -> datetime:
    """Return a moment by which a calendar has shown all it will ever do: after the exceptions only the week repeats."""
    last = max(calendar.exceptions, default=date.min)
    if last <= at.date():
        return _later(at, WHOLE_PATTERN)
    return _later(datetime.combine(min(last, LAST_MOMENT.date()), MIDNIGHT, UTC), WHOLE_PATTERN)


def _later(at: datetime, distance: timedelta) -> datetime:
    return LAST_MOMENT if at > LAST_MOMENT - distance else at + distance


def _since_midnight(at: time) -> timedelta:
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


def _not_enough_hours() -> NotEnoughHours:
    return NotEnoughHours(gettext_noop("This calendar does not open that long within the next ten years."))


def _aware(at: datetime) -> datetime:
    """Return the moment in UTC; a moment without a zone is a mistake of the caller."""
    if at.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return at.astimezone(UTC)
