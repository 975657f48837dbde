"""Roll-ups over a different mix: time cut at bucket edges, mix and rate of a change, direct standardization (metrics.md §0.2)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import Floats, normal_quantile, numbers, same_length
from careloop.insight.stats.intervals import Interval, wilson

__all__ = ["Decomposition", "mix_rate_decomposition", "overlaps", "standardized"]


def overlaps(*, starts: npt.ArrayLike, ends: npt.ArrayLike, edges: npt.ArrayLike) -> Floats:
    """Cut spans of time at the edges of buckets.

    starts, ends: (n,) seconds of half-open spans [start, end), no end before its start.
    edges: (buckets + 1,) seconds, rising.

    Returns (n, buckets) seconds of each span in each bucket; a span within the edges sums to its length. Raises ValueError.
    """
    a, b, cut = numbers("Starts", starts), numbers("Ends", ends), numbers("Edges", edges)
    same_length(starts=a, ends=b)
    if (b < a).any():
        raise ValueError("A span ends before it starts.")
    if len(cut) < 2 or (np.diff(cut) <= 0).any():
        raise ValueError("Edges must rise, and there must be at least two.")
    inside = np.minimum(b[:, None], cut[None, 1:]) - np.maximum(a[:, None], cut[None, :-1])
    return np.asarray(np.maximum(inside, 0.0), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """A change of a ratio, after minus before, split into two parts that add up to it.

    mix_by_stratum and rate_by_stratum: (k,) the parts that each stratum brings.
    """

    change: float
    mix: float
    rate: float
    mix_by_stratum: tuple[float, ...]
    rate_by_stratum: tuple[float, ...]


def mix_rate_decomposition(
    *,
    before_numerators: npt.ArrayLike,
    before_denominators: npt.ArrayLike,
    after_numerators: npt.ArrayLike,
    after_denominators: npt.ArrayLike,
) -> Decomposition | None:
    """Split the change of a ratio into what the mix of strata did and what the rates within them did.

    All (k,): numerators and denominators per stratum and period, denominators at least 0.

    A stratum that only one period has brings mix alone: its rate cannot have changed. Mix parts are shown against the average of
    all, so that more of a stratum with a poor rate reads as a loss; their sum is the same. Returns None when a period has no
    denominator at all. Raises ValueError.
    Source: Kitagawa 1955. Mix is Σ r̄ Δw and rate Σ w̄ Δr, bars being averages of both periods.
    """
    x0, n0 = numbers("Numerators", before_numerators), numbers("Denominators", before_denominators, least=0)
    x1, n1 = numbers("Numerators", after_numerators), numbers("Denominators", after_denominators, least=0)
    same_length(before_numerators=x0, before_denominators=n0, after_numerators=x1, after_denominators=n1)
    if (x0[n0 == 0] != 0).any() or (x1[n1 == 0] != 0).any():
        raise ValueError("A stratum without denominator cannot have a numerator.")
    if n0.sum() == 0 or n1.sum() == 0:
        return None
    rate0 = np.divide(x0, n0, out=np.full(len(x0), np.nan), where=n0 > 0)
    rate1 = np.divide(x1, n1, out=np.full(len(x1), np.nan), where=n1 > 0)
    rate0, rate1 = np.where(n0 > 0, rate0, rate1), np.where(n1 > 0, rate1, rate0)
    # A stratum that neither period has weighs nothing.
    rate0, rate1 = np.nan_to_num(rate0), np.nan_to_num(rate1)
    weight0, weight1 = n0 / n0.sum(), n1 / n1.sum()
    middle = (x0.sum() / n0.sum() + x1.sum() / n1.sum()) / 2
    mix = ((rate0 + rate1) / 2 - middle) * (weight1 - weight0)
    rate = (weight0 + weight1) / 2 * (rate1 - rate0)
    return Decomposition(
        change=float(x1.sum() / n1.sum() - x0.sum() / n0.sum()),
        mix=float(mix.sum()),
        rate=float(rate.sum()),
        mix_by_stratum=tuple(mix.tolist()),
        rate_by_stratum=tuple(rate.tolist()),
    )


def standardized(
    *,
    successes: npt.ArrayLike,
    trials: npt.ArrayLike,
    reference: npt.ArrayLike,
    confidence: float = 0.95,
) -> Interval | None:
    """Estimate the share that a group would show with a fixed reference mix (direct standardization).

    successes, trials: (k,) per stratum. reference: (k,) weights of the mix, at least 0; they are brought to a sum of 1.

    Returns None when a stratum of the reference has no trials, since nothing is known of its share. The interval is Wilson's
    with the number of trials whose binomial variance would be the same. Raises ValueError.
    Source: Korn and Graubard 1998 for the effective number of trials.
    """
    x, n = numbers("Successes", successes, least=0), numbers("Trials", trials, least=0)
    weight = numbers("Reference", reference, least=0)
    same_length(successes=x, trials=n, reference=weight)
    if (x > n).any():
        raise ValueError("A stratum has more successes than trials.")
    if weight.sum() == 0:
        raise ValueError("The reference mix weighs nothing.")
    x, n, weight = x[weight > 0], n[weight > 0], weight[weight > 0] / weight.sum()
    if (n == 0).any():
        return None
    # Shares are drawn to the middle as Wilson draws them, so that 0 of 3 in a stratum is not taken for certain.
    z = normal_quantile(confidence)
    drawn = (x + z * z / 2) / (n + z * z)
    center = float(weight @ drawn)
    effective = center * (1 - center) / float(weight**2 @ (drawn * (1 - drawn) / n))
    share = min(1.0, float(weight @ (x / n)))
    return wilson(successes=share * effective, trials=effective, confidence=confidence)
