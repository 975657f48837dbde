"""Where complaints pile up: tails, false discoveries, shrunken ratios, and the smallest level that explains (metrics.md §3.10)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Bools, Floats, numbers, same_length, whole_numbers

__all__ = [
    "GammaPrior",
    "Hotspots",
    "benjamini_hochberg",
    "expected_from_parent",
    "fit_gamma_prior",
    "hotspots",
    "shrunken_ratios",
    "smallest_explaining",
    "upper_mid_p",
]

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaPrior:
    """A gamma distribution of ratios observed over expected: shape α and rate β, so that its mean is α / β."""

    shape: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hotspots:
    """What a run of tests found, all arrays (cells,) in the order of the input.

    p_values: upper-tail mid-P. adjusted: the same after Benjamini and Hochberg. ratio: observed over expected, NaN without
    expectation. shrunken and shrunken_low: that ratio shrunk towards all cells and its 5 % lower bound, by which to rank.
    is_hot: adjusted p within q, at least 5 observed, ratio at least 1.5.
    """

    p_values: Floats
    adjusted: Floats
    ratio: Floats
    shrunken: Floats
    shrunken_low: Floats
    is_hot: Bools
    prior: GammaPrior


def _counts(observed: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[Floats, Floats]:
    o = whole_numbers("Observed counts", observed).astype(np.float64)
    e = numbers("Expected counts", expected, least=0)
    same_length(observed=o, expected=e)
    return o, e


def upper_mid_p(*, observed: npt.ArrayLike, expected: npt.ArrayLike, dispersion: float = 0.0) -> Floats:
    """Work out how surprising so many events are: P(X > O) + P(X = O) / 2.

    observed: (cells,) whole numbers. expected: (cells,) at least 0.
    dispersion: φ of the variance E + φE², 0 for Poisson; measured on past periods.

    Returns (cells,) mid-P values; a cell with neither expectation nor events gives 0.5. Raises ValueError.
    Source: Lancaster 1961. Check: 18 with 9.2 expected give P(X ≥ 18) = 0.006584 and mid-P 0.004825.
    """
    o, e = _counts(observed, expected)
    if not (math.isfinite(dispersion) and dispersion >= 0):
        raise ValueError(f"The dispersion must be 0 or more, not {dispersion:g}.")
    if dispersion == 0:
        more = scipy.special.gammainc(o + 1, e)
        as_many = np.exp(scipy.special.xlogy(o, e) - e - scipy.special.gammaln(o + 1))
    else:
        size = 1 / dispersion
        more = scipy.special.betainc(o + 1, size, e / (size + e))
        log_odds = scipy.special.gammaln(o + size) - scipy.special.gammaln(size) - scipy.special.gammaln(o + 1)
        as_many = np.exp(log_odds + size * np.log(size / (size + e)) + scipy.special.xlogy(o, e / (size + e)))
    return np.asarray(more + as_many / 2, dtype=np.float64)


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Adjust p values of one run so that those within q hold at most a share q of false discoveries.

    p_values: (tests,) from 0 to 1. Returns (tests,). Raises ValueError. Source: Benjamini and Hochberg 1995.
    """
    p = numbers("P values", p_values, least=0)
    if (p > 1).any():
        raise ValueError("P values must lie between 0 and 1.")
    return np.asarray(scipy.stats.false_discovery_control(p), dtype=np.float64) if len(p) else p


def fit_gamma_prior(*, observed: npt.ArrayLike, expected: npt.ArrayLike) -> GammaPrior:
    """Fit the spread of true ratios over all cells by maximum likelihood (counts are then negative binomial).

    observed, expected: as in `upper_mid_p`; cells without expectation say nothing and are left out.

    Returns a prior; with fewer than two cells α = β = 1. Cells no more spread than chance give a narrow prior, its shape bounded
    by 10 000. Raises ValueError. Source: DuMouchel 1999, with one gamma component.
    """
    o, e = _counts(observed, expected)
    o, e = o[e > 0], e[e > 0]
    if len(o) < 2 or o.sum() == 0:
        return GammaPrior(shape=1.0, rate=1.0)

    def loss(point: Floats) -> float:
        shape, rate = np.exp(point)
        log_likelihood = (
            scipy.special.gammaln(shape + o)
            - scipy.special.gammaln(shape)
            + shape * np.log(rate / (rate + e))
            + scipy.special.xlogy(o, e / (rate + e))
        )
        return -float(log_likelihood.sum())

    mean = float(o.sum() / e.sum())
    found = scipy.optimize.minimize(
        loss,
        x0=np.log([2.0, 2.0 / mean]),
        method="L-BFGS-B",
        bounds=[(math.log(1e-3), math.log(1e4)), (math.log(1e-3 / mean), math.log(1e4 / mean))],
    )
    shape, rate = np.exp(found.x)
    return GammaPrior(shape=float(shape), rate=float(rate))


