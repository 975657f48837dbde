"""The intervals of `stats`, for all cells of a table at once (metrics.md §0.4). NaN is "not defined".

Each gives what its namesake in `careloop.insight.stats` gives for one cell; the tests hold both side by side.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from careloop.insight.stats.arrays import Floats, Ints, normal_quantile
from careloop.insight.stats.bootstrap import FEWEST_CLUSTERS_FOR_BCA, REPLICATES

__all__ = ["SEED", "Bounds", "bootstrap_ratio", "linearized", "poisson", "student", "wilson"]

SEED = 1931
CONFIDENCE = 0.95
# Replicates in memory at a time: 64 MB.
CHUNK = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """Lower and upper ends, each (cells,)."""

    low: Floats
    high: Floats


def wilson(*, successes: Floats, trials: Floats, design_effect: Floats | float = 1.0) -> Bounds:
    """Bound shares by Wilson's score interval. All (cells,); NaN without trials."""
    z = normal_quantile(CONFIDENCE)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        n = trials / design_effect
        center = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(np.maximum(share * (1 - share), 0) / n + z * z / (4 * n * n))
    low = np.where(successes == 0, 0.0, np.maximum(0.0, center - half))
    high = np.where(successes == trials, 1.0, np.minimum(1.0, center + half))
    known = trials > 0
    return Bounds(low=np.where(known, low, np.nan), high=np.where(known, high, np.nan))


def poisson(*, events: Floats, exposure: Floats | float = 1.0) -> Bounds:
    """Bound rates by Garwood's exact interval. All (cells,); NaN without exposure."""
    tail = (1 - CONFIDENCE) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(events > 0, scipy.special.gammaincinv(np.maximum(events, 1), tail), 0.0) / exposure
        high = scipy.special.gammainccinv(events + 1, tail) / exposure
    known = np.broadcast_to(np.asarray(exposure) > 0, events.shape)
    return Bounds(low=np.where(known, low, np.nan), high=np.where(known, high, np.nan))


def student(*, rows: Floats, total: Floats, squares: Floats) -> Bounds:
    """Bound means by Student's t, rows being independent. All (cells,); NaN below two rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / rows
        variance = np.maximum(0.0, squares - total**2 / rows) / (rows - 1)
        half = scipy.special.stdtrit(np.maximum(rows - 1, 1), (1 + CONFIDENCE) / 2) * np.sqrt(variance / rows)
    known = rows >= 2
    return Bounds(low=np.where(known, mean - half, np.nan), high=np.where(known, mean + half, np.nan))


def linearized(*, x: Floats, n: Floats, xx: Floats, xn: Floats, nn: Floats, clusters: Floats) -> Bounds:
    """Bound ratios of sums over clusters by the error of their linear part, Student's t. All (cells,); NaN below two clusters.

    x, n: sums. xx, xn, nn: sums over clusters of the products of each cluster's own sums. Source: Cochran 1977, ratio estimator.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = x / n
        spread = np.maximum(0.0, xx - 2 * value * xn + value**2 * nn)
        half = (
            scipy.special.stdtrit(np.maximum(clusters - 1, 1), (1 + CONFIDENCE) / 2)
            * np.sqrt(clusters / (clusters - 1) * spread)
            / n
        )
    known = (clusters >= 2) & (n > 0)
    return Bounds(low=np.where(known, value - half, np.nan), high=np.where(known, value + half, np.nan))


def bootstrap_ratio(
    *, codes: Ints, cells: int, numerators: Floats, denominators: Floats, seed: int = SEED, replicates: int = REPLICATES
) -> Bounds:
    """Bound ratios of sums by drawing whole clusters again: percentile below 50 clusters, BCa from there on.

    codes: (rows,) the cell of each row; one row per cell and cluster. numerators, denominators: (rows,) sums of that cluster.

    Returns NaN for a cell with fewer than two clusters, or where fewer than half of the replicates have a denominator.
    """
    low, high = np.full(cells, np.nan), np.full(cells, np.nan)
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes, minlength=cells)
    starts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes[sizes >= 2]):
        which = np.flatnonzero(sizes == size)
        places = order[starts[which][:, None] + np.arange(size)]
        weights = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=replicates)
        drawn = weights.astype(np.float64).T
        step = max(1, CHUNK // replicates)
        for at in range(0, len(which), step):
            chunk = which[at : at + step]
            x, n = numerators[places[at : at + step]], denominators[places[at : at + step]]
            low[chunk], high[chunk] = _bounds(x, n, drawn)
    return Bounds(low=low, high=high)


def _bounds(x: Floats, n: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """Bound some cells with equally many clusters. x, n: (cells, clusters). drawn: (clusters, replicates)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = x.sum(axis=1) / n.sum(axis=1)
        # 0 of 0 is NaN, and sorts to the end.
        values = np.where((below := n @ drawn) > 0, (x @ drawn) / below, np.nan)
        defined = np.isfinite(values).sum(axis=1)
        clusters, replicates = x.shape[1], drawn.shape[1]
        tails = np.broadcast_to([(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], (len(x), 2))
        if clusters >= FEWEST_CLUSTERS_FOR_BCA:
            tails = _corrected(tails, estimate, values, x, n)
        ends = _quantiles(values, defined, tails)
    known = np.isfinite(estimate) & (2 * defined >= replicates)
    return np.where(known, ends[:, 0], np.nan), np.where(known, ends[:, 1], np.nan)


def _corrected(tails: Floats, estimate: Floats, values: Floats, x: Floats, n: Floats) -> Floats:
    """Shift the tails by bias and acceleration (Efron 1987)."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    below = ((values < estimate[:, None]) & known).sum(axis=1) + ((values == estimate[:, None]) & known).sum(axis=1) / 2
    edge = 1 / (2 * count)
    bias = scipy.special.ndtri(np.clip(below / count, edge, 1 - edge))[:, None]
    left_out = (x.sum(axis=1, keepdims=True) - x) / (n.sum(axis=1, keepdims=True) - n)
    deviations = np.nanmean(np.where(np.isfinite(left_out), left_out, np.nan), axis=1, keepdims=True) - left_out
    deviations = np.where(np.isfinite(deviations), deviations, 0.0)
    spread = np.square(deviations).sum(axis=1)
    acceleration = np.where(spread > 0, (deviations**3).sum(axis=1) / (6 * spread**1.5), 0.0)[:, None]
    shifted = bias + scipy.special.ndtri(tails)
    return np.asarray(scipy.special.ndtr(bias + shifted / (1 - acceleration * shifted)), dtype=np.float64)


def _quantiles(values: Floats, defined: Ints, shares: Floats) -> Floats:
    """Read quantiles of rows whose NaNs stand at the end once sorted, each at its own shares (linear, as NumPy's default)."""
    ranked = np.sort(values, axis=1)
    place = shares * np.maximum(defined - 1, 0)[:, None]
    lower = np.floor(np.nan_to_num(place)).astype(np.int64)
    upper = np.minimum(lower + 1, np.maximum(defined - 1, 0)[:, None])
    first = np.take_along_axis(ranked, lower, axis=1)
    return np.asarray(first + (np.take_along_axis(ranked, upper, axis=1) - first) * (place - lower), dtype=np.float64)
