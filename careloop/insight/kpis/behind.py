"""The exact rows behind a number: contacts, segments, cases or stretches of time, each with what it brings."""

from collections.abc import Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from careloop.insight.kpis.asking.dimensions import TIMES
from careloop.insight.kpis.asking.grouping import Labels
from careloop.insight.kpis.asking.queries import as_number, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.engine import Asked
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import (
    Cohort,
    Count,
    Distinct,
    Effects,
    Goals,
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
from careloop.insight.kpis.metric import Subject
from careloop.insight.kpis.shown import time_keys
from careloop.kernel.sentences import gettext_noop

__all__ = ["measure_behind", "rows_behind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Rows of a number with what each brings, by name of the column: numerator, denominator or value."""

    rows: ir.Table
    at: str
    figures: dict[str, ir.Value]
    span: Span | None = None


def rows_behind(asked: Asked, question: Question, *, limit: int | None = None) -> pa.Table:
    """Return the rows of which a number is made.

    limit: of the rows returned; None for all.

    Returns a table with the dimensions asked for, the ids that a row has, its instant in epoch microseconds (`at_us`) or its day
    (`on`), and what it brings to `numerator` and `denominator`, or its `value`. Rows that bring nothing are left out; their sums
    are the numerator and the denominator of the number. Raises BadQuestion for anonymous answers.
    """
    if asked.metric.subject is Subject.ANONYMOUS:
        raise BadQuestion(gettext_noop("Single answers are shown to nobody: they were given without a name."))
    return measure_behind(asked.metric.measure(question.facts, asked.options), question, limit=limit)


def measure_behind(measure: Measure, question: Question, *, limit: int | None = None) -> pa.Table:
    """Return the rows that a measure of any kind counts; columns as in `rows_behind`. Raises BadQuestion."""
    tables = [_fetched(part, question, limit) for part in _parts(measure)]
    table = pa.concat_tables(tables, promote_options="permissive")
    for name in question.by:
        values = table[f"d_{name}"].to_pylist()
        labels = Labels(values, np.arange(len(values)))
        keys = time_keys(name, labels, question.clock) if name in TIMES else values
        table = table.drop_columns([f"d_{name}"]).append_column(name, pa.array([_told(key) for key in keys]))
    ordered = [*question.by, *(name for name in table.column_names if name not in question.by)]
    return table.select(ordered).slice(0, limit)


def _told(key: object) -> object:
    return key if key is None or isinstance(key, str | int | float) else str(key)


def _fetched(part: _Part, question: Question, limit: int | None) -> pa.Table:
    ids = [name for name in part.rows.columns if name.endswith("_id")]
    columns: dict[str, ir.Value] = {f"m_{name}": part.rows[name] for name in ids}
    if f"{part.at}_us" in part.rows.columns:
        columns["m_at_us"] = part.rows[f"{part.at}_us"]
    else:
        columns["m_on"] = part.rows[part.at]
    figures = {f"m_{name}": as_number(value) for name, value in part.figures.items()}
    if part.span is not None and part.span.weight is not None:
        columns["m_weight"] = part.span.weight.cast("float64")
    placed = prepared(part.rows.mutate(**columns, **figures), question, at=part.at, span=part.span)
    if part.span is not None:
        placed = placed.mutate(**{name: placed[name] * placed.piece_s for name in figures}).drop("piece_s")
    brings = [placed[name].fill_null(0.0) != 0 for name in figures if name != "m_value"]
    if brings:
        some = brings[0]
        for other in brings[1:]:
            some = some | other
        placed = placed.filter(some)
    elif "m_value" in figures:
        placed = placed.filter(placed["m_value"].notnull())
    placed = placed.rename({name.removeprefix("m_"): name for name in placed.columns if name.startswith("m_")})
    placed = placed.order_by([name for name in ("at_us", "on", *ids) if name in placed.columns])
    return question.fetch(placed if limit is None else placed.limit(limit))


def _parts(measure: Measure) -> Iterator[_Part]:
    match measure:
        case Ratio(numerator=Sum() as x, denominator=Sum() as n) if x.at == n.at and x.rows.equals(n.rows):
            yield _Part(rows=x.rows, at=x.at, figures={"numerator": x.value, "denominator": n.value})
        case Ratio():
            for role, given in (("numerator", measure.numerator), ("denominator", measure.denominator)):
                for part in given if isinstance(given, tuple) else (given,):
                    yield _one(role, part)
        case Count(of=of):
            yield _one("numerator", of)
        case PerCell(sums=sums):
            for name, part in sums.items():
                yield _one(name, part)
        case Mean(rows=rows, value=value, at=at, where=where) | Quantile(rows=rows, value=value, at=at, where=where):
            kept = rows if where is None else rows.filter(where)
            yield _Part(rows=kept, at=at, figures={"value": value})
        case Survival(rows=rows, duration=duration, happened=happened, at=at, where=where):
            kept = rows if where is None else rows.filter(where)
            yield _Part(rows=kept.mutate(happened=happened), at=at, figures={"value": duration})
        case Distinct(rows=rows, key=key, at=at, where=where):
            kept = rows.filter(rows[key].notnull() if where is None else rows[key].notnull() & where)
            yield _Part(rows=kept, at=at, figures={})
        case Level(rows=rows, starts=starts, where=where):
            yield _Part(rows=rows if where is None else rows.filter(where), at=starts, figures={})
        case LevelShare(part=part, whole=whole):
            yield from (
                _Part(rows=each.rows, at=each.starts, figures={}) for each in (part, whole) if isinstance(each, Level)
            )
        case SurvivalAt(of=of):
            yield from _parts(of)
        case KeyShare(rows=rows, at=at, where=where, part=part):
            yield _Part(rows=rows if where is None else rows.filter(where), at=at, figures={"numerator": part})
        case Cohort(rows=rows, starts=at) | Revenue(rows=rows, starts=at) | Repeated(rows=rows, at=at):
            yield _Part(rows=rows, at=at, figures={})
        case Goals(rows=rows):
            yield _Part(rows=rows.mutate(goal=rows.target_id), at="starts_at", figures={})
        case Layered(layers=layers):
            for layer in layers.values():
                yield from (_one(name, what) for name, what in layer.sums.items())
        case Weekly(inputs=inputs):
            for each in inputs.values():
                yield from _parts(each)
        case Effects(rows=rows, value=value, at=at) | Weighed(rows=rows, value=value, at=at):
            yield _Part(rows=rows, at=at, figures={"value": value})
        case Pooled(rows=rows, at=at, where=where):
            yield _Part(rows=rows if where is None else rows.filter(where), at=at, figures={})


def _one(name: str, what: Sum | Span) -> _Part:
    if isinstance(what, Span):
        return _Part(rows=what.rows, at=what.starts, figures={name: what.where}, span=what)
    return _Part(rows=what.rows, at=what.at, figures={name: what.value})
