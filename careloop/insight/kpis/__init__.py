"""The metrics of the catalogue, measured over facts.

    from careloop.insight import kpis

    result = kpis.measure(facts, "service_level", by=["queue", "half_hour"], options={"target_s": 30})
    result.total.value, result.total.low, result.total.high
    result.table()

How a metric is written: docs/reasons/kpis.md. Every metric: docs/reference/metrics.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from careloop.insight.kpis.asking.dimensions import DIMENSIONS, TIMES
from careloop.insight.kpis.asking.filters import FIELDS
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.behind import measure_behind, rows_behind
from careloop.insight.kpis.catalogue import METRICS, metric
from careloop.insight.kpis.checks import CHECKS, Check
from careloop.insight.kpis.comparing import Compared, compare_all
from careloop.insight.kpis.definitions import defined, replaced_by
from careloop.insight.kpis.engine import Asked, measure_all, question_of
from careloop.insight.kpis.errors import BadOption, BadQuestion, UnknownMetric
from careloop.insight.kpis.foretelling import needs_scan
from careloop.insight.kpis.lacks import missing
from careloop.insight.kpis.metric import Metric, Subject
from careloop.insight.kpis.options import Setting
from careloop.insight.kpis.refreshing import Refreshed, refresh_cells
from careloop.insight.kpis.results import Flag, Need, Result, Row, Severity
from careloop.kernel.conditions import Condition
from careloop.kernel.sentences import gettext_noop

__all__ = [
    "CHECKS",
    "DIMENSIONS",
    "FIELDS",
    "METRICS",
    "TIMES",
    "Asked",
    "BadOption",
    "BadQuestion",
    "Check",
    "Compared",
    "Facts",
    "Flag",
    "Metric",
    "Need",
    "Refreshed",
    "Result",
    "Row",
    "Severity",
    "UnknownMetric",
    "behind",
    "compare",
    "compare_all",
    "defined",
    "measure",
    "measure_all",
    "metric",
    "needs_scan",
    "refresh_cells",
    "replaced_by",
]


def measure(
    facts: Facts,
    name: str,
    *,
    by: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    where: Condition | Mapping[str, object] | str | None = None,
    options: Mapping[str, Setting] | None = None,
    with_intervals: bool = True,
    with_checks: bool = False,
    with_small: bool = False,
    day_begins_s: int = 0,
) -> Result:
    """Measure one metric, by its id or code; the rest as in `measure_all`.

    Facts as of an earlier day are measured as the metric was defined on that day; `replaced_by` says whether that still holds.

    options: of the metric, by name; what is left out has its default.

    Raises UnknownMetric, BadOption, BadQuestion and BadCondition.
    """
    asked = Asked.of(defined(name, as_of=facts.as_of), options)
    (result,) = measure_all(
        facts,
        [asked],
        by=by,
        since=since,
        until=until,
        where=where,
        with_intervals=with_intervals,
        with_checks=with_checks,
        with_small=with_small,
        day_begins_s=day_begins_s,
    )
    return result


def compare(
    facts: Facts,
    name: str,
    *,
    since: datetime,
    until: datetime,
    before: tuple[datetime, datetime] | None = None,
    by: Sequence[str] = (),
    where: Condition | Mapping[str, object] | str | None = None,
    options: Mapping[str, Setting] | None = None,
    with_small: bool = False,
    day_begins_s: int = 0,
) -> Compared:
    """Hold a period against another one, the one just before unless `before` names it; the rest as in `measure`."""
    asked = Asked.of(defined(name, as_of=facts.as_of), options)
    (found,) = compare_all(
        facts,
        [asked],
        since=since,
        until=until,
        before=before,
        by=by,
        where=where,
        with_small=with_small,
        day_begins_s=day_begins_s,
    )
    return found


def behind(
    facts: Facts,
    name: str,
    *,
    by: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    where: Condition | Mapping[str, object] | str | None = None,
    options: Mapping[str, Setting] | None = None,
    check: str | None = None,
    limit: int | None = None,
) -> pa.Table:
    """Return the exact rows behind a number, as an Arrow table; arguments as in `measure`, columns as in `rows_behind`.

    check: one of the metric's integrity checks; then the rows that it counts, in its numerator what is suspicious.

    Raises BadQuestion for a check that the metric does not have.
    """
    asked = Asked.of(defined(name, as_of=facts.as_of), options)
    question = question_of(facts, by=by, since=since, until=until, where=where)
    if check is not None:
        if check not in asked.metric.checks:
            message = gettext_noop("“%(name)s” has no check “%(check)s”; it has %(checks)s.")
            raise BadQuestion(message, name=asked.metric.id, check=check, checks=", ".join(asked.metric.checks) or "–")
        known = CHECKS[check]
        if known.measure is None or missing(facts, known.needs):
            raise BadQuestion(gettext_noop("This check cannot be made: no source gives the facts for it."))
        if asked.metric.subject is Subject.ANONYMOUS or "pulse_answer" in known.needs:
            raise BadQuestion(gettext_noop("Single answers are shown to nobody: they were given without a name."))
        return measure_behind(known.measure(facts, asked.options), question, limit=limit)
    return rows_behind(asked, question, limit=limit)
