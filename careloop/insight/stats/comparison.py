"""Fair comparison of agents and teams: shrinkage, classes and ranks with their doubt, funnels (metrics.md §3.11).

What each agent is compared with comes in as an expected value per case mix, from a model that knows no agents (cross-fitted
elsewhere) or from `expected_within`. Greater is better: hand in failures with their sign turned.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Bools, Floats, normal_quantile, numbers, same_length, whole_numbers

__all__ = [
    "FEWEST_CONTACTS",
    "Comparison",
    "Funnel",
    "Position",
    "Ranks",
    "compare",
    "expected_ranks",
    "expected_within",
    "funnel",
    "overdispersion",
    "paule_mandel",
    "shrunken_shares",
]

FEWEST_CONTACTS = 30


class Position(StrEnum):
    """Where somebody stands against everybody, as far as the numbers can tell."""

    BETTER = "better"
    WORSE = "worse"
    NOT_DISTINGUISHABLE = "not_distinguishable"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Shrunken differences from what was expected, all arrays (agents,), in the unit of the outcome per contact.

    between_variance: τ², how far agents truly differ. center: μ, the precision-weighted mean difference. shrinkage: B, how much
    of an agent's own figure counts, 0 to 1. difference: θ; add it to the overall value for the adjusted score. sd: of θ.
    low, high: ends of its interval. positions: one per agent. listed: who has enough contacts to be shown.
    """

    between_variance: float
    center: float
    shrinkage: Floats
    difference: Floats
    sd: Floats
    low: Floats
    high: Floats
    positions: tuple[Position, ...]
    listed: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranks:
    """Expected ranks, 1 the best, with the ends of their 95 % ranges; all arrays (agents,)."""

    expected: Floats
    low: Floats
    high: Floats
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Funnel:
    """Limits around the expected value, all arrays (agents,), for |difference| per contact; φ is the overdispersion used."""

    difference: Floats
    warning: Floats
    alarm: Floats
    overdispersion: float


