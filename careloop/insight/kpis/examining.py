"""Make an integrity check of the whole and of each part, and show the rows that it is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from careloop.insight.kpis.asking.grouping import Gathered, Labels
from careloop.insight.kpis.asking.question import Question, fetched
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.behind import measure_behind
from careloop.insight.kpis.catalogue import METRICS
from careloop.insight.kpis.checking import flag_of, severity_of
from careloop.insight.kpis.checks import CHECKS, Above, Check
from careloop.insight.kpis.classes import additive, others
from careloop.insight.kpis.classes.summing import fetched_sums
from careloop.insight.kpis.engine import Asked, needs_missing, question_of
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.lacks import missing
from careloop.insight.kpis.measures.kinds import Count, Mean, Measure, PerCell, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod, Subject
from careloop.insight.kpis.results import Columns, Flag, Severity
from careloop.insight.kpis.shown import time_keys

__all__ = ["PARTS", "Examined", "Looked", "examined", "guarded", "is_told", "rows_of"]

PARTS: Final = ("queue", "agent")
"""What is looked at besides the whole: there somebody works, and somebody can answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a check came to, for the whole or one part.

    of: a dimension, and key of which; both empty for the whole. method: how it was looked for, see `checks.Method`.
    value: the figure, how many times as much as the others have, or by how much it has moved; severity: as a flag.
    count, of_count: the sums it is made of, or what was counted beside what the others let expect; None where it is neither.
    is_sure: chance alone does not explain it. is_above: it lies above what honest work shows.
    """

    of: str
    key: str
    method: str
    severity: Severity
    value: float
    count: float | None
    of_count: float | None
    is_sure: bool
    is_above: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at the facts came to.

    found: what has a figure, by the first day of the month. tables: names of the fact tables that were read for it: as long as
    these stay as they are, another look finds the same.
    """

    found: Mapping[date, Sequence[Examined]]
    tables: frozenset[str]


def guarded(check: str) -> tuple[str, ...]:
    """Return the metrics that a check guards, in the order of the catalogue."""
    return tuple(metric.id for metric in METRICS.values() if check in metric.checks)


def examined(facts: Facts, check: str, *, months: Mapping[date, tuple[datetime, datetime]]) -> Looked | None:
    """Make one check of several months, for the whole first and then for each part that its rows lead to.

    check: an id of CHECKS. months: the first instant of each, and the first one after it, by its first day.

    Returns None where no source gives the facts that the check needs.
    """
    known = CHECKS[check]
    asked = _asked(facts, known)
    if asked is None or known.measure is None:
        return None
    tables: set[str] = set()

    def noting(expression: ir.Table) -> pa.Table:
        tables.update(table.name for table in expression.op().find(ops.DatabaseTable))
        return fetched(expression)

    spans = months.values()
    since, until = min(since for since, _until in spans), max(until for _since, until in spans)
    question = question_of(facts, since=since, until=until, fetch=noting)
    found: dict[date, list[Examined]] = {}
    if isinstance(known.how, Above):
        for month, one in _above(known, known.measure(facts, asked.options), question):
            found.setdefault(month, []).append(one)
    else:
        found = {
            month: list(_apart(known, asked, replace(question, since=a, until=b))) for month, (a, b) in months.items()
        }
    return Looked(found=found, tables=frozenset(tables))


def rows_of(
    facts: Facts,
    check: str,
    *,
    since: datetime,
    until: datetime,
    where: Mapping[str, object] | None = None,
    limit: int | None = None,
) -> pa.Table:
    """Return the rows that a check is about, columns as in `rows_behind`: of a share those that count above only.

    where: a condition over FIELDS. No rows where nobody may see them; see `is_told`. Raises BadQuestion, BadCondition.
    """
    known = CHECKS[check]
    asked = _asked(facts, known)
    if asked is None or known.measure is None or not is_told(check):
        return pa.table({})
    measure: Measure = known.measure(facts, asked.options)
    if isinstance(measure, Ratio) and isinstance(measure.numerator, Sum):
        measure = Count(of=measure.numerator)
    return measure_behind(measure, question_of(facts, since=since, until=until, where=where), limit=limit)


def is_told(check: str) -> bool:
    """Say whether the rows behind a check may be shown: anonymous answers are shown to nobody."""
    is_anonymous = any(METRICS[name].subject is Subject.ANONYMOUS for name in guarded(check))
    return not is_anonymous and "pulse_answer" not in CHECKS[check].needs


def _asked(facts: Facts, check: Check) -> Asked | None:
    """Return the first metric under guard that is measured here, with its defaults: the check takes its options from it."""
    if missing(facts, check.needs):
        return None
    asked = (Asked.of(METRICS[name]) for name in guarded(check.id))
    return next((each for each in asked if not needs_missing(facts, each)), None)