def shrunken_ratios(
    *, observed: npt.ArrayLike, expected: npt.ArrayLike, prior: GammaPrior, tail: float = 0.05
) -> tuple[Floats, Floats]:
    """Shrink observed over expected towards the prior, so that 1 of 0.1 does not lead every list.

    observed, expected: as in `upper_mid_p`. tail: of the lower bound, between 0 and 1.

    Returns posterior means (cells,) and lower bounds (cells,). Raises ValueError.
    Source: DuMouchel 1999. Check: 18 of 9.2 with α = β = 4 give 1.6667 and 1.1283.
    """
    o, e = _counts(observed, expected)
    if not 0 < tail < 1:
        raise ValueError(f"The tail of a lower bound must lie between 0 and 1, not {tail:g}.")
    shape, rate = prior.shape + o, prior.rate + e
    return shape / rate, np.asarray(scipy.special.gammaincinv(shape, tail) / rate, dtype=np.float64)


def hotspots(
    *,
    observed: npt.ArrayLike,
    expected: npt.ArrayLike,
    dispersion: float = 0.0,
    q: float = 0.05,
    fewest_events: int = 5,
    least_ratio: float = 1.5,
) -> Hotspots:
    """Find the cells with more events than their baseline explains.

    observed, expected, dispersion: as in `upper_mid_p`; hand in all cells tested in the run, since the adjustment counts them.
    q: share of false discoveries to live with. fewest_events, least_ratio: what a hotspot must reach besides.

    Raises ValueError.
    """
    o, e = _counts(observed, expected)
    p_values = upper_mid_p(observed=o, expected=e, dispersion=dispersion)
    adjusted = benjamini_hochberg(p_values)
    prior = fit_gamma_prior(observed=o, expected=e)
    shrunken, low = shrunken_ratios(observed=o, expected=e, prior=prior)
    return Hotspots(
        p_values=p_values,
        adjusted=adjusted,
        ratio=np.divide(o, e, out=np.full(len(o), np.nan), where=e > 0),
        shrunken=shrunken,
        shrunken_low=low,
        # Multiplied, not divided, so that events where none were expected count as infinitely many.
        is_hot=np.asarray((adjusted <= q) & (o >= fewest_events) & (o >= least_ratio * e), dtype=np.bool_),
        prior=prior,
    )


def expected_from_parent(*, parent_expected: float, exposure: float, parent_exposure: float) -> float | None:
    """Expect for a cell without history its share of what its parent expects, by exposure; None without exposure."""
    if min(parent_expected, exposure, parent_exposure) < 0 or exposure > parent_exposure:
        raise ValueError("A cell's exposure must lie between 0 and that of its parent, and expectations be 0 or more.")
    return parent_expected * exposure / parent_exposure if parent_exposure else None


def smallest_explaining(
    *, paths: Sequence[Path], observed: npt.ArrayLike, expected: npt.ArrayLike, is_hot: npt.ArrayLike, q: float = 0.05
) -> list[Path]:
    """Report each hotspot at the smallest level of the hierarchy that explains it.

    paths: (cells,) such as ("phone", "billing"), where ("phone",) is its parent; a child's events count in its parents.
    observed, expected, is_hot: (cells,) as `hotspots` takes and gives them. q: as there, for what is left of a parent.

    A hot parent gives way to its hot children when these hold at most half of what it expects and, without them, it is no
    hotspot any more; else it is reported and they are not. Returns paths in rising order. Raises ValueError.
    """
    o, e = _counts(observed, expected)
    hot = dict(zip(paths, np.asarray(is_hot, dtype=np.bool_).tolist(), strict=True))
    if len(hot) != len(o):
        raise ValueError("Each path must stand for one cell, with one observed and one expected count.")
    counts = {path: (o[at], e[at]) for at, path in enumerate(paths)}

    def explained_by(path: Path) -> list[Path]:
        children = [child for child in paths if child[:-1] == path and child != path and hot[child]]
        seen = sum(counts[child][0] for child in children)
        due = sum(counts[child][1] for child in children)
        rest, rest_due = counts[path][0] - seen, max(0.0, counts[path][1] - due)
        if not children or due > counts[path][1] / 2:
            return [path]
        p_value = float(upper_mid_p(observed=[max(0.0, rest)], expected=[rest_due])[0])
        if p_value <= q and rest >= 5 and rest >= 1.5 * rest_due:
            return [path]
        return [found for child in children for found in explained_by(child)]

    def has_hot_parent(path: Path) -> bool:
        return any(hot.get(path[:length], False) for length in range(len(path)))

    return sorted(found for path in paths if hot[path] and not has_hot_parent(path) for found in explained_by(path))
