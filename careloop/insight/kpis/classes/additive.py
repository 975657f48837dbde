"""Metrics of sums: ratios, means, counts. What is asked of the facts, and what the sums come to."""

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from careloop.insight.kpis import intervals
from careloop.insight.kpis.asking.grouping import Gathered, Grouping
from careloop.insight.kpis.intervals import Bounds
from careloop.insight.kpis.measures.kinds import Count, Mean, Ratio, Span, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats

__all__ = ["finished", "parts", "wanted"]

Additive = Ratio | Mean | Count


def wanted(measure: Additive) -> dict[str, Sum | Span]:
    """Return the sums that a measure needs, by role."""
    match measure:
        case Ratio():
            roles = parts("x", measure.numerator) | parts("n", measure.denominator)
            for name, part in parts("n", measure.denominator).items():
                if isinstance(part, Sum) and not isinstance(part.value, ir.BooleanValue):
                    roles[f"{name}_rows"] = Sum(rows=part.rows, value=part.value.fill_null(0) != 0, at=part.at)
            return roles if measure.squares is None else {**roles, "ww": measure.squares}
        case Mean(rows=rows, value=value, at=at, where=where):
            counted = value.notnull() if where is None else value.notnull() & where
            figure = counted.ifelse(value.cast("float64"), 0.0)
            return {
                "x": Sum(rows=rows, value=figure, at=at),
                "n": Sum(rows=rows, value=counted, at=at),
                "xx": Sum(rows=rows, value=figure * figure, at=at),
            }
        case Count(of=of):
            return {"x": of}


def parts(role: str, given: Sum | Span | tuple[Sum | Span, ...]) -> dict[str, Sum | Span]:
    """Name the parts of a numerator or denominator: x, x1, x2."""
    several = given if isinstance(given, tuple) else (given,)
    return {f"{role}{place or ''}": part for place, part in enumerate(several)}


def _summed(sums: Gathered, roles: Mapping[str, str], role: str, suffix: str = "") -> Floats:
    """Add up the parts of a role, row by row."""
    names = [roles[name] for name in (f"{role}{place or ''}{suffix}" for place in range(9)) if name in roles]
    return np.sum([sums.column(name) for name in names], axis=0) if names else np.zeros(sums.table.num_rows)


