"""Make the integrity checks of a measured metric: work out their figures, and open flags with the evidence for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from careloop.insight.kpis.asking.dimensions import DIMENSIONS
from careloop.insight.kpis.asking.grouping import column
from careloop.insight.kpis.asking.queries import as_number, by_cell, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import micros
from careloop.insight.kpis.checks import CHECKS, Above, Check, Peers, Trend
from careloop.insight.kpis.classes import additive, others
from careloop.insight.kpis.classes.summing import fetched_sums
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.lacks import missing
from careloop.insight.kpis.measures.kinds import Count, Mean, Measure, PerCell, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Columns, Flag, Result, Severity
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.charts import xmr_chart
from careloop.insight.stats.peers import apart
from careloop.insight.stats.sequential import ewma

__all__ = ["checked", "flag_of", "moved", "severity_of"]

# A trend is the last weeks against those before them.
LATEST_WEEKS, FEWEST_WEEKS, LOOK_BACK = 4, 16, timedelta(weeks=30)
FEWEST_PEERS = 5
# Many checks are made at each refresh, so each may err rarely.
FALSE_DISCOVERIES = 0.01
GROUPS_TOLD = 20


def checked(result: Result, question: Question) -> Result:
    """Add what belongs beside the number: notes, the flags of failed checks, and which checks could not be made."""
    if result.not_measured:
        return result
    whole = replace(question, by=())
    notes: dict[str, float | None] = {}
    for name, note in result.metric.notes.items():
        value = float(_figure(note(question.facts, result.options), IntervalMethod.NONE, whole).value[0])
        notes[name] = None if np.isnan(value) else value
    flags: list[Flag] = []
    unmade: list[str] = []
    for check in (CHECKS[name] for name in result.metric.checks):
        if check.measure is None or missing(question.facts, check.needs):
            unmade.append(check.id)
            continue
        try:
            flag = flag_of(check, result.options, whole)
        except BadQuestion:
            # The question narrows by what the rows of this check do not have.
            unmade.append(check.id)
            continue
        if flag is not None:
            flags.append(flag)
    return replace(result, notes=notes, flags=tuple(flags), unmade=tuple(unmade))


def flag_of(check: Check, options: Options, question: Question) -> Flag | None:
    """Make one check; None where it passes, or where too little stands behind it. Raises BadQuestion."""
    if check.measure is None:
        return None
    measure = check.measure(question.facts, options)
    match check.how:
        case Above():
            return _above(check, measure, question)
        case Peers() as peers:
            return _among_peers(check, peers, measure, question)
        case Trend() as trend:
            return _moved(check, trend, measure, question)


def severity_of(check: Check, sure: float) -> Severity:
    """Return how grave a failed check is. sure: the end of the interval that all of the figure lies above."""
    return Severity.SEVERE if check.severe_from is not None and sure > check.severe_from else check.severity


def _flag(check: Check, value: float, sure: float, evidence: Mapping[str, Any]) -> Flag:
    """Open a flag. sure: the end of the interval that all of the figure lies above."""
    return Flag(
        check=check.id,
        severity=severity_of(check, sure),
        sentence=check.sentence,
        value=value,
        evidence={"limit": check.limit, **{name: _plain(told) for name, told in evidence.items()}},
    )


def _plain(told: Any) -> Any:
    return None if isinstance(told, float) and np.isnan(told) else told


def _above(check: Check, measure: Measure, question: Question) -> Flag | None:
    columns = _figure(measure, check.interval, question)
    figures = {name: float(getattr(columns, name)[0]) for name in ("value", "low", "numerator", "denominator", "n")}
    # Where it is a difference of ratios, what it is made of looks after small numbers itself.
    if not isinstance(measure, PerCell) and not figures["n"] >= check.fewest:
        return None
    # Chance alone must not open a flag: where there is an interval, all of it lies above.
    sure = figures["value"] if np.isnan(figures["low"]) else figures["low"]
    if not sure > check.limit:
        return None
    return _flag(check, figures["value"], sure, {"method": "above", **figures})


def _figure(measure: Measure, method: IntervalMethod, question: Question) -> Columns:
    """Work out one figure with its interval; NaN where they are not defined."""
    if not isinstance(measure, Ratio | Mean | Count):
        return others.finished(measure, question, (), with_intervals=True)[1]
    buckets = ("day",) if method is IntervalMethod.BOOTSTRAP else ()
    sums, roles = fetched_sums(additive.wanted(measure), question, series={}, buckets=buckets).of("")
    roles = {role: name for role, name in roles.items() if not name.startswith("d_")}
    return additive.finished(measure, method, sums, roles, ())


def _among_peers(check: Check, peers: Peers, measure: Measure, question: Question) -> Flag | None:
    """Hold groups against each other; those with too little work are left out, as are those of nobody."""
    if (
        not isinstance(measure, Ratio)
        or not isinstance(measure.numerator, Sum)
        or not isinstance(measure.denominator, Sum)
    ):
        raise AssertionError(measure)
    rows, at = measure.numerator.rows, measure.numerator.at
    names = (peers.group, *peers.within)
    known = [name for name in names if name in DIMENSIONS]
    own = {f"m_{name}": rows[name] for name in names if name not in DIMENSIONS}
    figures = {"m_x": as_number(measure.numerator.value), "m_n": as_number(measure.denominator.value)}
    placed = prepared(rows.mutate(**own, **figures), replace(question, by=tuple(known)), at=at)
    sums = {"x": placed.m_x.sum().fill_null(0.0), "n": placed.m_n.sum().fill_null(0.0)}
    table = question.fetch(by_cell(placed, known, *own).aggregate(**sums))
    places = {name: f"d_{name}" if name in DIMENSIONS else f"m_{name}" for name in names}
    table = table.filter(pa.compute.is_valid(table[places[peers.group]]))
    whose = table[places[peers.group]].to_pylist()
    strata = list(zip(*(table[places[name]].to_pylist() for name in peers.within), strict=True)) or [()] * len(whose)
    n = column(table, "n")
    worked: dict[Any, float] = {}
    for group, amount in zip(whose, n.tolist(), strict=True):
        worked[group] = worked.get(group, 0.0) + amount
    groups = sorted(group for group, amount in worked.items() if amount >= check.fewest)
    if len(groups) < FEWEST_PEERS:
        return None
    kept = np.array([group in set(groups) for group in whose])
    found = apart(
        groups=_codes([group for group, keep in zip(whose, kept, strict=True) if keep], groups),
        strata=_codes([stratum for stratum, keep in zip(strata, kept, strict=True) if keep]),
        observed=column(table, "x")[kept],
        exposure=n[kept],
        fewer=peers.fewer,
        q=FALSE_DISCOVERIES,
        least_ratio=check.limit,
    )
    if not found.stands_out.any():
        return None
    out = [
        {"group": group, "observed": seen, "expected": due, "p": p}
        for group, seen, due, p, stands in zip(
            groups,
            found.observed.tolist(),
            found.expected.tolist(),
            found.adjusted.tolist(),
            found.stands_out.tolist(),
            strict=True,
        )
        if stands
    ]
    out.sort(key=lambda one: (one["p"], str(one["group"])))
    first = out[0]
    over, under = (first["expected"], first["observed"]) if peers.fewer else (first["observed"], first["expected"])
    ratio = over / under if under else float(over)
    told = {
        "method": "peers",
        "by": peers.group,
        "groups": len(groups),
        "out": out[:GROUPS_TOLD],
        "out_count": len(out),
    }
    return _flag(check, ratio, ratio, told)


def _codes(values: Sequence[Any], known: Sequence[Any] | None = None) -> list[int]:
    places = {value: place for place, value in enumerate(dict.fromkeys(values) if known is None else known)}
    return [places[value] for value in values]


def _moved(check: Check, trend: Trend, measure: Measure, question: Question) -> Flag | None:
    """Hold the last whole weeks against those before them; the period that was asked about says when the last one was."""
    if not isinstance(measure, Ratio | Mean):
        raise AssertionError(measure)
    until = question.until or question.facts.watermark()
    since = None if until is None else until - LOOK_BACK
    asked = replace(question, by=("week",), since=since, until=until)
    sums, roles = fetched_sums(additive.wanted(measure), asked, series={}, buckets=()).of("")
    columns = additive.finished(measure, IntervalMethod.NONE, sums, roles, ("week",))
    starts = np.array(list(sums.by(("week",)).keys["week"]), dtype=np.float64)
    end = np.inf if until is None else micros(until) / 1e6
    # A day of grace: weeks begin on local Mondays, and the instant asked for is one of UTC.
    is_whole = (starts + 6 * 86_400 <= end) & (starts > (-np.inf if since is None else micros(since) / 1e6))
    told = is_whole & np.isfinite(columns.value) & (columns.n >= check.fewest)
    values = columns.value[told]
    if len(values) < FEWEST_WEEKS:
        return None
    change, is_up, is_down = moved(values, least=check.limit)
    reached, size = (is_up or is_down, abs(change)) if trend.both else (is_up, change)
    if not reached:
        return None
    evidence = {"method": "trend", "weeks": len(values), "before": float(values[:-LATEST_WEEKS].mean())}
    return _flag(check, change, size, {**evidence, "latest": float(values[-LATEST_WEEKS:].mean())})


def moved(values: Floats, *, least: float) -> tuple[float, bool, bool]:
    """Hold the last weeks against those before.

    values: (weeks,) oldest first, at least FEWEST_WEEKS. least: the change that matters, above 0, in the unit of the values.

    Returns by how much the last weeks lie above those before, and whether they have risen or fallen beyond chance and by more than
    that. Source: XmR chart of the weeks before, EWMA with λ 0.2 and L 2.86 over the last ones (metrics.md §3.10).
    """
    chart = xmr_chart(values=values, baseline=len(values) - LATEST_WEEKS)[0]
    # A baseline that never moved must not make any first move an alarm.
    sigma = max(float(chart.sigma[-1]), least / 3)
    level = ewma((values[-LATEST_WEEKS:] - chart.center) / sigma)
    change = float(values[-LATEST_WEEKS:].mean() - values[:-LATEST_WEEKS].mean())
    is_up = bool(level.values[-1] > level.high[-1]) and change > least
    is_down = bool(level.values[-1] < level.low[-1]) and change < -least
    return change, is_up, is_down
