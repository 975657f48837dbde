"""How cells may be shown: local times as dates, small numbers hidden or marked, provisional ones named."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from careloop.insight.kpis.asking.grouping import Labels
from careloop.insight.kpis.asking.zones import LocalTime
from careloop.insight.kpis.metric import Subject
from careloop.insight.kpis.results import Cells, Columns, Key
from careloop.insight.stats.arrays import Bools, Floats
from careloop.insight.stats.suppression import (
    FEWEST_CUSTOMERS,
    FEWEST_PERSONS,
    SMALL_SAMPLE,
    Standing,
    hidden_cells,
)

__all__ = ["bucket_ends", "cells_shown", "hidden_persons", "time_keys"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
# Beyond this, choosing what else to hide takes too long: the total is hidden instead.
MOST_CELLS_TO_CHOOSE = 400


def time_keys(name: str, labels: Labels[object], clock: LocalTime) -> Labels[Key]:
    """Turn the whole seconds by which time was grouped into what people read: moments, dates, weekdays 1 to 7, HH:MM."""
    return labels.mapped(lambda value: _time_key(name, value, clock))


def _time_key(name: str, value: object, clock: LocalTime) -> Key:
    if not isinstance(value, int):
        return None
    match name:
        case "half_hour" | "quarter_hour" | "hour":
            return (EPOCH + timedelta(seconds=value)).astimezone(clock.zone)
        case "weekday":
            return value // DAY + 1
        case "time_of_day":
            return f"{value // 3600:02d}:{value % 3600 // 60:02d}"
    return date(1970, 1, 1) + timedelta(seconds=value)


def bucket_ends(name: str, labels: Labels[object], clock: LocalTime) -> Floats:
    """Return the UTC second at which each bucket of time ends: (cells,)."""
    return np.array([_bucket_end(name, value, clock) for value in labels.values], dtype=np.float64)[labels.places]


def _bucket_end(name: str, value: object, clock: LocalTime) -> float:
    if not isinstance(value, int):
        return float("inf")
    if name == "half_hour":
        return value + 1_800
    if name == "hour":
        return value + 3_600
    if name == "quarter_hour":
        return value + 900
    start = date(1970, 1, 1) + timedelta(seconds=value)
    match name:
        case "week":
            end = start + timedelta(days=7)
        case "month":
            end = (start + timedelta(days=32)).replace(day=1)
        case _:
            end = start + timedelta(days=1)
    return clock.day_start(end)


def cells_shown(
    keys: Mapping[str, Labels[Key]], columns: Columns, *, subject: Subject, hidden: Bools, is_provisional: Bools
) -> Cells:
    """Hide and mark small numbers. hidden: cells that are hidden already, because of the persons behind them."""
    weight = np.where(np.isnan(columns.denominator), columns.n, columns.denominator)
    count = np.where(np.isnan(columns.n), weight, columns.n)
    standing = np.where(count < SMALL_SAMPLE, Standing.SMALL.value, Standing.SHOWN.value)
    if subject is Subject.CUSTOMERS:
        # A cell without any row says nothing of anybody.
        hidden = hidden | ((count < FEWEST_CUSTOMERS) & (count > 0))
    standing = np.where(hidden, Standing.HIDDEN.value, standing)
    return Cells(keys=keys, columns=columns.hiding(hidden), standing=standing, is_provisional=is_provisional)


def hidden_persons(persons: Floats, keys: Mapping[str, Sequence[object]]) -> tuple[Bools, bool]:
    """Choose the cells about too few people, and others so that no hidden one can be worked out from what is shown.

    persons: (cells,) how many stand behind each. keys: dimension to the value of each cell.

    Returns (cells,) which are hidden, and whether the total is.
    """
    small = persons < FEWEST_PERSONS
    if not small.any():
        return small, False
    axes = [sorted(set(values), key=repr) for values in keys.values()]
    shape = tuple(len(axis) for axis in axes)
    if int(np.prod(shape)) > MOST_CELLS_TO_CHOOSE:
        return small, True
    places = tuple(
        np.array([axis.index(value) for value in values]) for axis, values in zip(axes, keys.values(), strict=True)
    )
    counts = np.zeros(shape)
    counts[places] = persons
    mask = hidden_cells(counts)
    return mask[tuple(slice(0, size) for size in shape)][places], bool(mask[(-1,) * len(shape)])
