"""Local clock readings to instants, by the rules of their zone, with what clocks skip and repeat."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["NO_SUCH_TIME", "NO_SUCH_ZONE", "Clocks", "RepeatedHour"]

NO_SUCH_TIME = -(2**62)
"""Stands for a reading that clocks skipped."""
NO_SUCH_ZONE = NO_SUCH_TIME + 1
FIRST_YEAR, LAST_YEAR = 1970, 2100
SECOND_US = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Ints = NDArray[np.int64]
RepeatedHour = tuple[str, str]
"""A zone, and the local day on which an hour came twice."""


class Clocks:
    """Turns readings of many zones into instants.

    takes_second: take a reading that came twice as the second time rather than the first.
    repeated: zones and days whose repeated hour was met, for the report.
    """

    def __init__(self, *, takes_second: bool) -> None:
        self._takes_second = takes_second
        self.repeated: set[RepeatedHour] = set()

    def instants(self, readings: pa.Array, zones: pa.Array) -> pa.Array:
        """Return microseconds since 1970 in UTC.

        readings: int64, microseconds from 1970-01-01 00:00 on the local clock; null stays null. zones: IANA names, one for each.

        What no clock ever showed becomes NO_SUCH_TIME, an unknown zone NO_SUCH_ZONE.
        """
        local = np.asarray(readings.fill_null(0))
        found = np.full(len(local), NO_SUCH_ZONE, dtype=np.int64)
        encoded = pc.dictionary_encode(zones)
        places = np.asarray(encoded.indices.fill_null(-1))
        for number, name in enumerate(encoded.dictionary.to_pylist()):
            if name in known_zones():
                chosen = places == number
                found[chosen] = self._of_zone(local[chosen], name)
        return pa.array(found, mask=np.asarray(pc.is_null(readings)))

    def _of_zone(self, local: Ints, zone: str) -> Ints:
        changes, offsets = _rules(zone)
        # How many changes are behind us by the clock that did not know of them yet, and by the clock that did.
        old = np.searchsorted(changes + offsets[:-1], local, side="right")
        new = np.searchsorted(changes + offsets[1:], local, side="right")
        is_repeated = old < new
        if is_repeated.any():
            days = np.unique(local[is_repeated] // (86_400 * SECOND_US))
            self.repeated |= {(zone, (EPOCH + timedelta(days=int(day))).date().isoformat()) for day in days}
        chosen = np.where(is_repeated & self._takes_second, new, old)
        return np.where(old > new, NO_SUCH_TIME, local - offsets[chosen])


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(available_timezones())


@cache
def _rules(zone: str) -> tuple[Ints, Ints]:
    """Return when the offset changes, (n,) int64 in microseconds, and the offsets before, between and after, (n + 1,)."""
    info = ZoneInfo(zone)
    changes, offsets = [], [_offset(info, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))]
    step, moment = timedelta(days=7), datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    while moment.year < LAST_YEAR:
        later = moment + step
        if _offset(info, later) != offsets[-1]:
            second = bisect_left(range(int(step.total_seconds()) + 1), True, key=_changed(info, moment, offsets[-1]))
            changes.append(int((moment - EPOCH).total_seconds() + second) * SECOND_US)
            offsets.append(_offset(info, later))
        moment = later
    return np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64)


def _changed(info: ZoneInfo, since: datetime, offset: int) -> Callable[[int], bool]:
    return lambda seconds: _offset(info, since + timedelta(seconds=seconds)) != offset


def _offset(info: ZoneInfo, moment: datetime) -> int:
    return int((moment.astimezone(info).utcoffset() or timedelta(0)).total_seconds()) * SECOND_US
