"""Metrics that need the values in order: quantiles (class Q) and survival (class S)."""

from collections.abc import Callable, Mapping

import ibis
import numpy as np
import numpy.typing as npt

from careloop.insight.kpis import intervals
from careloop.insight.kpis.asking.grouping import Grouping, Labels, column, grouping
from careloop.insight.kpis.asking.queries import Scan, as_number, by_cell, prepared, summed
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.cells.reading import kept_sums
from careloop.insight.kpis.measures.kinds import Quantile, Survival, SurvivalAt
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats, Ints, normal_quantile

__all__ = ["COUNTED", "counted", "quantile_columns", "quantiles", "survival", "survival_at"]

Keys = Mapping[str, Labels[object]]


COUNTED = "counted"
"""The role of how often each value came."""


def counted(measure: Quantile, name: str) -> Scan:
    """Return the query of how often each value came, as a sum of this name."""
    rows = measure.rows.mutate(m_value=measure.value.cast("float64"))
    rows = rows.filter(rows.m_value.notnull() if measure.where is None else rows.m_value.notnull() & measure.where)
    return Scan(rows=rows, at=measure.at, key=rows.m_value, sums={name: ibis.literal(1.0)})


def quantiles(measure: Quantile, question: Question, *, with_intervals: bool, series: str = "") -> tuple[Keys, Columns]:
    """Read a quantile per cell, with Woodruff's interval. series: what counts are called in stored cells, where they are kept.

    Woodruff inverts the interval of the share of rows at or below the estimate, days being clusters: what 2 000 bootstrap
    replicates would say, from one pass over the values, and the same each time. Source: Woodruff 1952.
    """
    buckets = ("day",) if with_intervals and "day" not in question.by else ()
    kept = kept_sums({COUNTED: series}, question, buckets=buckets) if series else []
    table = kept[0] if kept else question.fetch(summed(counted(measure, COUNTED), question, buckets=buckets))
    cells = grouping(table, question.by)
    days = grouping(table, (*question.by, "day") if buckets else question.by) if with_intervals else None
    return cells.keys, quantile_columns(cells, days, column(table, "m_key"), column(table, COUNTED), measure.share)


def quantile_columns(cells: Grouping, days: Grouping | None, values: Floats, counts: Floats, share: float) -> Columns:
    """Read a quantile per cell. values: (rows,) in any order. counts: (rows,) how often each came.

    days: the same rows grouped by cell and day; None leaves the interval out.
    """
    n = cells.total(counts)
    order = np.lexsort((values, cells.codes))
    codes, values, counts = cells.codes[order], values[order], counts[order]
    estimate = _read(codes, values, counts, n, np.full(cells.cells, share))
    low = high = np.full(cells.cells, np.nan)
    if days is not None:
        low, high = _woodruff(cells, days, order, codes, values, counts, n, estimate, share)
    return Columns(
        value=estimate,
        low=low,
        high=high,
        numerator=np.full(cells.cells, np.nan),
        denominator=np.full(cells.cells, np.nan),
        n=n,
        method=np.where(np.isfinite(low), "Woodruff", ""),
    )


def _read(codes: Ints, values: Floats, counts: Floats, n: Floats, shares: Floats) -> Floats:
    """Read the smallest value that at least this share of a cell's rows does not exceed; rows sorted by cell and value."""
    known = n > 0
    if not len(values):
        return np.full(len(n), np.nan)
    ranks = np.cumsum(counts)
    before = np.concatenate([[0.0], np.cumsum(n)[:-1]])
    # The tolerance keeps 0.9 of 10 rows at the ninth, whatever the last bit of the product says.
    places = np.searchsorted(ranks, before + shares * n - 1e-9 * n, side="left")
    lasts = np.searchsorted(codes, np.arange(len(n)), side="right") - 1
    firsts = np.searchsorted(codes, np.arange(len(n)), side="left")
    places = np.clip(places, firsts, np.maximum(lasts, firsts))
    return np.where(known, values[np.minimum(places, len(values) - 1)], np.nan)


