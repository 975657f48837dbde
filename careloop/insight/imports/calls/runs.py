"""Rows that lie beside each other because they belong together, and what a run of them says as a whole."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["NOWHERE", "Flags", "Ints", "Reals", "Runs", "codes", "reals", "taken", "whole"]

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]

NOWHERE = -1
"""The place of a row that is not there."""


class Runs:
    """Rows in runs.

    starts_here: (rows,) where a run begins, the first row included. Afterwards `starts` and `ends` hold the places of the first and
    the last row of each run, and `of` the number of the run of each row.
    """

    def __init__(self, starts_here: Flags) -> None:
        self.starts: Ints = np.flatnonzero(starts_here)
        self.ends: Ints = np.append(self.starts, len(starts_here))[1:] - 1
        self.of: Ints = np.cumsum(starts_here) - 1

    def __len__(self) -> int:
        return len(self.starts)

    def first(self, chosen: Flags) -> Ints:
        """Return the place of the first chosen row of each run, NOWHERE in runs without one."""
        found = np.full(len(self), NOWHERE)
        places = np.flatnonzero(chosen)[::-1]
        found[self.of[places]] = places  # of several rows the one assigned last stays
        return found

    def latest(self, chosen: Flags) -> Ints:
        """Return for each row the place of the last chosen row of its run so far, itself included; NOWHERE before there is one."""
        place = np.maximum.accumulate(np.where(chosen, np.arange(len(chosen)), NOWHERE)) if len(chosen) else self.of
        return np.where(place >= self.starts[self.of], place, NOWHERE)

    def so_far(self, values: Ints) -> Ints:
        """Return for each row the sum over its run up to it, itself included."""
        total = np.cumsum(values)
        return total - (total - values)[self.starts][self.of]

    def greatest(self, values: Reals, chosen: Flags) -> Reals:
        """Return the greatest of the chosen values of each run; NaN where there is none, and stands for unknown before."""
        return np.fmax.reduceat(np.where(chosen, values, np.nan), self.starts) if len(self) else values

    def total(self, values: Reals, chosen: Flags) -> Reals:
        """Return the sum of the chosen values of each run that are known; NaN where there is none."""
        counted = chosen & ~np.isnan(values)
        sums = np.bincount(self.of[counted], weights=values[counted], minlength=len(self))
        return np.where(self.count(counted) > 0, sums, np.nan)

    def count(self, chosen: Flags) -> Ints:
        """Return how many rows of each run are chosen."""
        return np.bincount(self.of[chosen], minlength=len(self))


def whole(column: Any) -> pa.Array:
    """Return a column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def codes(column: Any) -> tuple[Ints, pa.Array]:
    """Return a number for each text, NOWHERE for null, and the texts that the numbers stand for."""
    encoded = whole(column).dictionary_encode()
    return np.asarray(encoded.indices.fill_null(NOWHERE)).astype(np.int64), encoded.dictionary


def reals(column: Any) -> Reals:
    """Return numbers with NaN where one is null."""
    return np.asarray(whole(column).cast(pa.float64()).fill_null(np.nan))


def taken(column: Any, places: Ints) -> pa.Array:
    """Return what stands at places of a column, null for NOWHERE."""
    return whole(column).take(pa.array(places, mask=places == NOWHERE))
