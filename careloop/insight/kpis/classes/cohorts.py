"""Who was there when a stretch of time began, and what became of them: churn, retention, revenue, repeated purchases.

Each bucket of time is a question of its own, since who was there at its start is known only there; so nothing is added up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from careloop.insight.kpis import intervals
from careloop.insight.kpis.asking.columns import total, whole
from careloop.insight.kpis.asking.dimensions import TIMES
from careloop.insight.kpis.asking.grouping import Labels, column, grouping
from careloop.insight.kpis.asking.queries import by_cell, is_day, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import micros
from careloop.insight.kpis.classes.levels import instants
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.intervals import Bounds
from careloop.insight.kpis.measures.kinds import Cohort, Repeated, Revenue
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats, Ints
from careloop.kernel.sentences import gettext_noop

__all__ = ["cohort", "repeated", "revenue"]

Keys: TypeAlias = Mapping[str, Labels[object]]
YEAR_DAYS = 365.2425


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """One bucket of time. key: the whole seconds by which it is grouped. starts, ends: the part of it that was asked for."""

    key: int
    starts: datetime
    ends: datetime


def _stretches(question: Question) -> tuple[list[str], list[_Stretch]]:
    times = [name for name in question.by if name in TIMES]
    if len(times) > 1 or any(TIMES[name].is_recurring for name in times):
        raise BadQuestion(
            gettext_noop("Who stayed and who left is asked of days, weeks or months: choose one of them.")
        )
    if question.since is None:
        raise BadQuestion(gettext_noop("Who stayed and who left needs a period: say from when."))
    found = instants(question, times[0] if times else None)
    starts = [question.since, *(end for _key, end in found[:-1])]
    return times, [
        _Stretch(key=key, starts=start, ends=end)
        for (key, end), start in zip(found, starts, strict=True)
        if start < end
    ]


def _gathered(question: Question, ask: Callable[[Question, _Stretch], ir.Table]) -> pa.Table:
    """Ask about each stretch, and put the answers under each other."""
    times, stretches = _stretches(question)
    rest = replace(question, by=tuple(name for name in question.by if name not in TIMES), since=None, until=None)
    tables = []
    for stretch in stretches:
        table = question.fetch(ask(rest, stretch))
        days = (stretch.ends - stretch.starts) / timedelta(days=1)
        table = table.append_column("days", pa.array([days] * table.num_rows, pa.float64()))
        if times:
            table = table.append_column(f"d_{times[0]}", pa.array([stretch.key] * table.num_rows, pa.int64()))
        tables.append(table)
    if not tables:
        raise BadQuestion(gettext_noop("Nothing is known of this period yet."))
    return pa.concat_tables(tables)


def _edge(rows: ir.Table, name: str, moment: datetime, question: Question) -> tuple[ir.Value, ir.Value]:
    """Return a column and the moment to compare it with: instants in microseconds, calendar days as days there."""
    if not is_day(rows, name):
        return whole(rows, f"{name}_us"), ibis.literal(micros(moment), type="int64")
    return rows[name], ibis.date(question.clock.date_at(moment))


def _there(
    rows: ir.Table, starts: str, ends: str, moment: datetime, question: Question
) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Say who had come before a moment, and who had left by then: at the end of their last day."""
    start, at = _edge(rows, starts, moment, question)
    end, _at = _edge(rows, ends, moment, question)
    return (start < at).fill_null(False), (end <= at).fill_null(False)


def cohort(measure: Cohort, question: Question) -> tuple[Keys, Columns]:
    """Count those there at the start of each stretch and those of them who left in it, or stayed."""

    def ask(rest: Question, stretch: _Stretch) -> ir.Table:
        rows = measure.rows
        had_come, was_gone = _there(rows, measure.starts, measure.ends, stretch.starts, question)
        _had_come, is_gone = _there(rows, measure.starts, measure.ends, stretch.ends, question)
        was_there = had_come & ~was_gone
        meant = ~is_gone if measure.stayed else is_gone
        if measure.counts is not None:
            meant = meant & measure.counts
        rows = rows.mutate(m_x=(was_there & meant).ifelse(1.0, 0.0), m_n=was_there.ifelse(1.0, 0.0))
        placed = prepared(rows, rest, at=measure.starts)
        return by_cell(placed, rest.by).aggregate(x=total(placed.m_x), n=total(placed.m_n))

    table = _gathered(question, ask)
    cells = grouping(table, question.by)
    x, n = (cells.total(column(table, name)) for name in ("x", "n"))
    bounds = intervals.wilson(successes=x, trials=n)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(n > 0, x / n, np.nan)
    if measure.per_year:
        times = YEAR_DAYS / np.maximum(
            cells.total(column(table, "days")) / _rows_per_cell(cells.codes, cells.cells), 1e-9
        )
        if "month" in question.by:
            times = np.full(cells.cells, 12.0)
        value = 1 - (1 - value) ** times
        bounds = Bounds(low=1 - (1 - bounds.low) ** times, high=1 - (1 - bounds.high) ** times)
    return cells.keys, _columns(value, bounds, x, n, n, "W")


