"""Intervals for shares and counts: Wilson, Newcombe, design effects, exact Poisson (metrics.md §0.4)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import normal_quantile, same_length, whole_numbers

__all__ = ["Interval", "design_effect", "newcombe", "poisson_exact", "rate_ratio", "wilson", "wilson_clustered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with the lower and the upper end of its confidence interval, all in the unit of the estimate."""

    estimate: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def wilson(*, successes: float, trials: float, design_effect: float = 1.0, confidence: float = 0.95) -> Interval | None:
    """Estimate a share with its Wilson score interval.

    successes: how many of the trials came true, from 0 to trials.
    trials: how many there were, at least 0.
    design_effect: by how much clustering inflates the variance, at least 1; see `design_effect`.
    confidence: two-sided, between 0 and 1.

    Returns shares from 0 to 1, or None without trials. Raises ValueError.
    Source: Wilson 1927; Brown, Cai and DasGupta 2001; effective sample size after Kish 1965.
    Check: 45 of 60 gives 0.627679 to 0.842235.
    """
    z = normal_quantile(confidence)
    if not (math.isfinite(trials) and 0 <= successes <= trials):
        raise ValueError(f"Successes must lie between 0 and the trials; these are {successes:g} of {trials:g}.")
    if not (math.isfinite(design_effect) and design_effect >= 1):
        raise ValueError(f"A design effect must be 1 or more, not {design_effect:g}.")
    if trials == 0:
        return None
    share, n = successes / trials, trials / design_effect
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At the ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if successes == 0 else max(0.0, center - half)
    high = 1.0 if successes == trials else min(1.0, center + half)
    return Interval(estimate=share, low=low, high=high)


def design_effect(*, successes: npt.ArrayLike, trials: npt.ArrayLike) -> float | None:
    """Estimate by how much clusters (customers, agents or days) inflate the variance of a share.

    successes: (clusters,) whole numbers, each from 0 to its trials.
    trials: (clusters,) whole numbers; clusters without trials count for nothing.

    Returns the variance of the ratio estimator over the binomial variance, floored at 1; None with fewer than two clusters,
    since one cluster says nothing about how clusters differ. Raises ValueError.
    Source: Kish 1965; Cochran 1977, ratio estimator.
    """
    x, n = whole_numbers("Successes", successes), whole_numbers("Trials", trials)
    same_length(successes=x, trials=n)
    if (x > n).any():
        raise ValueError("A cluster has more successes than trials.")
    x, n = x[n > 0], n[n > 0]
    if len(n) < 2:
        return None
    total = int(n.sum())
    share = float(x.sum()) / total
    binomial = share * (1 - share) / total
    if binomial == 0:
        return 1.0
    clustered = len(n) / (len(n) - 1) * float(np.square(x - share * n).sum()) / total**2
    return max(1.0, clustered / binomial)


def wilson_clustered(*, successes: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> Interval | None:
    """Estimate a share whose trials come in clusters; see `design_effect` for the arguments and `wilson` for the rest.

    Returns None without trials and with a single cluster.
    """
    effect = design_effect(successes=successes, trials=trials)
    if effect is None:
        return None
    return wilson(
        successes=float(np.sum(np.asarray(successes))),
        trials=float(np.sum(np.asarray(trials))),
        design_effect=effect,
        confidence=confidence,
    )


def newcombe(
    *,
    successes: float,
    trials: float,
    base_successes: float,
    base_trials: float,
    confidence: float = 0.95,
) -> Interval | None:
    """Estimate the difference of two independent shares, first minus base.

    successes, trials: of the first group; base_successes, base_trials: of the group it is compared with.

    Returns a difference from -1 to 1, or None when a group has no trials. Raises ValueError.
    Source: Newcombe 1998, method 10. Check: 56 of 70 against 48 of 80 gives 0.2, 0.052431 to 0.333873.
    """
    first = wilson(successes=successes, trials=trials, confidence=confidence)
    base = wilson(successes=base_successes, trials=base_trials, confidence=confidence)
    if first is None or base is None:
        return None
    difference = first.estimate - base.estimate
    return Interval(
        estimate=difference,
        low=difference - math.hypot(first.estimate - first.low, base.high - base.estimate),
        high=difference + math.hypot(first.high - first.estimate, base.estimate - base.low),
    )


def poisson_exact(*, events: int, exposure: float = 1.0, confidence: float = 0.95) -> Interval | None:
    """Estimate a rate of events with its exact interval.

    events: how many happened, a whole number of at least 0.
    exposure: over how much (contacts, customers, hours), at least 0; 1 gives the interval of the count itself.

    Returns events per unit of exposure, or None without exposure. Raises ValueError.
    Source: Garwood 1936. Check: 18 events give 10.667941 to 28.447760.
    """
    normal_quantile(confidence)
    if not (math.isfinite(events) and events >= 0 and events == int(events)):
        raise ValueError(f"Events must be a whole number of 0 or more, not {events:g}.")
    if not (math.isfinite(exposure) and exposure >= 0):
        raise ValueError(f"Exposure must be 0 or more, not {exposure:g}.")
    if exposure == 0:
        return None
    tail = (1 - confidence) / 2
    low = float(scipy.special.gammaincinv(events, tail)) if events else 0.0
    high = float(scipy.special.gammainccinv(events + 1, tail))
    return Interval(estimate=events / exposure, low=low / exposure, high=high / exposure)


def rate_ratio(
    *, events: int, exposure: float, base_events: int, base_exposure: float, confidence: float = 0.95
) -> Interval | None:
    """Estimate the ratio of two Poisson rates, first over base, with its exact conditional interval.

    Given the sum of both counts the first is binomial, so Clopper and Pearson's limits of that share carry over.

    Returns a ratio of at least 0; None when the base had no events or an exposure is 0. Raises ValueError.
    Source: Przyborowski and Wilenski 1940; Clopper and Pearson 1934.
    """
    first = poisson_exact(events=events, exposure=exposure, confidence=confidence)
    base = poisson_exact(events=base_events, exposure=base_exposure, confidence=confidence)
    if first is None or base is None or base_events == 0:
        return None
    tail = (1 - confidence) / 2
    scale = base_exposure / exposure
    low = float(scipy.special.betaincinv(events, base_events + 1, tail)) if events else 0.0
    high = float(scipy.special.betaincinv(events + 1, base_events, 1 - tail))
    return Interval(
        estimate=first.estimate / base.estimate,
        low=low / (1 - low) * scale,
        high=high / (1 - high) * scale,
    )
