"""Business hours: how long a service was open, and when an opening second is reached.

The clock on the wall decides: a moment is open when its local date and local time lie inside a span of that date.
So a repeated local hour counts twice, a skipped one not at all, and every duration is a difference of UTC instants.
All moments go in timezone-aware and come out in UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from careloop.kernel.calendars import DAY, MIDNIGHT, BadCalendar, Block, Calendar, NotEnoughHours, Span, since_midnight
from careloop.kernel.sentences import gettext_noop

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

# Since 1970 no zone changed its offset twice in less than a week: equal offsets six days apart mean no change between.
PROBE = timedelta(days=6)
# A week repeats, but a skipped date or a skipped hour can cost one turn of it; three weeks always show it whole.
WHOLE_PATTERN = timedelta(days=22)
LONGEST_SEARCH = timedelta(days=3660)
LAST_MOMENT = datetime(9999, 12, 29, tzinfo=UTC)
FIRST_MOMENT = datetime(1, 1, 4, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
# Four weeks of hours are worked out once and then looked up: few enough to be worth it for one question.
BLOCK = timedelta(days=28) // MICRO


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether the service is open at a moment."""
    local = _aware(at).astimezone(ZoneInfo(calendar.zone))
    passed = since_midnight(local.time())
    return any(span.starts_after <= passed < span.ends_after for span in calendar.spans_on(local.date()))


def open_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Measure how long the service was open in [start, end), in seconds.

    Raises ValueError when the end lies before the start.
    """
    start, end = _aware(start), _aware(end)
    if end < start:
        raise ValueError("The end lies before the start.")
    since, until = (start - EPOCH) // MICRO, (end - EPOCH) // MICRO
    first, last = since // BLOCK, until // BLOCK
    before = sum(_block(calendar, number).total for number in range(first, last))
    within = _block(calendar, last).open_until(until) - _block(calendar, first).open_until(since)
    return (before + within) / 1_000_000


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
    left = timedelta(seconds=seconds) // MICRO
    if not left:
        return start
    since, until = (start - EPOCH) // MICRO, (_later(start, LONGEST_SEARCH) - EPOCH) // MICRO
    number = since // BLOCK
    block = _block(calendar, number)
    left += block.open_until(since)
    while left > block.total:
        left -= block.total
        number += 1
        if number * BLOCK >= until:
            raise _not_enough_hours()
        block = _block(calendar, number)
    reached = block.reached(left)
    if reached > until:
        raise _not_enough_hours()
    return EPOCH + timedelta(microseconds=reached)


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


def _block(calendar: Calendar, number: int) -> Block:
    """Return four weeks of hours, worked out when they are first asked for. number: of blocks since 1970."""
    known = calendar.blocks.get(number)
    if known is not None:
        return known
    opens: list[int] = []
    closes: list[int] = []
    before: list[int] = []
    total = 0
    for opened, closed in _openings(calendar, _bounded(number * BLOCK), _bounded((number + 1) * BLOCK)):
        opens.append((opened - EPOCH) // MICRO)
        closes.append((closed - EPOCH) // MICRO)
        before.append(total)
        total += closes[-1] - opens[-1]
    block = Block(opens=tuple(opens), closes=tuple(closes), before=tuple(before), total=total)
    calendar.blocks[number] = block
    return block


def _bounded(micros: int) -> datetime:
    """Return a moment as far as there are days to count."""
    first, last = (FIRST_MOMENT - EPOCH) // MICRO, (LAST_MOMENT - EPOCH) // MICRO
    return EPOCH + timedelta(microseconds=min(max(micros, first), last))


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


def _not_enough_hours() -> NotEnoughHours:
    return NotEnoughHours(gettext_noop("This calendar does not open that long within the next ten years."))


def _aware(at: datetime) -> datetime:
    """Return the moment in UTC; a moment without a zone is a mistake of the caller."""
    if at.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return at.astimezone(UTC)
