"""Weights for surveys that not everybody answers: who would have answered, and what the silent would weigh (metrics.md §3.8).

Everything here knows rows only: who was drawn with which chance, who answered, and what is known of both.
"""

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import Bools, Floats, Ints

__all__ = ["answer_weights", "chances_of_answering", "raked", "representativeness", "trimmed"]

FOLDS = 5
CLASSES = 5
# Fewer who answered, or who did not, tell nothing about what answering depends on: then all are taken as equally likely to.
FEWEST_EACH = 30
# A category with fewer answers would get weights that stand for one person.
FEWEST_IN_CATEGORY = 5
# Keeps a trait that only the silent have from being certain silence; of the size of one row.
PENALTY = 1.0
MOST_TIMES = 10.0
ROUNDS = 100


def chances_of_answering(
    *, traits: Sequence[npt.NDArray[np.object_]], answered: Bools, people: Sequence[str], weights: Floats
) -> Floats:
    """Estimate how likely each drawn person was to answer, from people other than that one.

    traits: columns (n,) of categories; None is a category of its own. answered: (n,). weights: (n,) 1 over the chance of being
    drawn. people: (n,) whose row it is; all rows of a person are in the same fold.

    Returns (n,) above 0 and below 1: logistic regression on the categories, each fifth predicted by the other four; or the same
    share for all where fewer than 30 answered or fewer than 30 did not. Of nobody it is empty.
    Source: Rosenbaum and Rubin 1983; ridge penalty after Le Cessie and Van Houwelingen 1992.
    """
    count = len(answered)
    common = np.full(count, float(weights @ answered) / float(weights.sum()) if count else 0.0)
    if min(int(answered.sum()), int((~answered).sum())) < FEWEST_EACH:
        return common
    design = _dummies(traits, count)
    folds = np.array([int.from_bytes(blake2b(one.encode(), digest_size=4).digest()) % FOLDS for one in people])
    chances = common
    for fold in range(FOLDS):
        held = folds == fold
        rest = ~held
        if held.any() and answered[rest].any() and not answered[rest].all():
            chances[held] = _logistic(design[held] @ _fitted(design[rest], answered[rest]))
    return chances


def _dummies(traits: Sequence[npt.NDArray[np.object_]], count: int) -> Floats:
    """Write categories as columns of 0 and 1 beside a constant, leaving out the first of each trait."""
    columns = [np.ones(count)]
    for trait in traits:
        names = np.array(["" if one is None else f"={one}" for one in trait])
        columns += [(names == name).astype(np.float64) for name in np.unique(names)[1:]]
    return np.column_stack(columns)


def _logistic(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), dtype=np.float64)


def _fitted(design: Floats, answered: Bools) -> Floats:
    """Fit a logistic regression with a ridge on all but the constant, by Newton's steps. Equal rows are counted together."""
    rows, places = np.unique(design, axis=0, return_inverse=True)
    n = np.bincount(places.ravel(), minlength=len(rows)).astype(np.float64)
    x = np.bincount(places.ravel(), weights=answered.astype(np.float64), minlength=len(rows))
    ridge = np.full(rows.shape[1], PENALTY)
    ridge[0] = 1e-9
    beta = np.zeros(rows.shape[1])
    for _round in range(ROUNDS):
        chance = _logistic(rows @ beta)
        gradient = rows.T @ (x - n * chance) - ridge * beta
        curvature = (rows.T * (n * chance * (1 - chance))) @ rows + np.diag(ridge)
        step = np.linalg.solve(curvature, gradient)
        # A long step of Newton's may overshoot; a bounded one gets there all the same, the likelihood having one top.
        beta = beta + step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-10:
            break
    return beta


def _shares_of_classes(chances: Floats, answered: Bools, weights: Floats) -> Floats:
    """Sort people into fifths by their chance, and return the share of each one's fifth that answered.

    A fifth in which nobody answered is joined to the next likelier one, so that somebody stands for its silent people.
    """
    edges = np.quantile(chances, np.arange(1, CLASSES) / CLASSES, method="inverted_cdf")
    classes = np.searchsorted(np.unique(edges), chances, side="left")
    for lowest in range(int(classes.max()), 0, -1):
        if not answered[classes == lowest].any():
            classes[classes == lowest] = lowest - 1
    for lowest in range(int(classes.max())):
        if not answered[classes == lowest].any():
            classes[classes == lowest] = lowest + 1
    whole = np.bincount(classes, weights=weights)
    told = np.bincount(classes, weights=weights * answered)
    return np.asarray((told / np.where(whole > 0, whole, 1.0))[classes], dtype=np.float64)


