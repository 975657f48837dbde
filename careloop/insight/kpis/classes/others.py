"""Metrics that are not sums: quantiles, survival, distinct keys, levels, attained goals, pooled indices."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from careloop.insight.kpis import intervals
from careloop.insight.kpis.asking.columns import total
from careloop.insight.kpis.asking.grouping import Grouping, Labels, column, grouping, stacked
from careloop.insight.kpis.asking.queries import as_number, by_cell, prepared, scans, summed
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.classes import cohorts, effects, layering, levels, ordered, weeks, weighing
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.intervals import Bounds
from careloop.insight.kpis.measures.kinds import (
    Cohort,
    Count,
    Distinct,
    Effects,
    Finished,
    KeyShare,
    Layered,
    Level,
    LevelShare,
    Mean,
    Measure,
    PerCell,
    Pooled,
    Quantile,
    Ratio,
    Repeated,
    Revenue,
    Span,
    Sum,
    Survival,
    SurvivalAt,
    Weekly,
    Weighed,
)
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats
from careloop.kernel.sentences import gettext_noop

__all__ = ["finished", "persons"]

Keys = Mapping[str, Labels[object]]


def finished(
    measure: Measure, question: Question, by: tuple[str, ...], *, with_intervals: bool, series: str = ""
) -> tuple[Keys, Columns]:
    """Work out the cells that `by` makes: dimension to the value of each cell, and their numbers.

    series: what counts of values are called in stored cells, where they are kept.
    """
    asked = replace(question, by=by)
    match measure:
        case Quantile():
            return ordered.quantiles(measure, asked, with_intervals=with_intervals, series=series)
        case Survival():
            return ordered.survival(measure, asked)
        case SurvivalAt():
            return ordered.survival_at(measure, asked)
        case Level():
            return levels.level(measure, asked)
        case LevelShare():
            return levels.level_share(measure, asked)
        case Cohort():
            return cohorts.cohort(measure, asked)
        case Revenue():
            return cohorts.revenue(measure, asked)
        case Repeated():
            return cohorts.repeated(measure, asked)
        case Effects():
            return effects.effects(measure, asked)
        case KeyShare():
            return _key_share(measure, asked)
        case Weekly():
            return weeks.weekly(measure, asked)
        case Weighed():
            return weighing.weighed(measure, asked)
        case Layered():
            return layering.layered(measure, asked)
        case Distinct():
            return _distinct(measure, asked)
        case PerCell():
            return _per_cell(measure, asked)
        case Pooled():
            return _pooled(measure, asked)
    raise AssertionError(measure)


def _distinct(measure: Distinct, question: Question) -> tuple[Keys, Columns]:
    rows = measure.rows.mutate(m_key=measure.rows[measure.key])
    if measure.where is not None:
        rows = rows.filter(measure.where)
    placed = prepared(rows, question, at=measure.at)
    # Counted as distinct rows: what Ibis calls nunique is an estimate in some databases.
    different = placed.filter(placed.m_key.notnull()).distinct()
    table = question.fetch(by_cell(different, question.by).aggregate(n=different.count()))
    cells = grouping(table, question.by)
    count = cells.total(column(table, "n"))
    bounds = intervals.poisson(events=count)
    return cells.keys, _columns(value=count, low=bounds.low, high=bounds.high, numerator=count, n=count, method="P")


def _key_share(measure: KeyShare, question: Question) -> tuple[Keys, Columns]:
    rows = measure.rows.mutate(m_key=measure.rows[measure.key], m_part=as_number(measure.part))
    if measure.where is not None:
        rows = rows.filter(measure.where)
    placed = prepared(rows, question, at=measure.at)
    placed = placed.filter(placed.m_key.notnull())
    keys = by_cell(placed, question.by, "m_key").aggregate(m_part=placed.m_part.max())
    table = question.fetch(by_cell(keys, question.by).aggregate(x=total(keys.m_part), n=keys.count().cast("float64")))
    cells = grouping(table, question.by)
    x, n = cells.total(column(table, "x")), cells.total(column(table, "n"))
    bounds = intervals.wilson(successes=x, trials=n)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(n == 0, np.nan, x / n)
    return cells.keys, _columns(
        value=value, low=bounds.low, high=bounds.high, numerator=x, denominator=n, n=n, method="W"
    )


def _per_cell(measure: PerCell, question: Question) -> tuple[Keys, Columns]:
    inner_by = tuple(dict.fromkeys((*question.by, *measure.per)))
    asked = replace(question, by=inner_by)
    table = stacked([question.fetch(summed(scan, asked)) for scan in scans(measure.sums)])
    inner = grouping(table, inner_by)
    x_inner, n_inner = measure.finish({name: inner.total(column(table, name)) for name in measure.sums})
    outer = _coarser(inner, question.by)
    x, n = outer.total(x_inner), outer.total(n_inner)
    nothing = np.full(outer.cells, np.nan)
    bounds = intervals.wilson(successes=x, trials=n) if measure.is_share else Bounds(low=nothing, high=nothing)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(n == 0, np.nan, x / n)
    return outer.keys, _columns(
        value=value,
        low=bounds.low,
        high=bounds.high,
        numerator=x,
        denominator=n,
        n=outer.total((n_inner != 0).astype(np.float64)),
        method="W",
    )


def _coarser(fine: Grouping, by: tuple[str, ...]) -> Grouping:
    """Group cells by some of their dimensions."""
    columns = {f"d_{name}": pa.array(fine.keys[name]) for name in by}
    empty = {"d_": pa.nulls(fine.cells)}
    return grouping(pa.table(columns or empty), by)


def _pooled(measure: Pooled, question: Question) -> tuple[Keys, Columns]:
    rows = measure.rows.mutate(**{f"m_{name}": value for name, value in measure.values.items()})
    if measure.where is not None:
        rows = rows.filter(measure.where)
    placed = prepared(rows, question, at=measure.at)
    values = [f"m_{name}" for name in measure.values]
    table = question.fetch(
        by_cell(placed, question.by, *values).aggregate(count=placed.count().cast("float64"))
    ).sort_by([(name, "ascending") for name in values])
    cells = grouping(table, question.by)
    counts = column(table, "count")
    lists = {name: table[f"m_{name}"].to_pylist() for name in measure.values}
    answers: list[Finished] = []
    for cell in range(cells.cells):
        places = np.flatnonzero(cells.codes == cell)
        answers.append(
            measure.finish({name: [known[place] for place in places] for name, known in lists.items()}, counts[places])
        )

    def gathered(name: str) -> Floats:
        found = [getattr(answer, name) for answer in answers]
        return np.array([np.nan if value is None else value for value in found], dtype=np.float64)

    return cells.keys, _columns(
        value=gathered("value"),
        low=gathered("low"),
        high=gathered("high"),
        numerator=gathered("numerator"),
        denominator=gathered("denominator"),
        n=gathered("n"),
        method=measure.method,
    )


def _columns(
    *,
    value: Floats,
    low: Floats,
    high: Floats,
    numerator: Floats,
    n: Floats,
    method: str,
    denominator: Floats | None = None,
) -> Columns:
    return Columns(
        value=value,
        low=low,
        high=high,
        numerator=numerator,
        denominator=np.full(len(value), np.nan) if denominator is None else denominator,
        n=n,
        method=np.where(np.isfinite(low), method, ""),
    )


def persons(measure: Measure, question: Question) -> dict[tuple[object, ...], float]:
    """Count the persons behind the denominator of each cell."""
    part = _denominator(measure)
    if isinstance(part, Span):
        rows, at, span = part.rows.mutate(m_value=as_number(part.where)), part.starts, replace(part, weight=None)
    else:
        rows, at, span = part.rows.mutate(m_value=as_number(part.value)), part.at, None
    # Of an anonymous pulse, the token stands for the person.
    person = "respondent_token" if "respondent_token" in rows.columns else "agent_id"
    placed = prepared(rows.mutate(m_person=rows[person]), question, at=at, span=span)
    counted = placed.filter(placed.m_value != 0).drop("m_value", *(["piece_s"] if span is not None else [])).distinct()
    table = question.fetch(by_cell(counted, question.by).aggregate(persons=counted.count()))
    cells = grouping(table, question.by)
    found = cells.total(column(table, "persons")).tolist()
    return dict(zip(zip(*cells.keys.values(), strict=True) if question.by else [()], found, strict=True))


def _denominator(measure: Measure) -> Sum | Span:
    match measure:
        case Ratio(denominator=denominator):
            return denominator[0] if isinstance(denominator, tuple) else denominator
        case Count(of=of):
            return of
        case (
            Mean(rows=rows, value=value, at=at)
            | Quantile(rows=rows, value=value, at=at)
            | Effects(rows=rows, value=value, at=at)
        ):
            return Sum(rows=rows, value=value.notnull(), at=at)
        case Layered(layers=layers):
            return next(iter(next(iter(layers.values())).sums.values()))
        case KeyShare(rows=rows, key=key, at=at):
            return Sum(rows=rows, value=rows[key].notnull(), at=at)
        case Pooled(rows=rows, at=at, where=where):
            return Sum(rows=rows, value=rows[f"{at}_us"].notnull() if where is None else where, at=at)
        case (
            Survival(rows=rows, duration=duration, at=at) | SurvivalAt(of=Survival(rows=rows, duration=duration, at=at))
        ):
            return Sum(rows=rows, value=duration.notnull(), at=at)
    raise BadQuestion(gettext_noop("Nobody knows how many people stand behind these numbers."))
