"""The cluster bootstrap: whole customers, or whole days, are drawn again, never single rows (metrics.md §0.4 B)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Floats, normal_quantile

__all__ = ["BootstrapInterval", "BootstrapMethod", "cluster_bootstrap", "cluster_bootstrap_sums"]

REPLICATES = 2_000
# BCa reads its acceleration off the clusters, which says little when they are few.
FEWEST_CLUSTERS_FOR_BCA = 50
# Numbers in memory at a time: 64 MB of weights.
CHUNK = 8_000_000


class BootstrapMethod(StrEnum):
    PERCENTILE = "percentile"
    BCA = "bca"


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapInterval:
    """An estimate with its bootstrap interval, and all that is needed to draw the same replicates again."""

    estimate: float
    low: float
    high: float
    method: BootstrapMethod
    clusters: int
    replicates: int
    undefined_replicates: int
    seed: int


def cluster_bootstrap(
    *,
    clusters: int,
    statistic: Callable[[Floats], Floats],
    seed: int,
    method: BootstrapMethod = BootstrapMethod.PERCENTILE,
    replicates: int = REPLICATES,
    confidence: float = 0.95,
) -> BootstrapInterval | None:
    """Estimate any statistic with the interval that resampling whole clusters gives.

    clusters: how many there are, at least 0.
    statistic: maps weights (m, clusters), each row saying how often each cluster was drawn, to (m,) values; NaN where it is
        not defined, as a share without denominator.
    seed: of the random draws; stored with the result.
    method: BCA corrects bias and skew of smooth statistics (means, ratios, not quantiles); below 50 clusters the percentile
        interval is given instead, and the result says so.
    replicates: how many samples are drawn, at least 100.

    Returns None with fewer than two clusters, where the statistic itself is not defined, or where fewer than half of the
    replicates are. Raises ValueError.
    Source: Efron 1987; Davison and Hinkley 1997, §3.8.
    """
    normal_quantile(confidence)
    if clusters < 0 or replicates < 100:
        raise ValueError("A bootstrap needs a number of clusters and at least 100 replicates.")
    if clusters < 2:
        return None
    estimate = float(statistic(np.ones((1, clusters)))[0])
    generator = np.random.default_rng(seed)
    even = np.full(clusters, 1 / clusters)

    def drawn(rows: int) -> Floats:
        return generator.multinomial(clusters, even, size=rows).astype(np.float64)

    step = max(1, CHUNK // clusters)
    values = np.concatenate([statistic(drawn(min(step, replicates - at))) for at in range(0, replicates, step)])
    defined = values[np.isfinite(values)]
    if not np.isfinite(estimate) or 2 * len(defined) < replicates:
        return None
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    used = method if clusters >= FEWEST_CLUSTERS_FOR_BCA else BootstrapMethod.PERCENTILE
    if used is BootstrapMethod.BCA:
        tails = _corrected(tails, estimate=estimate, values=defined, left_out=_jackknife(clusters, statistic, step))
    low, high = np.quantile(defined, tails)
    return BootstrapInterval(
        estimate=estimate,
        low=float(low),
        high=float(high),
        method=used,
        clusters=clusters,
        replicates=replicates,
        undefined_replicates=replicates - len(defined),
        seed=seed,
    )


def cluster_bootstrap_sums(
    *,
    sums: npt.ArrayLike,
    statistic: Callable[[Floats], Floats],
    seed: int,
    method: BootstrapMethod = BootstrapMethod.PERCENTILE,
    replicates: int = REPLICATES,
    confidence: float = 0.95,
) -> BootstrapInterval | None:
    """Bootstrap a statistic of sums, such as a ratio, from one row of sums per cluster.

    sums: (clusters, k) sufficient statistics of each cluster, such as its numerator and denominator.
    statistic: maps summed rows (m, k) to (m,) values, NaN where not defined.

    The rest as in `cluster_bootstrap`.
    """
    rows = np.asarray(sums, dtype=np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise ValueError("Sums must be a table of finite numbers, one row per cluster.")
    return cluster_bootstrap(
        clusters=len(rows),
        statistic=lambda weights: statistic(weights @ rows),
        seed=seed,
        method=method,
        replicates=replicates,
        confidence=confidence,
    )


def _jackknife(clusters: int, statistic: Callable[[Floats], Floats], step: int) -> Floats:
    """Work out the statistic without each cluster in turn: (clusters,)."""
    parts = []
    for at in range(0, clusters, step):
        rows = np.arange(at, min(clusters, at + step))
        weights = np.ones((len(rows), clusters))
        weights[np.arange(len(rows)), rows] = 0
        parts.append(statistic(weights))
    return np.concatenate(parts)


def _corrected(tails: Floats, *, estimate: float, values: Floats, left_out: Floats) -> Floats:
    """Shift the two tails by the bias and the acceleration of the statistic."""
    # Half of the ties count as below, so that a statistic with few values is not called biased.
    below = float(np.mean(values < estimate) + np.mean(values == estimate) / 2)
    edge = 1 / (2 * len(values))
    bias = float(scipy.special.ndtri(min(max(below, edge), 1 - edge)))
    deviations = left_out[np.isfinite(left_out)].mean() - left_out[np.isfinite(left_out)]
    spread = float(np.square(deviations).sum())
    acceleration = float((deviations**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    shifted = bias + scipy.special.ndtri(tails)
    return np.asarray(scipy.special.ndtr(bias + shifted / (1 - acceleration * shifted)), dtype=np.float64)
