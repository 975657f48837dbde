"""How many spans are open at an instant (class G): what began before, less what ended before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa

from careloop.insight.kpis import intervals
from careloop.insight.kpis.asking.columns import total, whole
from careloop.insight.kpis.asking.dimensions import TIMES
from careloop.insight.kpis.asking.grouping import Labels, column, grouping, stacked
from careloop.insight.kpis.asking.queries import by_cell, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import micros
from careloop.insight.kpis.classes.ordered import quantile_columns
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Level, LevelShare
from careloop.insight.kpis.results import Columns
from careloop.kernel.sentences import gettext_noop

__all__ = ["instants", "level", "level_share"]

Keys = Mapping[str, Labels[object]]
MOST_INSTANTS = 2_000
MINUTES = {"quarter_hour": 15, "half_hour": 30, "hour": 60}


def level(measure: Level, question: Question) -> tuple[Keys, Columns]:
    """Count what is open at the end of each bucket of time, or of the period; or read a quantile of its ages."""
    if measure.age_share is not None:
        table = _at_instants(measure, question, by_age=True)
        cells = grouping(table, question.by)
        ages, counts = column(table, "m_age"), column(table, "n")
        return cells.keys, quantile_columns(cells, None, ages, counts, measure.age_share)
    table = _at_instants(measure, question)
    cells = grouping(table, question.by)
    count = cells.total(column(table, "n"))
    bounds = intervals.poisson(events=count)
    return cells.keys, Columns(
        value=count,
        low=bounds.low,
        high=bounds.high,
        numerator=count,
        denominator=np.full(cells.cells, np.nan),
        n=count,
        method=np.full(cells.cells, "P"),
    )


def level_share(measure: LevelShare, question: Question) -> tuple[Keys, Columns]:
    """Divide what is open of one kind by all that is open; an inventory, so without an interval."""
    part = _at_instants(measure.part, question).rename_columns({"n": "x"})
    if isinstance(measure.whole, Level):
        table = stacked([_at_instants(measure.whole, question), part])
        cells = grouping(table, question.by)
        rows = cells.total(column(table, "n"))
    else:
        table, cells = part, grouping(part, question.by)
        rows = np.full(cells.cells, measure.whole)
    x, n = cells.total(column(table, "x")), rows / measure.per
    if measure.is_rest:
        x = n - x
    nothing = np.full(cells.cells, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(n > 0, x / n, np.nan)
    return cells.keys, Columns(
        value=value,
        low=nothing,
        high=nothing,
        numerator=x,
        denominator=n,
        n=rows,
        method=np.full(cells.cells, ""),
    )


def _at_instants(measure: Level, question: Question, *, by_age: bool = False) -> pa.Table:
    """Count what is open at each instant of a question, as `n`; with its age where that is asked for."""
    times = [name for name in question.by if name in TIMES]
    if len(times) > 1 or any(TIMES[name].is_recurring for name in times):
        raise BadQuestion(gettext_noop("A level is read at the end of days, weeks or months: choose one of them."))
    rest = tuple(name for name in question.by if name not in TIMES)
    asked = replace(question, by=rest, since=None, until=None)
    tables = []
    for start, end in instants(question, times[0] if times else None):
        part = _open_at(measure, asked, end)
        if measure.key is not None:
            part = part.filter(part.m_key.notnull()).distinct()
        grouped = by_cell(part, rest, *(["m_age"] if by_age else []))
        counted = part.count().cast("float64") if measure.weight is None else total(part.m_weight)
        table = question.fetch(grouped.aggregate(n=counted))
        if times:
            table = table.append_column(f"d_{times[0]}", pa.array([start] * table.num_rows, pa.int64()))
        tables.append(table)
    return pa.concat_tables(tables)


def _open_at(measure: Level, question: Question, moment: datetime) -> "ibis.expr.types.Table":
    rows = measure.rows if measure.where is None else measure.rows.filter(measure.where)
    at = micros(moment)
    ends = rows[f"{measure.ends}_us"]
    starts = whole(rows, f"{measure.starts}_us")
    youngest = at - int(measure.youngest_s * 1e6)
    rows = rows.filter(starts < at, starts <= youngest, ends.isnull() | (ends >= at))
    if measure.oldest_s is not None:
        rows = rows.filter(whole(rows, f"{measure.starts}_us") > at - int(measure.oldest_s * 1e6))
    if measure.key is not None:
        return prepared(rows.mutate(m_key=rows[measure.key]), question, at=measure.starts)
    if measure.weight is not None:
        return prepared(rows.mutate(m_weight=measure.weight.cast("float64")), question, at=measure.starts)
    age = (at - whole(rows, f"{measure.starts}_us")).cast("float64") / (1e6 * measure.age_unit_s)
    return prepared(rows.mutate(m_age=age), question, at=measure.starts)


def instants(question: Question, name: str | None) -> list[tuple[int, datetime]]:
    """Return the buckets of a period, each as the whole seconds by which it is grouped, and the instant of its end.

    Raises BadQuestion without a period where one is needed, and for more than 2 000 buckets.
    """
    known = question.until or question.facts.watermark()
    if known is None:
        raise BadQuestion(gettext_noop("A level needs an instant: say until when."))
    if name is None:
        return [(0, known)]
    if question.since is None:
        raise BadQuestion(gettext_noop("A level over time needs a period: say from when."))
    found: list[tuple[int, datetime]] = []
    if name in MINUTES:
        step = timedelta(minutes=MINUTES[name])
        start = question.since
        while start < known and len(found) <= MOST_INSTANTS:
            found.append((micros(start) // 1_000_000, min(start + step, known)))
            start += step
    else:
        day = _first(question.clock.date_at(question.since), name)
        while _moment(question, day) < known and len(found) <= MOST_INSTANTS:
            following = _following(day, name)
            found.append(((day - date(1970, 1, 1)).days * 86_400, min(_moment(question, following), known)))
            day = following
    if len(found) > MOST_INSTANTS:
        raise BadQuestion(gettext_noop("There are too many instants; choose longer buckets or a shorter period."))
    return found


def _moment(question: Question, day: date) -> datetime:
    return datetime.fromtimestamp(question.clock.day_start(day), UTC)


def _first(day: date, name: str) -> date:
    match name:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
    return day


def _following(day: date, name: str) -> date:
    match name:
        case "week":
            return day + timedelta(days=7)
        case "month":
            return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=1)
