"""Local time as whole-number arithmetic, so that every database agrees on what a day is (metrics.md §0.5).

The clock of a zone is a list of spans with one offset each. A day, a week or a month is the local second of its start; a half hour
or an hour is the UTC second of its start, so that a local hour that comes twice stays two. Where the clock moves within an hour, as
on Lord Howe Island, what follows is a bucket that starts with the move.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

__all__ = ["HALF_HOUR", "LocalTime", "local_time"]

QUARTER, HALF_HOUR, HOUR, DAY, WEEK = 900, 1_800, 3_600, 86_400, 604_800
# 1970-01-05 was a Monday.
FIRST_MONDAY = 4 * DAY
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTime:
    """The clock of a zone over some years: from each of `changes` on (UTC seconds, the first opens the list) its offset holds.

    begins: the local second since midnight at which a day of operation begins; days, weeks and months then begin at that time and
    bear the date on which they do.
    """

    zone: ZoneInfo
    changes: tuple[int, ...]
    offsets: tuple[int, ...]
    begins: int = 0

    def within(self, first: int, last: int) -> "LocalTime":
        """Keep what is needed for instants from first to last, in UTC seconds: fewer cases for a database to look at."""
        start = max(0, bisect_right(self.changes, first) - 1)
        stop = max(start + 1, bisect_right(self.changes, last))
        return replace(self, changes=self.changes[start:stop], offsets=self.offsets[start:stop])

    @property
    def step(self) -> int:
        """Seconds of the pieces into which spans are cut so that no piece lies in two local half hours."""
        return HALF_HOUR if all(offset % HALF_HOUR == 0 for offset in self.offsets) else QUARTER

    def local(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        """Move UTC seconds to local ones."""
        return seconds + _stepwise(seconds, self.changes[1:], self.offsets)

    def half_hour(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        return self._start(seconds, HALF_HOUR)

    def quarter_hour(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        return self._start(seconds, QUARTER)

    def hour(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        return self._start(seconds, HOUR)

    def _start(self, seconds: ir.IntegerValue, length: int) -> ir.IntegerValue:
        """Leave the offset out where it moves no edge of such a bucket: it would be the dearest part of the query."""
        if all(offset % length == 0 for offset in self.offsets):
            return seconds - seconds % length
        start = seconds - self.local(seconds) % length
        if all((later - offset) % length == 0 for offset, later in pairwise(self.offsets)):
            return start
        return ibis.greatest(start, _stepwise(seconds, self.changes[1:], self.changes))

    def _of_day(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        """Move UTC seconds to local ones as if days of operation began at midnight."""
        local = self.local(seconds)
        return local - self.begins if self.begins else local

    def day(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        local = self._of_day(seconds)
        return local - local % DAY

    def week(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        local = self._of_day(seconds) - FIRST_MONDAY
        return local - local % WEEK + FIRST_MONDAY

    def month(self, seconds: ir.IntegerValue, *, first: int, last: int) -> ir.IntegerValue:
        """Return the local second at which the month starts; first and last: the UTC seconds between which all rows lie."""
        local = self._of_day(seconds)
        starts = _months(first - DAY, last + DAY)
        return _stepwise(local, starts[1:], starts)

    def weekday(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        """Return the local seconds since Monday at which the day starts: 0 for Monday, 86 400 for Tuesday."""
        since = (self._of_day(seconds) - FIRST_MONDAY) % WEEK
        return since - since % DAY

    def time_of_day(self, seconds: ir.IntegerValue) -> ir.IntegerValue:
        """Return the local seconds since midnight at which the half hour starts."""
        since = self.local(seconds) % DAY
        return since - since % HALF_HOUR

    def date_at(self, moment: datetime) -> date:
        """Return the date of the day that a moment belongs to."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        return (local - timedelta(seconds=self.begins)).date()

    def offset_at(self, seconds: int) -> int:
        return self.offsets[max(0, bisect_right(self.changes, seconds) - 1)]

    def utc(self, local: ir.IntegerValue) -> ir.IntegerValue:
        """Move local seconds to UTC ones; a local time that comes twice is the second, one that is skipped lies before the gap."""
        edges = [at + later for at, later in zip(self.changes[1:], self.offsets[1:], strict=True)]
        return local - _stepwise(local, edges, self.offsets)

    def day_start(self, day: date) -> int:
        """Return the UTC second at which a local day starts: the first instant that belongs to this date."""
        guess = int((datetime(day.year, day.month, day.day, tzinfo=UTC) - EPOCH).total_seconds()) + self.begins
        local = [guess - offset for offset in sorted({*self.offsets}, reverse=True)]
        fitting = [start for start in local if start + self.offset_at(start) == guess]
        # Where its first moment is skipped, the day starts with the change of the clock.
        return min(fitting) if fitting else next(at for at in self.changes if guess - max(self.offsets) <= at)


def _stepwise(seconds: ir.IntegerValue, edges: Sequence[int], values: Sequence[int]) -> ir.IntegerValue:
    """Return the first value before the first edge, the second before the second, and the last from the last edge on."""
    branches = [(seconds < edge, ibis.literal(value, type="int64")) for edge, value in zip(edges, values, strict=False)]
    last = ibis.literal(values[-1], type="int64")
    return cast("ir.IntegerValue", ibis.cases(*branches, else_=last)) if branches else last


def _months(first: int, last: int) -> list[int]:
    start, end = EPOCH + timedelta(seconds=first), EPOCH + timedelta(seconds=last)
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [int((datetime(m // 12, m % 12 + 1, 1, tzinfo=UTC) - EPOCH).total_seconds()) for m in months]


@lru_cache(maxsize=64)
def local_time(zone: str) -> LocalTime:
    """Read the clock of a zone, given by its IANA name, from 1970 to 2100. Raises ZoneInfoNotFoundError."""
    info = ZoneInfo(zone)

    def offset(seconds: int) -> int:
        moment = (EPOCH + timedelta(seconds=seconds)).astimezone(info)
        return int((moment.utcoffset() or timedelta()).total_seconds())

    last = int((datetime(LAST_YEAR, 1, 1, tzinfo=UTC) - EPOCH).total_seconds())
    changes, offsets = [0], [offset(0)]
    for at in range(0, last, WEEK):
        low, high = at, min(at + WEEK, last)
        if offset(high) == offset(low):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
        changes.append(high)
        offsets.append(offset(high))
    return LocalTime(zone=info, changes=tuple(changes), offsets=tuple(offsets))
