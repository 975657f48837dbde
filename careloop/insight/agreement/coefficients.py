"""Agreement on categories: Krippendorff's alpha, Gwet's AC1 and, for whom it helps to compare, Cohen's kappa.

For rare errors kappa and alpha collapse although raters agree; AC1 does not. Report alpha and AC1 side by side, never kappa alone.
"""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import Floats

__all__ = ["Level", "cohen_kappa", "gwet_ac1", "krippendorff_alpha", "rated"]


class Level(StrEnum):
    """How far apart two ratings are: same or not, by rank, by difference, by proportion."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def rated(ratings: npt.ArrayLike) -> Floats:
    """Read ratings, (raters, units), NaN where a rater did not see a unit. Raises ValueError."""
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or np.isinf(table).any():
        raise ValueError("Ratings must be a table: a line for each rater, a column for each thing that was rated.")
    return table


def _counts(table: Floats) -> tuple[Floats, Floats]:
    """Count how often each unit with two ratings or more got each value: (values,) and (units, values)."""
    table = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    values = np.unique(table[~np.isnan(table)])
    return values, (table[:, :, None] == values).sum(axis=0).astype(np.float64)


def krippendorff_alpha(ratings: npt.ArrayLike, *, level: Level = Level.NOMINAL) -> float | None:
    """Estimate agreement beyond chance among any number of raters, some of whom may have missed some units.

    ratings: (raters, units), NaN for missing; units with one rating say nothing and are dropped.
    level: how far apart two values are; ratios need values of at least 0.

    Returns at most 1; None where nothing was rated twice, and where all ratings are the same, which shows no agreement on
    differences. Raises ValueError.
    Source: Krippendorff 2011. Check: his 4 coders and 12 units give nominal 0.743421, ordinal 0.815388, interval 0.849107.
    """
    values, counts = _counts(rated(ratings))
    if len(values) < 2:
        return None
    per_unit = counts.sum(axis=1)
    pairs = np.einsum("uc,uk->uck", counts, counts)
    pairs[:, np.arange(len(values)), np.arange(len(values))] -= counts
    coincidences = (pairs / (per_unit - 1)[:, None, None]).sum(axis=0)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    distance = _distances(values, totals, level)
    expected = float((np.outer(totals, totals) * distance).sum()) / (n * (n - 1))
    return 1 - float((coincidences * distance).sum()) / n / expected if expected > 0 else None


def _distances(values: Floats, totals: Floats, level: Level) -> Floats:
    first, second = values[:, None], values[None, :]
    match level:
        case Level.NOMINAL:
            return np.asarray(first != second, dtype=np.float64)
        case Level.INTERVAL:
            return np.square(first - second)
        case Level.RATIO:
            if (values < 0).any():
                raise ValueError("Ratings compared by proportion must be 0 or more.")
            whole = first + second
            return np.square(np.divide(first - second, whole, out=np.zeros_like(whole), where=whole > 0))
        case Level.ORDINAL:
            upto = np.cumsum(totals)
            low, high = np.minimum.outer(upto, upto), np.maximum.outer(upto, upto)
            place = np.arange(len(values))
            least = totals[np.minimum.outer(place, place)]
            between = high - low + least - (totals[:, None] + totals[None, :]) / 2
            return np.where(place[:, None] == place[None, :], 0.0, np.square(between))


def gwet_ac1(ratings: npt.ArrayLike) -> float | None:
    """Estimate agreement beyond chance on categories, where chance is only what raters could not tell apart.

    ratings: (raters, units), NaN for missing.

    Returns at most 1; None where nothing was rated twice or only one category was ever used.
    Source: Gwet 2008. Check: yes/no pairs 118, 5, 2, 0 give 0.940776.
    """
    values, counts = _counts(rated(ratings))
    if len(values) < 2:
        return None
    per_unit = counts.sum(axis=1)
    agreed = float(((counts * (counts - 1)).sum(axis=1) / (per_unit * (per_unit - 1))).mean())
    used = (counts / per_unit[:, None]).mean(axis=0)
    chance = float((used * (1 - used)).sum()) / (len(values) - 1)
    return (agreed - chance) / (1 - chance)


def cohen_kappa(first: npt.ArrayLike, second: npt.ArrayLike) -> float | None:
    """Estimate agreement beyond chance of two raters who rated the same units.

    first, second: (units,) categories. Returns None without units and where chance alone would agree on all.
    Source: Cohen 1960. Check: yes/no pairs 118, 5, 2, 0 give -0.023392.
    """
    table = rated([np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)])
    if table.shape[1] == 0:
        return None
    values = np.unique(table)
    shares = (table[:, :, None] == values).mean(axis=1)
    chance = float((shares[0] * shares[1]).sum())
    agreed = float((table[0] == table[1]).mean())
    return (agreed - chance) / (1 - chance) if chance < 1 else None