def _rows_per_cell(codes: Ints, cells: int) -> Floats:
    return np.maximum(1.0, np.bincount(codes, minlength=cells).astype(np.float64))


def revenue(measure: Revenue, question: Question) -> tuple[Keys, Columns]:
    """Compare each customer's recurring revenue at the start and at the end of each stretch.

    The interval is that of a ratio of sums over customers, linearized: what drawing customers again comes to, in one pass.
    Revenue in several currencies is not added up: such a cell has no number. Source: Cochran 1977.
    """

    def ask(rest: Question, stretch: _Stretch) -> ir.Table:
        rows = measure.rows
        amount = measure.amount.cast("float64")
        figures: dict[str, ir.Value] = {"m_key": rows[measure.key], "m_currency": measure.currency}
        for name, moment in (("m_before", stretch.starts), ("m_after", stretch.ends)):
            had_come, was_gone = _there(rows, measure.starts, measure.ends, moment, question)
            figures[name] = (had_come & ~was_gone).ifelse(amount, 0.0)
        placed = prepared(rows.mutate(**figures), rest, at=measure.starts)
        whose = by_cell(placed, rest.by, "m_key").aggregate(
            before=total(placed.m_before),
            after=total(placed.m_after),
            first=placed.m_currency.min(),
            last=placed.m_currency.max(),
        )
        whose = whose.filter(whose.before > 0)
        lost = ibis.greatest(whose.before - whose.after, ibis.literal(0.0))
        whose = whose.mutate(x=whose.after if measure.is_net else lost)
        return by_cell(whose, rest.by).aggregate(
            x=total(whose.x),
            n=total(whose.before),
            xx=total(whose.x * whose.x),
            xn=total(whose.x * whose.before),
            nn=total(whose.before * whose.before),
            customers=whose.count().cast("float64"),
            currencies=((whose["first"].min() == whose["last"].max()).ifelse(1.0, 2.0)),
        )

    table = _gathered(question, ask)
    cells = grouping(table, question.by)
    sums = {name: cells.total(column(table, name)) for name in ("x", "n", "xx", "xn", "nn", "customers")}
    x, n, customers = sums["x"], sums["n"], sums["customers"]
    mixed = cells.total((column(table, "currencies") > 1).astype(np.float64)) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where((n > 0) & ~mixed, x / n, np.nan)
    bounds = intervals.linearized(x=x, n=n, xx=sums["xx"], xn=sums["xn"], nn=sums["nn"], clusters=customers)
    bounds = Bounds(low=np.where(mixed, np.nan, bounds.low), high=np.where(mixed, np.nan, bounds.high))
    return cells.keys, _columns(value, bounds, x, n, customers, "linearized")


def repeated(measure: Repeated, question: Question) -> tuple[Keys, Columns]:
    """Count keys with one row and with several in each stretch, among those watched from its start to its end."""
    known = question.facts.watermark()

    def ask(rest: Question, stretch: _Stretch) -> ir.Table:
        rows = measure.rows
        at = whole(rows, f"{measure.at}_us")
        starts, ends = micros(stretch.starts), micros(stretch.ends)
        watched = (whole(rows, f"{measure.since}_us") <= starts) & (
            whole(rows, f"{measure.until}_us").fill_null(2**62) >= ends
        )
        rows = rows.filter(at >= starts, at < ends, watched)
        if known is not None and known < stretch.ends:
            rows = rows.limit(0)
        placed = prepared(rows.mutate(m_key=rows[measure.key]), rest, at=measure.at)
        keys = by_cell(placed, rest.by, "m_key").aggregate(times=placed.count())
        return by_cell(keys, rest.by).aggregate(
            x=total((keys.times >= measure.least).ifelse(1.0, 0.0)), n=keys.count().cast("float64")
        )

    table = _gathered(question, ask)
    cells = grouping(table, question.by)
    x, n = (cells.total(column(table, name)) for name in ("x", "n"))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(n > 0, x / n, np.nan)
    return cells.keys, _columns(value, intervals.wilson(successes=x, trials=n), x, n, n, "W")


def _columns(value: Floats, bounds: Bounds, x: Floats, n: Floats, rows: Floats, method: str) -> Columns:
    return Columns(
        value=value,
        low=bounds.low,
        high=bounds.high,
        numerator=x,
        denominator=n,
        n=rows,
        method=np.where(np.isfinite(bounds.low), method, ""),
    )