def _above(check: Check, measure: Measure, question: Question) -> Iterator[tuple[date, Examined]]:
    """Return what has a figure, with its month."""
    for part, keys, columns in _finished(check, measure, question):
        cells = _cells(check, part, keys, columns, is_apart=isinstance(measure, PerCell))
        for month, one in zip(time_keys("month", keys["month"], question.clock), cells, strict=True):
            if one is not None and isinstance(month, date):
                yield month, one


def _apart(check: Check, asked: Asked, question: Question) -> Iterator[Examined]:
    """Hold the groups of one month against each other, or its last weeks against those before."""
    complete, since, until = question.facts.watermark(), question.since, question.until
    if complete is not None and since is not None and until is not None:
        # A week that is not over yet would look like a fall.
        question = replace(question, until=min(until, max(complete, since)))
    try:
        flag = flag_of(check, asked.options, question)
    except BadQuestion:
        return  # the rows do not say
    if flag is None:
        return
    groups = flag.evidence.get("out", ())
    by = str(flag.evidence.get("by", ""))
    if by not in PARTS:
        yield _told(flag, of="", key="", value=flag.value, group=groups[0] if groups else None)
    for group in groups:
        over, under = sorted((float(group["observed"]), float(group["expected"])), reverse=True)
        yield _told(flag, of=by, key=str(group["group"]), value=over / under if under else over, group=group)


def _told(flag: Flag, *, of: str, key: str, value: float, group: Mapping[str, Any] | None) -> Examined:
    return Examined(
        of=of,
        key=key,
        method=str(flag.evidence["method"]),
        severity=flag.severity,
        value=value,
        count=None if group is None else float(group["observed"]),
        of_count=None if group is None else float(group["expected"]),
        is_sure=True,
        is_above=True,
    )


def _finished(
    check: Check, measure: Measure, question: Question
) -> Iterator[tuple[str, Mapping[str, Labels[object]], Columns]]:
    """Return the cells of the whole and of each part, by month."""
    if isinstance(measure, Ratio | Mean | Count):
        sums, roles, reached = _summed(check, measure, question)
        for part in ("", *reached):
            by = ("month", part) if part else ("month",)
            yield part, sums.by(by).keys, additive.finished(measure, check.interval, sums, roles, by)
        return
    # Without an interval nothing tells what is chance, and in a part of few rows most of it is.
    for part in ("",) if check.interval is IntervalMethod.NONE else ("", *PARTS):
        by = ("month", part) if part else ("month",)
        try:
            keys, columns = others.finished(measure, replace(question, by=by), by, with_intervals=True)
        except BadQuestion:
            continue  # the rows do not say
        yield part, keys, columns


def _summed(
    check: Check, measure: Ratio | Mean | Count, question: Question
) -> tuple[Gathered, Mapping[str, str], tuple[str, ...]]:
    """Fetch the sums of a check once, as fine as its rows can tell: the parts and the whole are added up from there."""
    buckets = ("day",) if check.interval is IntervalMethod.BOOTSTRAP else ()
    wanted = additive.wanted(measure)
    for reached in (PARTS, *((part,) for part in PARTS), ()):
        try:
            fine = fetched_sums(wanted, replace(question, by=("month", *reached)), series={}, buckets=buckets)
        except BadQuestion:
            continue  # the rows do not say
        sums, roles = fine.of("")
        return sums, {role: name for role, name in roles.items() if not name.startswith("d_")}, reached
    raise AssertionError(check.id)


def _cells(
    check: Check, part: str, keys: Mapping[str, Labels[object]], columns: Columns, *, is_apart: bool
) -> Iterator[Examined | None]:
    """Return each cell, None for one without a figure or without a key."""
    labels: Sequence[object] = list(keys[part]) if part else [""] * len(columns.value)
    # A difference of ratios looks after small numbers itself.
    is_enough = np.ones(len(columns.value), dtype=bool) if is_apart else columns.n >= check.fewest
    # Only shares of rows are counts; the sums behind a mean are seconds.
    counts = check.interval is IntervalMethod.WILSON
    for key, value, low, x, n, enough in zip(
        labels, columns.value, columns.low, columns.numerator, columns.denominator, is_enough, strict=True
    ):
        if key is None or not np.isfinite(value):
            yield None
            continue
        sure = float(value if np.isnan(low) else low)
        yield Examined(
            of=part,
            key=str(key),
            method="above",
            severity=severity_of(check, sure),
            value=float(value),
            count=float(x) if counts and np.isfinite(x) else None,
            of_count=float(n) if counts and np.isfinite(n) else None,
            is_sure=bool(sure > check.limit and enough),
            is_above=bool(value > check.limit),
        )