def _measured(
    observed: npt.ArrayLike, expected: npt.ArrayLike, variance: npt.ArrayLike, contacts: npt.ArrayLike
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Turn O, E and V into the difference per contact r and its variance v."""
    o, e = numbers("Observed outcomes", observed), numbers("Expected outcomes", expected)
    v, n = numbers("Variances", variance), whole_numbers("Contacts", contacts, least=1)
    same_length(observed=o, expected=e, variance=v, contacts=n)
    if len(o) == 0:
        raise ValueError("There is nobody to compare.")
    if (v <= 0).any():
        raise ValueError("Variances must be above 0; leave out who has nothing that could have gone either way.")
    return (o - e) / n, v / np.square(n), n


def paule_mandel(*, differences: npt.ArrayLike, variances: npt.ArrayLike) -> tuple[float, float]:
    """Estimate how far groups truly differ, and around what.

    differences: (k,) one estimate per group. variances: (k,) its sampling variance, above 0.

    Returns τ² (0 when chance explains all spread, and for one group) and the precision-weighted mean μ. Raises ValueError.
    Source: Paule and Mandel 1982: Σ (r - μ)² / (v + τ²) = k - 1.
    """
    r, v = numbers("Differences", differences), numbers("Variances", variances)
    groups = same_length(differences=r, variances=v)
    if groups == 0 or (v <= 0).any():
        raise ValueError("There must be at least one group, and variances above 0.")

    def center(between: float) -> float:
        weights = 1 / (v + between)
        return float(weights @ r / weights.sum())

    def excess(between: float) -> float:
        return float((np.square(r - center(between)) / (v + between)).sum()) - (groups - 1)

    if groups == 1 or excess(0.0) <= 0:
        return 0.0, center(0.0)
    upper = float(v.max())
    while excess(upper) > 0:
        upper *= 2
    between = float(scipy.optimize.brentq(excess, 0.0, upper, xtol=1e-16, rtol=1e-12))
    return between, center(between)


def shrunken_shares(*, successes: npt.ArrayLike, trials: npt.ArrayLike) -> Floats:
    """Pull shares towards what they have in common, those of few trials most.

    successes, trials: (groups,), trials above 0.

    Returns (groups,). Where all or none succeeded nothing differs, and nothing is shrunk. Raises ValueError.
    Source: Morris 1983; Paule and Mandel 1982; metrics.md §3.11.
    """
    x, n = numbers("Successes", successes, least=0), numbers("Trials", trials, least=0)
    if same_length(successes=x, trials=n) == 0 or (n <= 0).any() or (x > n).any():
        raise ValueError("There must be groups, each with trials and no more successes than those.")
    share = float(x.sum() / n.sum())
    if share in (0.0, 1.0):
        return np.full(len(x), share)
    own, variance = x / n, share * (1 - share) / n
    between, center = paule_mandel(differences=own, variances=variance)
    return np.asarray(center + between / (between + variance) * (own - center), dtype=np.float64)


def compare(
    *,
    observed: npt.ArrayLike,
    expected: npt.ArrayLike,
    variance: npt.ArrayLike,
    contacts: npt.ArrayLike,
    overdispersion: float = 1.0,
    confidence: float = 0.95,
) -> Comparison:
    """Compare agents or teams by how far they lie from what their case mix lets expect.

    observed: (agents,) O, the sum of outcomes, such as solved contacts.
    expected: (agents,) E, the sum of what the case mix alone predicts.
    variance: (agents,) V, the variance of O given the case mix, Σ p(1 - p) for shares, above 0.
    contacts: (agents,) n, at least 1. Below 30 an agent is not listed, but everybody counts in τ².
    overdispersion: factor on V, at least 1; see `overdispersion`.
    confidence: of intervals and classes: better when P(θ > 0) reaches 0.975 at 0.95, worse when P(θ < 0) does.

    Where τ² is 0 chance explains everything and nobody is distinguishable. Raises ValueError.
    Source: Morris 1983; Paule and Mandel 1982.
    """
    r, v, n = _measured(observed, expected, variance, contacts)
    z = normal_quantile(confidence)
    if not (np.isfinite(overdispersion) and overdispersion >= 1):
        raise ValueError(f"The overdispersion must be 1 or more, not {overdispersion:g}.")
    v = v * overdispersion
    between, center = paule_mandel(differences=r, variances=v)
    shrinkage = between / (between + v)
    difference = center + shrinkage * (r - center)
    sd = np.sqrt(between * v / (between + v))
    low, high = difference - z * sd, difference + z * sd

    def position(lowest: float, highest: float) -> Position:
        if between == 0 or lowest < 0 < highest:
            return Position.NOT_DISTINGUISHABLE
        return Position.BETTER if lowest >= 0 else Position.WORSE

    return Comparison(
        between_variance=between,
        center=center,
        shrinkage=shrinkage,
        difference=difference,
        sd=sd,
        low=low,
        high=high,
        positions=tuple(position(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)),
        listed=n >= FEWEST_CONTACTS,
    )


def expected_ranks(comparison: Comparison, *, seed: int, draws: int = 4_000) -> Ranks:
    """Say what rank each agent may hold, for whoever insists on ranks.

    comparison: of all agents. seed: of the draws behind the ranges, stored with the result. draws: at least 100.

    Returns expected ranks, worked out exactly from the pairs, and 95 % ranges from draws. When chance explains all spread, all
    share one expected rank and the whole range. Raises ValueError. Source: Goldstein and Spiegelhalter 1996.
    """
    if draws < 100:
        raise ValueError(f"Ranges need at least 100 draws, not {draws}.")
    theta, sd = comparison.difference, comparison.sd
    if comparison.between_variance == 0:
        theta, sd = np.zeros_like(theta), np.ones_like(sd)
    beaten = scipy.special.ndtr((theta[None, :] - theta[:, None]) / np.hypot(sd[None, :], sd[:, None]))
    drawn = np.random.default_rng(seed).normal(theta, sd, size=(draws, len(theta)))
    places = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(places, [0.025, 0.975], axis=0, method="inverted_cdf")
    # Everybody is counted once against themselves, as one half.
    return Ranks(expected=0.5 + beaten.sum(axis=1), low=low, high=high, seed=seed)


def overdispersion(scores: npt.ArrayLike, *, trimmed: float = 0.1) -> float:
    """Estimate by how much agents spread beyond chance, not swayed by the few at either end.

    scores: (agents,) differences in standard errors. trimmed: share at each end that is pulled in to the rest, below 0.5.

    Returns φ, at least 1. Raises ValueError. Source: Spiegelhalter 2005, winsorized.
    """
    z = numbers("Scores", scores)
    if len(z) == 0 or not 0 <= trimmed < 0.5:
        raise ValueError("Overdispersion needs scores, and a trimmed share from 0 to below 0.5.")
    low, high = np.quantile(z, [trimmed, 1 - trimmed])
    return max(1.0, float(np.square(np.clip(z, low, high)).mean()))


def funnel(
    *, observed: npt.ArrayLike, expected: npt.ArrayLike, variance: npt.ArrayLike, contacts: npt.ArrayLike
) -> Funnel:
    """Draw a funnel around what was expected, widened by the overdispersion that all agents show.

    The arguments as in `compare`. Returns differences per contact with two- and three-sigma limits. Raises ValueError.
    Source: Spiegelhalter 2005, multiplicative.
    """
    r, v, _ = _measured(observed, expected, variance, contacts)
    factor = overdispersion(r / np.sqrt(v))
    sigma = np.sqrt(v * factor)
    return Funnel(difference=r, warning=2 * sigma, alarm=3 * sigma, overdispersion=factor)


def expected_within(
    *, agents: npt.ArrayLike, strata: npt.ArrayLike, successes: npt.ArrayLike, contacts: npt.ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Expect of each agent what everybody reached in the same interval and queue: the check on shift and assignment bias.

    agents, strata: (rows,) whole numbers from 0, codes of agent and of interval × queue.
    successes, contacts: (rows,) whole numbers.

    Returns O, E, V and n, each (agents,), for `compare`; strata that one agent served alone compare with nobody and bring no
    variance, so leave out agents whose V is 0. Raises ValueError. Source: fixed effects; Mantel and Haenszel 1959 for V.
    """
    who, where = whole_numbers("Agents", agents), whole_numbers("Strata", strata)
    x, n = whole_numbers("Successes", successes), whole_numbers("Contacts", contacts)
    if same_length(agents=who, strata=where, successes=x, contacts=n) == 0 or (x > n).any():
        raise ValueError("There must be rows, none with more successes than contacts.")
    shape = (int(who.max()) + 1, int(where.max()) + 1)
    solved, all_contacts = np.zeros(shape), np.zeros(shape)
    np.add.at(solved, (who, where), x)
    np.add.at(all_contacts, (who, where), n)
    total = all_contacts.sum(axis=0)
    share = np.divide(solved.sum(axis=0), total, out=np.zeros(shape[1]), where=total > 0)
    # Given the stratum's successes an agent's are hypergeometric.
    rest = np.divide(total - all_contacts, total - 1, out=np.zeros(shape), where=total > 1)
    variance = (all_contacts * share * (1 - share) * rest).sum(axis=1)
    return solved.sum(axis=1), all_contacts @ share, variance, all_contacts.sum(axis=1)
