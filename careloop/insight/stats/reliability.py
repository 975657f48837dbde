"""Whether the items of a scale measure one thing: Cronbach's alpha and McDonald's omega (metric D10)."""

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import Interval

__all__ = ["cronbach_alpha", "mcdonald_omega"]

STEPS = 500
TOLERANCE = 1e-10


def _items(scores: npt.ArrayLike) -> Floats:
    items = np.asarray(scores, dtype=np.float64)
    if items.ndim != 2 or not np.isfinite(items).all():
        raise ValueError(
            "Scores must be a table of finite numbers: a line for each respondent, a column for each item."
        )
    return items


def cronbach_alpha(scores: npt.ArrayLike, *, confidence: float = 0.95) -> Interval | None:
    """Estimate the reliability of a sum of items that all load alike.

    scores: (respondents, items), complete.

    Returns alpha, at most 1 and possibly negative, with its exact interval under normality; None with fewer than two items or
    three respondents, or where no sum differs from another. Raises ValueError.
    Source: Cronbach 1951; Feldt 1965 for the interval.
    """
    items = _items(scores)
    n, k = items.shape
    if k < 2 or n < 3:
        return None
    whole = float(items.sum(axis=1).var(ddof=1))
    if whole == 0:
        return None
    alpha = k / (k - 1) * (1 - float(items.var(axis=0, ddof=1).sum()) / whole)
    tail = (1 - confidence) / 2
    degrees = (n - 1, (n - 1) * (k - 1))
    return Interval(
        estimate=alpha,
        low=1 - (1 - alpha) * float(scipy.special.fdtri(*degrees, 1 - tail)),
        high=1 - (1 - alpha) * float(scipy.special.fdtri(*degrees, tail)),
    )


def mcdonald_omega(scores: npt.ArrayLike) -> float | None:
    """Estimate the reliability of a sum of items that load on one factor, each in its own way.

    scores: (respondents, items), complete.

    Returns (Σλ)² over the variance of the sum, from one principal factor; None with fewer than three items or respondents, or
    where an item never differs. Raises ValueError.
    Source: McDonald 1999; principal axis factoring.
    """
    items = _items(scores)
    n, k = items.shape
    spread = items.std(axis=0, ddof=1) if n > 1 else np.zeros(k)
    if k < 3 or n < 3 or (spread == 0).any():
        return None
    correlations = np.asarray(np.corrcoef(items, rowvar=False), dtype=np.float64).reshape(k, k)
    shared = np.full(k, float(np.abs(correlations - np.eye(k)).max()))
    loadings = np.sqrt(shared)
    for _step in range(STEPS):
        reduced = correlations.copy()
        np.fill_diagonal(reduced, shared)
        values, vectors = np.linalg.eigh(reduced)
        loadings = vectors[:, -1] * np.sqrt(max(0.0, float(values[-1])))
        moved = np.minimum(loadings**2, 1.0)
        if np.abs(moved - shared).max() < TOLERANCE:
            break
        shared = moved
    loadings = loadings * spread
    unique = np.maximum(0.0, spread**2 - loadings**2)
    common = float(loadings.sum()) ** 2
    return common / (common + float(unique.sum()))
