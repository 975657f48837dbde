"""Who judges more severely than others, from contacts that several people judged (metrics.md §3.6)."""

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Floats, numbers, same_length
from careloop.insight.stats.intervals import Interval

__all__ = ["evaluator_biases"]


def evaluator_biases(
    *, contacts: npt.ArrayLike, evaluators: npt.ArrayLike, scores: npt.ArrayLike, confidence: float = 0.95
) -> dict[str, Interval]:
    """Estimate how far each evaluator's scores lie above or below those of all, on the same contacts.

    contacts, evaluators: (n,) names. scores: (n,) one for each; contacts judged by one evaluator say nothing and are dropped.

    Scores are taken as contact + evaluator + error and fitted by least squares; effects add up to 0. Returns an effect with its
    interval by evaluator; empty where evaluators do not all hang together through shared contacts, since then nobody can tell
    severe evaluators from bad contacts. Without a degree of freedom left the ends are NaN. Raises ValueError.
    """
    y = numbers("Scores", scores)
    whose, what = np.asarray(evaluators, dtype=str), np.asarray(contacts, dtype=str)
    same_length(scores=y, evaluators=whose, contacts=what)
    names, unit = np.unique(what, return_inverse=True)
    pairs = np.unique(np.column_stack([unit, np.unique(whose, return_inverse=True)[1]]), axis=0)
    kept = np.bincount(pairs[:, 0], minlength=len(names))[unit] >= 2 if len(y) else np.zeros(0, dtype=np.bool_)
    y, whose, what = y[kept], whose[kept], what[kept]
    people, rater = np.unique(whose, return_inverse=True)
    if len(people) < 2:
        return {}
    units, unit = np.unique(what, return_inverse=True)
    # Contacts are swept out first, so that the equations are as many as evaluators, not as contacts.
    seen = np.zeros((len(units), len(people)))
    np.add.at(seen, (unit, rater), 1.0)
    per_unit = seen.sum(axis=1)
    normal = np.diag(seen.sum(axis=0)) - (seen / per_unit[:, None]).T @ seen
    means = np.bincount(unit, weights=y) / per_unit
    right = np.bincount(rater, weights=y - means[unit], minlength=len(people))
    if np.linalg.matrix_rank(normal) < len(people) - 1:
        return {}
    inverse = np.linalg.pinv(normal, hermitian=True)
    effects: Floats = inverse @ right
    effects = effects - effects.mean()
    levels = np.bincount(unit, weights=y - effects[rater]) / per_unit
    degrees = len(y) - len(units) - (len(people) - 1)
    half = np.full(len(people), np.nan)
    if degrees > 0:
        error = float(np.square(y - levels[unit] - effects[rater]).sum()) / degrees
        half = float(scipy.special.stdtrit(degrees, (1 + confidence) / 2)) * np.sqrt(
            np.maximum(0.0, np.diag(inverse)) * error
        )
    return {
        str(name): Interval(estimate=float(effect), low=float(effect - width), high=float(effect + width))
        for name, effect, width in zip(people, effects, half, strict=True)
    }
