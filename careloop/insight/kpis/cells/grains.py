"""How fine cells are: what they are split by, and which questions that can answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from careloop.insight.cell_record import Family
from careloop.insight.kpis.asking.dimensions import DIMENSIONS
from careloop.insight.kpis.asking.filters import columns_of
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import micros
from careloop.insight.kpis.asking.zones import HALF_HOUR, LocalTime

__all__ = ["DAYS", "GRAINS", "Grain", "edges", "is_behind_all", "needed"]

MICROS = 1_000_000
DAYS = ("day", "week", "month", "weekday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """times: the first is the finest, the others follow from it. dimensions: as far as the rows of a metric lead to them."""

    name: str
    times: tuple[str, ...]
    dimensions: tuple[str, ...]


GRAINS = (
    Grain(name="day", times=DAYS, dimensions=("queue", "channel")),
    Grain(name="reason", times=DAYS, dimensions=("queue", "channel", "reason", "reason_group")),
    Grain(name="half_hour", times=("half_hour", "hour", "time_of_day", *DAYS), dimensions=("queue", "channel")),
    Grain(name="agent", times=DAYS, dimensions=("queue", "channel", "team", "agent")),
)
"""From few cells to many: the first that can answer does."""


def needed(question: Question, buckets: Iterable[str]) -> set[str] | None:
    """Return the names of dimensions and times that a question asks for or filters by; None where a filter needs others."""
    names = {dimension.column: name for name, dimension in DIMENSIONS.items()}
    filtered = columns_of(question.where)
    return {*question.by, *buckets, *(names[column] for column in filtered)} if filtered <= names.keys() else None


def edges(question: Question, time: str, family: Family) -> tuple[int | None, int | None] | None:
    """Return a period as the first bucket and the one after the last; None where an edge cuts a bucket.

    time: "day" or "half_hour".
    """
    first = after = None
    if question.since is not None:
        first = _bucket(question.since, question.clock, time, family)
        if first is None:
            return None
    # A period that ends later than all rows, such as today, ends nowhere.
    if question.until is not None and not is_behind_all(question.until, family):
        after = _bucket(question.until, question.clock, time, family)
        if after is None:
            return None
    return first, after


def is_behind_all(until: datetime, family: Family) -> bool:
    """Tell whether a period ends after everything that is kept."""
    return not family.is_by_day and (family.latest is None or micros(until) >= (family.latest + HALF_HOUR) * MICROS)


def _bucket(moment: datetime, clock: LocalTime, time: str, family: Family) -> int | None:
    if family.is_by_day:
        # What has a day has no time of day: the edge of a period is that of its day.
        return (clock.date_at(moment) - date(1970, 1, 1)).days * 86_400
    # Days of cells begin at midnight, whenever those of the question do.
    clock = replace(clock, begins=0)
    return _day_at(moment, clock) if time == "day" else _half_hour_at(moment, clock)


def _day_at(moment: datetime, clock: LocalTime) -> int | None:
    day = moment.astimezone(clock.zone).date()
    is_start = clock.day_start(day) * MICROS == micros(moment)
    return (day - date(1970, 1, 1)).days * 86_400 if is_start else None


def _half_hour_at(moment: datetime, clock: LocalTime) -> int | None:
    seconds, rest = divmod(micros(moment), MICROS)
    is_start = rest == 0 and (seconds + clock.offset_at(seconds)) % HALF_HOUR == 0
    return seconds if is_start else None