def trimmed(weights: Floats) -> Floats:
    """Let no weight count for more than ten times the median. weights: (n,) above 0."""
    return np.minimum(weights, MOST_TIMES * float(np.median(weights))) if len(weights) else weights


def raked(
    weights: Floats, *, traits: Sequence[npt.NDArray[np.object_]], margins: Sequence[Mapping[object, float]]
) -> Floats:
    """Scale weights until each trait is spread over categories as it is known to be.

    weights: (n,) of those who answered. traits: columns (n,). margins: of each trait, category to how many there are.

    Categories with fewer than five answers count as one, for which the others stand in. Returns (n,), adding up to what
    the margins add up to. Source: Deming and Stephan 1940.
    """
    if not len(weights):
        return weights
    prepared = [_targets(trait, known) for trait, known in zip(traits, margins, strict=True)]
    for _round in range(ROUNDS):
        before = weights
        for codes, target in prepared:
            has = np.bincount(codes, weights=weights, minlength=len(target))
            weights = weights * (target / has)[codes]
        if np.allclose(weights, before, rtol=1e-10, atol=0):
            break
    return weights


def _targets(trait: npt.NDArray[np.object_], known: Mapping[object, float]) -> tuple[Ints, Floats]:
    """Return the category of each row and how many each should come to; small ones, and those nobody answered for, as one."""
    counts: dict[object, int] = {}
    for one in trait:
        counts[one] = counts.get(one, 0) + 1
    large = sorted((one for one, count in counts.items() if count >= FEWEST_IN_CATEGORY), key=str)
    places = {one: place for place, one in enumerate(large)}
    codes = np.array([places.get(one, len(large)) for one in trait], dtype=np.int64)
    target = [known.get(one, 0.0) for one in large]
    rest = sum(known.values()) - sum(target)
    if (codes == len(large)).any():
        target.append(rest)
    else:
        # Nobody stands for the rest: those who answered stand for all.
        whole = sum(target)
        target = [one * (whole + rest) / whole if whole else 0.0 for one in target]
    return codes, np.array(target, dtype=np.float64)


def answer_weights(
    *,
    drawn: Floats,
    answered: Bools,
    traits: Sequence[npt.NDArray[np.object_]],
    people: Sequence[str],
    raked_by: Sequence[npt.NDArray[np.object_]] = (),
    margins: Sequence[Mapping[object, float]] = (),
) -> tuple[Floats, Floats]:
    """Weigh those who answered so that they stand for all who might have been asked.

    drawn: (n,) chance of being drawn, above 0. raked_by: columns (n,) whose spread over all who might have been asked is known,
    as margins say. The rest as in `chances_of_answering`.

    Returns weights (n,), 0 of the silent: one over the chance of being drawn times the share of the fifth that answered, trimmed
    at ten times the median, raked; and the chances of answering (n,).
    Source: Horvitz and Thompson 1952; Little 1986 for classes; Hájek 1971 for their use.
    """
    base = 1 / drawn
    chances = chances_of_answering(traits=traits, answered=answered, people=people, weights=base)
    weights = np.zeros(len(drawn))
    if not answered.any():
        return weights, chances
    shares = _shares_of_classes(chances, answered, base)
    own = trimmed(base[answered] / shares[answered])
    weights[answered] = raked(own, traits=[column[answered] for column in raked_by], margins=margins)
    return weights, chances


def representativeness(chances: Floats, weights: Floats) -> float:
    """Say how alike all were in their chance of answering: 1 where everybody was as likely to, 0 at worst.

    chances: (n,). weights: (n,) 1 over the chance of being drawn. Source: the R-indicator of Schouten, Cobben and Bethlehem 2009.
    """
    mean = float(weights @ chances) / float(weights.sum())
    spread = float(weights @ np.square(chances - mean)) / float(weights.sum())
    return 1 - 2 * math.sqrt(spread)
