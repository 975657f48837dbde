"""Whether a question can be answered from stored cells alone, said without answering it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.cells.reading import is_kept
from careloop.insight.kpis.classes import additive
from careloop.insight.kpis.classes.ordered import COUNTED
from careloop.insight.kpis.engine import Asked, needs_missing, question_of, series_of
from careloop.insight.kpis.measures.kinds import Count, Mean, Quantile, Ratio, Span
from careloop.insight.kpis.metric import IntervalMethod, Subject
from careloop.kernel.conditions import Condition

__all__ = ["needs_scan"]


def needs_scan(
    facts: Facts,
    asked: Asked,
    *,
    by: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    where: Condition | Mapping[str, object] | str | None = None,
    with_intervals: bool = True,
    day_begins_s: int = 0,
) -> bool:
    """Tell whether facts have to be scanned for a number, which takes its time; arguments as in `measure_all`.

    Raises BadQuestion and BadCondition.
    """
    if needs_missing(facts, asked):
        return False
    metric, measure = asked.metric, asked.metric.measure(facts, asked.options)
    # How many persons stand behind a number is counted in the facts.
    if metric.subject in {Subject.PEOPLE, Subject.ANONYMOUS}:
        return True
    question = question_of(facts, by=by, since=since, until=until, where=where, day_begins_s=day_begins_s)
    days = ("day",) if "day" not in by else ()
    if isinstance(measure, Quantile):
        counts = {COUNTED: series_of(asked, COUNTED)}
        return not is_kept(counts, question, buckets=days if with_intervals else ())
    if not isinstance(measure, Ratio | Mean | Count):
        return True
    is_clustered = with_intervals and metric.interval is IntervalMethod.WILSON_CLUSTERED
    if is_clustered and isinstance(measure, Ratio) and measure.cluster is not None:
        return True
    roles = additive.wanted(measure)
    if not with_intervals:
        roles.pop("xx", None)
    series = {role: series_of(asked, role) for role in roles}
    series |= {f"{role}_rows": f"{series[role]}_rows" for role, what in roles.items() if isinstance(what, Span)}
    is_drawn = with_intervals and metric.interval is IntervalMethod.BOOTSTRAP and not isinstance(measure, Count)
    return not is_kept(series, question, buckets=days if is_drawn else ())
