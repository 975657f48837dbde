"""Control charts of counted and of single values: p, u, Laney p′ and u′, XmR, g and t (metrics.md §3.10)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import Bools, Floats, numbers, same_length, whole_numbers

__all__ = [
    "Baseline",
    "Chart",
    "baseline_standing",
    "g_chart",
    "p_chart",
    "same_weekday_residuals",
    "t_chart",
    "u_chart",
    "xmr_chart",
]

# Mean moving range of two normal values, in standard deviations.
D2 = 1.128
LANEY_TRIALS = 2_000
LANEY_SPREAD = 1.2
# Exponent that makes exponential waiting times nearly normal (Nelson 1994).
NELSON = 1 / 3.6


class Baseline(StrEnum):
    """What a baseline of so many points is good for."""

    TOO_SHORT = "too_short"
    PROVISIONAL = "provisional"
    ESTABLISHED = "established"


def baseline_standing(points: int) -> Baseline:
    """Say whether so many points make a baseline: 20 do, 12 to 19 for the time being."""
    if points < 12:
        return Baseline.TOO_SHORT
    return Baseline.PROVISIONAL if points < 20 else Baseline.ESTABLISHED


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """One control chart, all arrays (points,), in the unit of the values.

    values: what is drawn; NaN where a point has no exposure. center: the center line. low, high: the three-sigma limits.
    sigma: one standard deviation per point. spread: Laney's σ_z by which sigma was multiplied, 1 where it was not.
    """

    values: Floats
    center: float
    sigma: Floats
    low: Floats
    high: Floats
    spread: float = 1.0

    @property
    def scores(self) -> Floats:
        """How many sigmas each point lies above the center line; what run rules, EWMA and CUSUM are fed with."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.sigma > 0, (self.values - self.center) / self.sigma, np.nan)

    @property
    def beyond(self) -> Bools:
        """Which points lie outside the limits."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.values < self.low) | (self.values > self.high), dtype=np.bool_)


def _base(points: int, baseline: int | None) -> slice:
    """Choose the points that limits are worked out from."""
    wanted = points if baseline is None else baseline
    if points == 0 or not 2 <= wanted <= points:
        raise ValueError(f"A baseline needs 2 or more of the {points} points, not {wanted}.")
    return slice(0, wanted)


def _laney(scores: Floats) -> float:
    """Estimate σ_z from moving ranges, leaving out points without exposure."""
    known = scores[np.isfinite(scores)]
    return float(np.abs(np.diff(known)).mean()) / D2 if len(known) > 1 else 1.0


def _attribute_chart(
    *,
    counts: Floats,
    exposure: Floats,
    variance: float,
    center: float,
    base: slice,
    ceiling: float,
    spread: float | None,
) -> Chart:
    values = np.divide(counts, exposure, out=np.full(len(counts), np.nan), where=exposure > 0)
    sigma = np.sqrt(np.divide(variance, exposure, out=np.full(len(counts), np.nan), where=exposure > 0))
    if spread is None:
        with np.errstate(invalid="ignore", divide="ignore"):
            scores = np.where(sigma > 0, (values - center) / sigma, np.nan)
        measured = _laney(scores[base])
        # Floored at 1: points that look steadier than chance allows are chance, too.
        spread = max(1.0, measured) if measured > LANEY_SPREAD or float(exposure[base].mean()) > LANEY_TRIALS else 1.0
    sigma = sigma * spread
    return Chart(
        values=values,
        center=center,
        sigma=sigma,
        low=np.maximum(center - 3 * sigma, 0.0),
        high=np.minimum(center + 3 * sigma, ceiling),
        spread=spread,
    )


def p_chart(
    *, successes: npt.ArrayLike, trials: npt.ArrayLike, baseline: int | None = None, spread: float | None = None
) -> Chart:
    """Chart shares.

    successes, trials: (points,) whole numbers per period, oldest first; a period without trials has no value.
    baseline: how many of the first points the limits come from; all when None.
    spread: Laney's σ_z: None measures it and uses it (p′) with more than 2 000 trials a period or above 1.2, never below 1;
        1 gives the plain p chart; a frozen baseline hands in the one it found.

    Raises ValueError. Source: Shewhart; Laney 2002. Check: a share of 0.05 with 400 trials gives 0.017308 to 0.082692.
    """
    x, n = whole_numbers("Successes", successes), whole_numbers("Trials", trials)
    same_length(successes=x, trials=n)
    if (x > n).any():
        raise ValueError("A period has more successes than trials.")
    base = _base(len(x), baseline)
    _refuse_empty(n[base])
    center = float(x[base].sum() / n[base].sum())
    return _attribute_chart(
        counts=x.astype(np.float64),
        exposure=n.astype(np.float64),
        variance=center * (1 - center),
        center=center,
        base=base,
        ceiling=1.0,
        spread=_spread(spread),
    )


def u_chart(
    *, events: npt.ArrayLike, exposure: npt.ArrayLike, baseline: int | None = None, spread: float | None = None
) -> Chart:
    """Chart rates of events per unit of exposure (contacts, customers, hours).

    events: (points,) whole numbers. exposure: (points,) at least 0. The rest as in `p_chart`; Laney's u′ by the same rule.
    Raises ValueError. Source: Shewhart; Laney 2002.
    """
    x, e = whole_numbers("Events", events), numbers("Exposure", exposure, least=0)
    same_length(events=x, exposure=e)
    base = _base(len(x), baseline)
    _refuse_empty(e[base])
    center = float(x[base].sum() / e[base].sum())
    return _attribute_chart(
        counts=x.astype(np.float64),
        exposure=e,
        variance=center,
        center=center,
        base=base,
        ceiling=np.inf,
        spread=_spread(spread),
    )


def _refuse_empty(exposure: npt.NDArray[np.generic]) -> None:
    if not exposure.any():
        raise ValueError("The baseline is empty: none of its periods has anything to count.")


def _spread(spread: float | None) -> float | None:
    if spread is not None and not (np.isfinite(spread) and spread > 0):
        raise ValueError(f"The spread of a chart must be above 0, not {spread:g}.")
    return spread


def xmr_chart(*, values: npt.ArrayLike, baseline: int | None = None) -> tuple[Chart, Chart]:
    """Chart single values and their moving ranges.

    values: (points,) oldest first. baseline: as in `p_chart`.

    Returns the chart of values and that of moving ranges (points - 1,), whose upper limit is 3.267 times their mean.
    Raises ValueError. Source: Shewhart; Wheeler. The factors are 3 / 1.128 and 3.267.
    """
    x = numbers("Values", values)
    base = _base(len(x), baseline)
    ranges = np.abs(np.diff(x))
    mean_range = float(np.abs(np.diff(x[base])).mean())
    center = float(x[base].mean())
    # 2.66 and 3.267 are the field's rounded constants; with more digits limits would differ from every textbook's.
    sigma = np.full(len(x), 2.66 / 3 * mean_range)
    range_sigma = np.full(len(ranges), 2.267 / 3 * mean_range)
    return (
        Chart(values=x, center=center, sigma=sigma, low=center - 3 * sigma, high=center + 3 * sigma),
        Chart(
            values=ranges,
            center=mean_range,
            sigma=range_sigma,
            low=np.zeros(len(ranges)),
            high=np.full(len(ranges), 3.267 * mean_range),
        ),
    )


def g_chart(*, contacts_between: npt.ArrayLike, baseline: int | None = None) -> Chart:
    """Chart rare events by how many contacts passed between one and the next.

    contacts_between: (events - 1,) whole numbers; many is good, so a point below the lower limit is the alarm. That limit is 0
    with three sigmas, hence run rules matter more here.
    Raises ValueError. Source: Kaminsky, Benneyan, Davis and Burke 1992 (geometric distribution).
    """
    x = whole_numbers("Contacts between events", contacts_between).astype(np.float64)
    base = _base(len(x), baseline)
    center = float(x[base].mean())
    sigma = np.full(len(x), np.sqrt(center * (center + 1)))
    return Chart(values=x, center=center, sigma=sigma, low=np.maximum(center - 3 * sigma, 0.0), high=center + 3 * sigma)


def t_chart(*, seconds_between: npt.ArrayLike, baseline: int | None = None) -> Chart:
    """Chart rare events by the time between one and the next, made nearly normal before limits are set.

    seconds_between: (events - 1,) above 0.

    Returns a chart in transformed units, seconds to the power 1 / 3.6; raise its values and limits to 3.6 to print seconds.
    Raises ValueError. Source: Nelson 1994.
    """
    x = numbers("Seconds between events", seconds_between)
    if (x <= 0).any():
        raise ValueError("Seconds between events must be above 0.")
    chart, _ = xmr_chart(values=x**NELSON, baseline=baseline)
    return Chart(
        values=chart.values,
        center=chart.center,
        sigma=chart.sigma,
        low=np.maximum(chart.low, 0.0),
        high=chart.high,
    )


def same_weekday_residuals(*, values: npt.ArrayLike, weekdays: npt.ArrayLike, baseline: int | None = None) -> Floats:
    """Take the weekly pattern out of daily values, so that a chart does not alarm every Monday.

    values: (days,). weekdays: (days,) any whole number that days of one kind share, holidays as a kind of their own.
    baseline: how many of the first days the pattern comes from; all when None.

    Returns (days,) each value less the median of its kind plus the median of all, in the unit of the values; NaN for a kind
    that the baseline lacks. Raises ValueError.
    """
    x, kind = numbers("Values", values), whole_numbers("Weekdays", weekdays, least=None)
    same_length(values=x, weekdays=kind)
    base = _base(len(x), baseline)
    left = np.full(len(x), np.nan)
    for one in np.unique(kind[base]):
        left[kind == one] = x[kind == one] - np.median(x[base][kind[base] == one]) + np.median(x[base])
    return left
