"""Means of weighed answers: one model of who answers for the whole question, whatever it is split by."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import scipy

from careloop.insight.kpis import intervals
from careloop.insight.kpis.asking.grouping import Grouping, Labels, column, grouping
from careloop.insight.kpis.asking.queries import as_number, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.intervals import Bounds
from careloop.insight.kpis.measures.weighing import Told, Weighed
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Bools, Floats
from careloop.insight.stats.nonresponse import answer_weights, representativeness

__all__ = ["weighed"]

Keys: TypeAlias = Mapping[str, Labels[object]]


def weighed(measure: Weighed, question: Question) -> tuple[Keys, Columns]:
    """Weigh the answers of a question, and work out the mean of each cell with its interval, customers being clusters.

    The model knows all rows of the question, so that a cell and the whole are weighed alike.
    """
    drawn, margins = _fetched(measure, question)
    cells = grouping(drawn, question.by)
    chance = column(drawn, "m_chance")
    # Null is no answer here, not 0.
    values = np.asarray(drawn["m_value"].cast(pa.float64()).to_numpy(), dtype=np.float64)
    answered = np.isfinite(values)
    traits = {name: np.array(drawn[f"m_{name}"].to_pylist(), dtype=object) for name in measure.traits}
    people = [str(one) for one in drawn["m_customer"].to_pylist()]
    weights, chances = answer_weights(
        drawn=chance,
        answered=answered,
        traits=list(traits.values()),
        people=people,
        raked_by=[traits[name] for name in measure.margins],
        margins=margins,
    )
    if measure.told is Told.REPRESENTATIVENESS:
        return cells.keys, _spread(cells, chances, 1 / chance, answered)
    found = _means(measure, cells, weights[answered], values[answered], people, answered)
    if measure.told is Told.MEAN:
        return cells.keys, found
    plain = _means(measure, cells, np.ones(int(answered.sum())), values[answered], people, answered)
    nothing = np.full(cells.cells, np.nan)
    return cells.keys, _columns(found.value - plain.value, Bounds(low=nothing, high=nothing), nothing, nothing, found.n)


def _fetched(measure: Weighed, question: Question) -> tuple[pa.Table, list[Mapping[object, float]]]:
    """Fetch who was drawn, and how often each category of the margins came among all who might have been."""
    rows = measure.rows.mutate(
        **{f"m_{name}": value for name, value in measure.traits.items()},
        m_customer=measure.rows.customer_id,
        m_chance=measure.chance.cast("float64"),
        m_value=measure.value.cast("float64"),
        m_asked=as_number(measure.is_asked),
    ).filter(measure.is_eligible)
    placed = prepared(rows, question, at=measure.at)
    table = question.fetch(placed.filter(placed.m_asked == 1.0, placed.m_chance > 0).drop("m_asked"))
    # The order of rows is not that of facts, and sums of floats follow it.
    table = table.sort_by([("m_customer", "ascending"), ("m_chance", "ascending"), ("m_value", "ascending")])
    names = [f"m_{name}" for name in measure.margins]
    counted = question.fetch(placed.group_by(names).aggregate(count=placed.count().cast("float64")))
    counts = column(counted, "count").tolist()
    margins: list[Mapping[object, float]] = []
    for name in names:
        known: dict[object, float] = {}
        for category, count in zip(counted[name].to_pylist(), counts, strict=True):
            known[category] = known.get(category, 0.0) + count
        margins.append(known)
    return table, margins


def _means(
    measure: Weighed, cells: Grouping, weights: Floats, values: Floats, people: list[str], answered: Bools
) -> Columns:
    """Hájek's means with the linearized error over customers; a share counts as so many rows as that error is worth."""
    codes = cells.codes[answered]

    def total(of: Floats) -> Floats:
        return np.bincount(codes, weights=of, minlength=cells.cells).astype(np.float64)

    n, sizes = total(np.ones(len(codes))), total(weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total(weights * values) / sizes
        whose = {one: place for place, one in enumerate(dict.fromkeys(people))}
        person = np.array([whose[one] for one, told in zip(people, answered, strict=True) if told], dtype=np.int64)
        pairs, places = np.unique(np.stack([codes, person]), axis=1, return_inverse=True)
        off = np.bincount(places.ravel(), weights=weights * (values - mean[codes]), minlength=pairs.shape[1])
        clusters = np.bincount(pairs[0], minlength=cells.cells).astype(np.float64)
        spread = np.bincount(pairs[0], weights=np.square(off), minlength=cells.cells)
        error = np.sqrt(clusters / (clusters - 1) * spread) / sizes
        kish = np.square(sizes) / total(np.square(weights))
        if measure.is_share:
            worth = np.where(error > 0, np.minimum(kish, mean * (1 - mean) / np.square(error)), kish)
            bounds = intervals.wilson(successes=mean * worth, trials=worth)
        else:
            half = scipy.special.stdtrit(np.maximum(clusters - 1, 1), 0.975) * error
            bounds = Bounds(
                low=np.where(clusters >= 2, mean - half, np.nan), high=np.where(clusters >= 2, mean + half, np.nan)
            )
    return _columns(np.where(n > 0, mean, np.nan), bounds, total(weights * values), sizes, n)


def _spread(cells: Grouping, chances: Floats, weights: Floats, answered: Bools) -> Columns:
    """Work out the R-indicator of each cell; an estimate of a model, without an interval."""
    value = np.full(cells.cells, np.nan)
    for cell in range(cells.cells):
        own = cells.codes == cell
        if own.any():
            value[cell] = representativeness(chances[own], weights[own])
    nothing = np.full(cells.cells, np.nan)
    n = np.bincount(cells.codes, minlength=cells.cells).astype(np.float64)
    told = np.bincount(cells.codes, weights=answered.astype(np.float64), minlength=cells.cells).astype(np.float64)
    return _columns(value, Bounds(low=nothing, high=nothing), told, n, n)


def _columns(value: Floats, bounds: Bounds, x: Floats, n: Floats, rows: Floats) -> Columns:
    return Columns(
        value=value,
        low=bounds.low,
        high=bounds.high,
        numerator=x,
        denominator=n,
        n=rows,
        method=np.where(np.isfinite(bounds.low), "weighted", ""),
    )