def finished(
    measure: Additive, method: IntervalMethod, sums: Gathered, roles: Mapping[str, str], by: tuple[str, ...]
) -> Columns:
    """Work out values and intervals of the cells that `by` makes.

    sums: per cell, at least as fine as `by`; with a day for the bootstrap, and sums of clusters for the design effect.
    roles: role in `wanted` to the name of its column.
    """
    cells = sums.by(by)
    x = cells.total(_summed(sums, roles, "x"))
    if isinstance(measure, Count):
        bounds = _count_bounds(x, method)
        nothing = np.full(len(x), np.nan)
        return Columns(
            value=x,
            low=bounds.low,
            high=bounds.high,
            numerator=x,
            denominator=nothing,
            n=x,
            method=_named(bounds, method.value),
        )
    scale = measure.scale if isinstance(measure, Ratio) else 1.0
    n = cells.total(_summed(sums, roles, "n"))
    count = (
        cells.total(_summed(sums, roles, "n", "_rows"))
        if any(role.startswith("n") and role.endswith("_rows") for role in roles)
        else n
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(n == 0, np.nan, x / n) * scale
    bounds, named = _bounds(measure, method, sums, roles, by, cells, x, n)
    return Columns(
        value=value,
        low=bounds.low * scale,
        high=bounds.high * scale,
        numerator=x,
        denominator=n,
        n=count,
        method=named,
    )


def _count_bounds(x: Floats, method: IntervalMethod) -> Bounds:
    if method is IntervalMethod.POISSON:
        return intervals.poisson(events=x)
    return Bounds(low=np.full(len(x), np.nan), high=np.full(len(x), np.nan))


def _bounds(
    measure: Ratio | Mean,
    method: IntervalMethod,
    sums: Gathered,
    roles: Mapping[str, str],
    by: tuple[str, ...],
    cells: Grouping,
    x: Floats,
    n: Floats,
) -> tuple[Bounds, npt.NDArray[np.str_]]:
    match method:
        case IntervalMethod.WILSON if "ww" in roles:
            squares = cells.total(sums.column(roles["ww"]))
            with np.errstate(divide="ignore", invalid="ignore"):
                effective = np.where(squares > 0, n**2 / squares, 0.0)
                bounds = intervals.wilson(successes=np.nan_to_num(x / n) * effective, trials=effective)
        case IntervalMethod.WILSON:
            bounds = intervals.wilson(successes=x, trials=n)
        case IntervalMethod.WILSON_CLUSTERED if "xx" in roles:
            # Variance of the ratio estimator over the binomial one, from sums of products over clusters (Kish 1965).
            xx, xn, nn, clusters = (cells.total(sums.column(roles[role])) for role in ("xx", "xn", "nn", "clusters"))
            bounds = intervals.wilson(successes=x, trials=n, design_effect=_effect(x, n, xx, xn, nn, clusters))
            bounds = Bounds(
                low=np.where(clusters >= 2, bounds.low, np.nan), high=np.where(clusters >= 2, bounds.high, np.nan)
            )
        case IntervalMethod.POISSON:
            bounds = intervals.poisson(events=x, exposure=n)
        case IntervalMethod.BOOTSTRAP if "nn" in roles:
            # What drawing customers again comes to, in one pass.
            xx, xn, nn, clusters = (cells.total(sums.column(roles[role])) for role in ("xx", "xn", "nn", "clusters"))
            bounds = intervals.linearized(x=x, n=n, xx=xx, xn=xn, nn=nn, clusters=clusters)
            return bounds, _named(bounds, "linearized")
        case IntervalMethod.BOOTSTRAP if "d_day" in sums.table.column_names:
            return _drawn(measure, sums, roles, by, cells, x, n)
        case _:
            bounds = Bounds(low=np.full(len(x), np.nan), high=np.full(len(x), np.nan))
    return bounds, _named(bounds, method.value)


def _effect(x: Floats, n: Floats, xx: Floats, xn: Floats, nn: Floats, clusters: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = x / n
        binomial = share * (1 - share) / n
        spread = np.maximum(0.0, xx - 2 * share * xn + share**2 * nn)
        clustered = clusters / (clusters - 1) * spread / n**2
        effect = np.where(binomial > 0, clustered / binomial, 1.0)
    return np.where(np.isfinite(effect), np.maximum(1.0, effect), 1.0)


def _drawn(
    measure: Ratio | Mean,
    sums: Gathered,
    roles: Mapping[str, str],
    by: tuple[str, ...],
    cells: Grouping,
    x: Floats,
    n: Floats,
) -> tuple[Bounds, npt.NDArray[np.str_]]:
    """Draw days again. Within one day there is nothing to draw: a mean then takes its rows as independent."""
    daily = sums.by((*by, "day") if "day" not in by else by)
    firsts = np.zeros(daily.cells, dtype=np.int64)
    firsts[daily.codes] = cells.codes
    day_x, day_n = (daily.total(_summed(sums, roles, role)) for role in ("x", "n"))
    used = day_n != 0
    bounds = intervals.bootstrap_ratio(
        codes=firsts[used], cells=cells.cells, numerators=day_x[used], denominators=day_n[used]
    )
    named = _named(bounds, "B")
    if isinstance(measure, Mean):
        plain = intervals.student(rows=n, total=x, squares=cells.total(sums.column(roles["xx"])))
        days = np.bincount(firsts[used], minlength=cells.cells)
        alone = (days == 1) & np.isfinite(plain.low)
        bounds = Bounds(low=np.where(alone, plain.low, bounds.low), high=np.where(alone, plain.high, bounds.high))
        named = np.where(alone, "t", named)
    return bounds, named


def _named(bounds: Bounds, name: str) -> npt.NDArray[np.str_]:
    return np.where(np.isfinite(bounds.low), name, "")
