"""Quantiles that can be pooled: all values while they are few, a summary that states its rank error when they are many."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import numbers

__all__ = ["CAPACITY", "Quantiles", "pooled_quantiles", "quantiles_of"]

CAPACITY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """Values in rising order with how many rows each stands for, and how far ranks read from it may be off.

    values: rising, in the unit of the measured thing. weights: rows that each stands for; all 1 while nothing was summarized.
    rank_error_rows: no rank read from this summary is further than this many rows from the true rank.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]
    rank_error_rows: float = 0.0

    @property
    def rows(self) -> float:
        return sum(self.weights)

    @property
    def rank_error(self) -> float | None:
        """The stated rank error as a share of all rows; None without rows."""
        return self.rank_error_rows / self.rows if self.values else None

    def quantile(self, share: float) -> float | None:
        """Read the smallest value that at least this share of rows does not exceed.

        share: from 0 (the smallest value) to 1 (the largest). Returns None without rows. Raises ValueError.
        """
        if not 0 <= share <= 1:
            raise ValueError(f"A quantile is read at a share from 0 to 1, not {share:g}.")
        if not self.values:
            return None
        ranks = np.cumsum(self.weights)
        # The tolerance keeps 0.9 of 10 rows at the ninth, whatever the last bit of the product says.
        at = int(np.searchsorted(ranks, share * ranks[-1] - 1e-9 * ranks[-1]))
        return self.values[min(at, len(self.values) - 1)]

    def share_within(self, limit: float) -> float | None:
        """Tell the share of rows whose value is at most this limit; None without rows."""
        if not self.values:
            return None
        within = int(np.searchsorted(self.values, limit, side="right"))
        return sum(self.weights[:within]) / self.rows

    def combine(self, other: "Quantiles") -> "Quantiles":
        return pooled_quantiles([self, other])


def quantiles_of(values: npt.ArrayLike, *, capacity: int = CAPACITY) -> Quantiles:
    """Keep the quantiles of raw values, (n,), exactly up to twice the capacity and summarized beyond. Raises ValueError."""
    array = np.sort(numbers("Values", values))
    return _kept(array, np.ones(len(array)), 0.0, capacity)


def pooled_quantiles(parts: Iterable[Quantiles], *, capacity: int = CAPACITY) -> Quantiles:
    """Pool the quantiles of parts that share no rows.

    parts: any number of them, in any order; pool many at once rather than one by one, since each summary adds its own error.
    capacity: how many values a summary keeps, at least 10; up to twice as many are kept as they are.

    Returns quantiles of all rows. Their rank errors add, and summarizing n rows adds about n / (2 × capacity).
    Source: deterministic mergeable summaries, Agarwal et al. 2013; the stated error is worked out, not assumed.
    """
    gathered = list(parts)
    values = np.array([value for part in gathered for value in part.values])
    weights = np.array([weight for part in gathered for weight in part.weights])
    # Weights decide between equal values, so that the order of the parts never shows.
    order = np.lexsort((weights, values))
    return _kept(values[order], weights[order], sum(part.rank_error_rows for part in gathered), capacity)


def _kept(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], error: float, capacity: int) -> Quantiles:
    """Summarize when there are too many values: cut the rows into equal parts and keep the middle row of each."""
    if capacity < 10:
        raise ValueError(f"A summary needs room for at least 10 values, not {capacity}.")
    if len(values) > 2 * capacity:
        ranks = np.cumsum(weights)
        # The smallest and the largest stay themselves: people ask for the longest wait.
        part = np.minimum((ranks - weights / 2) / ranks[-1] * (capacity - 2), capacity - 3).astype(np.int64) + 1
        part[0], part[-1] = 0, capacity - 1
        ends = np.flatnonzero(np.append(np.diff(part) > 0, True))
        totals = np.diff(ranks[ends], prepend=0.0)
        middle = np.searchsorted(ranks, ranks[ends] - totals / 2)
        kept_ranks = np.cumsum(totals)
        # Right after each old value, the summary counts whole parts only: compare both counts everywhere.
        told = np.append(0.0, kept_ranks)[np.searchsorted(middle, np.arange(len(values)), side="right")]
        error += float(np.abs(told - ranks).max())
        values, weights = values[middle], totals
    return Quantiles(values=tuple(values.tolist()), weights=tuple(weights.tolist()), rank_error_rows=error)