def _woodruff(
    cells: Grouping,
    days: Grouping,
    order: Ints,
    codes: Ints,
    values: Floats,
    counts: Floats,
    n: Floats,
    estimate: Floats,
    share: float,
) -> tuple[Floats, Floats]:
    below = np.where(values <= estimate[codes], counts, 0.0)
    day = days.codes[order]
    owner = np.zeros(days.cells, dtype=np.int64)
    owner[day] = codes
    x_day = np.bincount(day, weights=below, minlength=days.cells)
    n_day = np.bincount(day, weights=counts, minlength=days.cells)
    x = np.bincount(codes, weights=below, minlength=cells.cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = x / n
        spread = np.bincount(owner, weights=np.square(x_day - found[owner] * n_day), minlength=cells.cells)
        clusters = np.bincount(owner, minlength=cells.cells)
        effect = clusters / (clusters - 1) * spread / n**2 / (found * (1 - found) / n)
    # Within one day, or where all values are equal, rows count as independent.
    effect = np.where(np.isfinite(effect), np.maximum(1.0, effect), 1.0)
    bounds = intervals.wilson(successes=share * n, trials=n, design_effect=effect)
    low = _read(codes, values, counts, n, np.nan_to_num(bounds.low))
    high = _read(codes, values, counts, n, np.nan_to_num(bounds.high))
    known = n >= 2
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def survival(measure: Survival, question: Question) -> tuple[Keys, Columns]:
    """Read, per cell, when a share of rows has had the event, by Kaplan and Meier with the log-log interval.

    The ends are where the bounds of the curve cross the same share (Brookmeyer and Crowley 1982); no end where they never do.
    """
    return _curves(
        measure, question, lambda times, counts, events: _crossings(times, counts, events, 1 - measure.share)
    )


def survival_at(measure: SurvivalAt, question: Question) -> tuple[Keys, Columns]:
    """Read, per cell, the share of rows without an event until a time, by Kaplan and Meier with the log-log interval.

    There is no number where nobody was watched for that long.
    """

    def read(times: Floats, counts: Floats, events: Floats) -> tuple[float, float, float]:
        value, low, high = _height(times, counts, events, measure.after)
        return (1 - value, 1 - high, 1 - low) if measure.is_event_share else (value, low, high)

    return _curves(measure.of, question, read)


def _curves(
    measure: Survival, question: Question, read: Callable[[Floats, Floats, Floats], tuple[float, float, float]]
) -> tuple[Keys, Columns]:
    """Gather the durations of each cell and read something from its curve. read: from times, counts and events."""
    rows = measure.rows.mutate(m_value=measure.duration.cast("float64"), m_event=as_number(measure.happened))
    rows = rows.filter(rows.m_value.notnull() if measure.where is None else rows.m_value.notnull() & measure.where)
    placed = prepared(rows, question, at=measure.at)
    table = question.fetch(
        by_cell(placed, question.by, "m_value").aggregate(
            count=placed.count().cast("float64"), events=placed.m_event.sum().fill_null(0.0)
        )
    )
    cells = grouping(table, question.by)
    values, counts, events = (column(table, name) for name in ("m_value", "count", "events"))
    order = np.lexsort((values, cells.codes))
    starts = np.searchsorted(cells.codes[order], np.arange(cells.cells + 1))
    figures = np.full((cells.cells, 3), np.nan)
    for cell in range(cells.cells):
        own = order[starts[cell] : starts[cell + 1]]
        figures[cell] = read(values[own], counts[own], events[own])
    return cells.keys, Columns(
        value=figures[:, 0],
        low=figures[:, 1],
        high=figures[:, 2],
        numerator=cells.total(events),
        denominator=np.full(cells.cells, np.nan),
        n=cells.total(counts),
        method=np.where(np.isfinite(figures[:, 0]), "G", ""),
    )


def _bounded(times: Floats, counts: Floats, events: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return when events happened, and the curve with its bounds from each on. times: rising, one place each."""
    z = normal_quantile(0.95)
    risk = np.cumsum(counts[::-1])[::-1]
    happened = events > 0
    times, d, risk = times[happened], events[happened], risk[happened]
    with np.errstate(divide="ignore", invalid="ignore"):
        curve = np.asarray(np.cumprod(1 - d / risk), dtype=np.float64)
        half = z * np.sqrt(np.cumsum(d / (risk * (risk - d)))) / np.abs(np.log(curve))
        low, high = curve ** np.exp(half), curve ** np.exp(-half)
    return times, curve, np.where(curve > 0, low, 0.0), np.where(curve > 0, high, np.nan)


def _height(times: Floats, counts: Floats, events: Floats, after: float) -> tuple[float, float, float]:
    """Return the height of the curve and its bounds at a time."""
    nothing = float("nan")
    at, curve, low, high = _bounded(times, counts, events)
    is_over = len(curve) > 0 and curve[-1] == 0
    if not len(times) or (times[-1] < after and not is_over):
        return nothing, nothing, nothing
    place = int(np.searchsorted(at, after, side="right")) - 1
    if place < 0:
        return 1.0, 1.0, 1.0
    if curve[place] == 0:
        return 0.0, nothing, nothing
    return float(curve[place]), float(low[place]), float(high[place])


def _crossings(times: Floats, counts: Floats, events: Floats, level: float) -> tuple[float, float, float]:
    """Return where the curve and its lower and upper bounds first fall to a level. times: rising, one place each."""
    times, curve, low, high = _bounded(times, counts, events)

    def first(bound: npt.NDArray[np.floating]) -> float:
        # A product: 0.5 may come out as 0.5000000000000001.
        reached = np.flatnonzero(bound <= level + 1e-12)
        return float(times[reached[0]]) if len(reached) else float("nan")

    return first(curve), first(low), first(high)
