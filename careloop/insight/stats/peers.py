"""Who stands out among peers: each against all others on the same kind of work, chance and natural spread allowed for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Bools, Floats, numbers, same_length, whole_numbers
from careloop.insight.stats.hotspots import benjamini_hochberg, upper_mid_p

__all__ = ["Apart", "apart", "spread_beyond_chance"]

# Half of all squared standard scores lie below.
MEDIAN_CHI_SQUARE = 0.454936
# Who is so far off by chance alone is no part of what is usual; up to a third of the groups, looked for in so many rounds.
SURE, ROUNDS = 1e-4, 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Apart:
    """How each group compares with the others, all arrays (groups,).

    observed: events. expected: what the others' rates on the same strata let expect; 0 where there is nobody to compare with.
    adjusted: p values after Benjamini and Hochberg. stands_out: who is further off than chance and spread explain.
    dispersion: φ of the variance E + φE² that all groups together show.
    """

    observed: Floats
    expected: Floats
    adjusted: Floats
    stands_out: Bools
    dispersion: float


def spread_beyond_chance(*, observed: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Estimate by how much groups differ by nature, not swayed by the few that stand out.

    observed, expected: (groups,) counts, expected above 0.

    Returns φ of the variance E + φE² at which the median squared standard score is that of chance; 0 where chance explains it.
    Raises ValueError. Source: moment estimator on the median, as Spiegelhalter 2005 winsorizes.
    """
    o, e = numbers("Observed counts", observed, least=0), numbers("Expected counts", expected, least=0)
    if same_length(observed=o, expected=e) == 0 or (e <= 0).any():
        raise ValueError("The spread of groups needs groups, all with something expected of them.")

    def excess(dispersion: float) -> float:
        return float(np.median(np.square(o - e) / (e + dispersion * e * e))) - MEDIAN_CHI_SQUARE

    if excess(0.0) <= 0:
        return 0.0
    upper = 1.0
    while excess(upper) > 0 and upper < 1e6:
        upper *= 4
    return float(scipy.optimize.brentq(excess, 0.0, upper)) if excess(upper) <= 0 else upper


def apart(
    *,
    groups: npt.ArrayLike,
    strata: npt.ArrayLike,
    observed: npt.ArrayLike,
    exposure: npt.ArrayLike,
    fewer: bool = False,
    q: float = 0.05,
    least_ratio: float = 2.0,
    fewest: float = 5.0,
) -> Apart:
    """Find the groups with far more events than the others on the same work, or far fewer.

    groups, strata: (rows,) codes from 0, of who and of which kind of work. observed: (rows,) events. exposure: (rows,) contacts,
    hours or whatever events come out of, at least 0.
    fewer: whether too few are looked for. q: share of false discoveries to live with. least_ratio: of observed and expected, or
    the other way round, that matters. fewest: events observed, or expected where fewer are looked for.

    Each group is held against the rate of all others in the stratum, so that it cannot hide in its own weight; a stratum that it
    has alone compares with nobody. Those far off are left out of what the others are held against, up to a third of all, so that
    several who do the same cannot hide behind each other. Raises ValueError.
    Source: Spiegelhalter 2005 (funnels with spread); Lancaster 1961 (mid-P); Benjamini and Hochberg 1995.
    """
    who, where = whole_numbers("Groups", groups), whole_numbers("Strata", strata)
    o, n = whole_numbers("Observed counts", observed).astype(np.float64), numbers("Exposures", exposure, least=0)
    if same_length(groups=who, strata=where, observed=o, exposure=n) == 0:
        return _nothing()
    shape = (int(who.max()) + 1, int(where.max()) + 1)
    events, base = np.zeros(shape), np.zeros(shape)
    np.add.at(events, (who, where), o)
    np.add.at(base, (who, where), n)
    usual = np.ones(shape[0], dtype=np.bool_)
    seen, expected = _against(events, base, usual)
    for _round in range(ROUNDS):
        beyond = _tails(seen, expected, 0.0, fewer=fewer)
        far = (expected >= least_ratio * seen) if fewer else (seen >= least_ratio * expected)
        order = np.argsort(beyond, kind="stable")[: shape[0] // 3]
        left_out = order[far[order] & (beyond[order] < SURE)]
        kept = np.ones(shape[0], dtype=np.bool_)
        kept[left_out] = False
        if (kept == usual).all():
            break
        usual = kept
        seen, expected = _against(events, base, usual)
    known = (expected > 0) & usual
    dispersion = spread_beyond_chance(observed=seen[known], expected=expected[known]) if known.any() else 0.0
    adjusted = benjamini_hochberg(_tails(seen, expected, dispersion, fewer=fewer))
    more, less = (expected, seen) if fewer else (seen, expected)
    far = (more >= fewest) & (more >= least_ratio * less)
    return Apart(
        observed=seen,
        expected=expected,
        adjusted=adjusted,
        stands_out=np.asarray(far & (adjusted <= q), dtype=np.bool_),
        dispersion=dispersion,
    )


def _against(events: Floats, base: Floats, usual: Bools) -> tuple[Floats, Floats]:
    """Hold each group, (groups, strata), against the rate of the usual ones but itself. Returns seen and expected, (groups,)."""
    own = usual[:, None]
    others = (events * own).sum(axis=0) - events * own
    rest = (base * own).sum(axis=0) - base * own
    compared = rest > 0
    expected = (np.divide(others, rest, out=np.zeros_like(base), where=compared) * base).sum(axis=1)
    return np.where(compared, events, 0.0).sum(axis=1), expected


def _tails(seen: Floats, expected: Floats, dispersion: float, *, fewer: bool) -> Floats:
    upper = upper_mid_p(observed=seen, expected=expected, dispersion=dispersion)
    return np.clip(1 - upper if fewer else upper, 0.0, 1.0)


def _nothing() -> Apart:
    none = np.zeros(0)
    return Apart(observed=none, expected=none, adjusted=none, stands_out=none.astype(np.bool_), dispersion=0.0)
