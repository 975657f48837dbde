"""Measure metrics: gather what they sum into as few scans as possible, fetch, and work out values and intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import cast

import numpy as np

from careloop.insight.kpis.asking.dimensions import DIMENSIONS, TIMES
from careloop.insight.kpis.asking.filters import condition
from careloop.insight.kpis.asking.grouping import Gathered, Labels
from careloop.insight.kpis.asking.question import Fetch, Question, fetched
from careloop.insight.kpis.asking.sources import Facts, complete_until, micros
from careloop.insight.kpis.checking import checked
from careloop.insight.kpis.classes import additive, others
from careloop.insight.kpis.classes.clusters import CLUSTERED, clustered
from careloop.insight.kpis.classes.goals import attained
from careloop.insight.kpis.classes.ordered import COUNTED
from careloop.insight.kpis.classes.summing import Sums, fetched_sums
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.intervals import SEED
from careloop.insight.kpis.lacks import missing
from careloop.insight.kpis.measures.kinds import Count, Goals, Mean, Measure, Ratio, Span, Sum
from careloop.insight.kpis.metric import IntervalMethod, Metric, Subject, Unit
from careloop.insight.kpis.options import Options, Setting, chosen
from careloop.insight.kpis.results import Columns, Key, Need, Result
from careloop.insight.kpis.shown import bucket_ends, cells_shown, hidden_persons, time_keys
from careloop.insight.stats.arrays import Bools
from careloop.insight.stats.suppression import FEWEST_PERSONS
from careloop.kernel.conditions import Condition
from careloop.kernel.sentences import gettext_noop

__all__ = ["Asked", "measure_all", "needs_missing", "question_of", "series_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A metric with its options chosen, as they make it."""

    metric: Metric
    options: Options

    @classmethod
    def of(cls, metric: Metric, options: Mapping[str, Setting] | None = None) -> "Asked":
        """Choose options. Raises BadOption."""
        settings = chosen(metric.options, options or {})
        return cls(metric=metric.settled(settings), options=settings)


def series_of(asked: Asked, role: str) -> str:
    """Name a sum of a metric for good: who it is, with which options, in which role."""
    return f"{asked.metric.id} v{asked.metric.version} {asked.options} {role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What one metric needs of the facts. prefix: of the names of its sums."""

    asked: Asked
    measure: Measure
    prefix: str


def measure_all(
    facts: Facts,
    asked: Sequence[Asked],
    *,
    by: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    where: Condition | Mapping[str, object] | str | None = None,
    with_intervals: bool = True,
    with_checks: bool = False,
    with_small: bool = False,
    day_begins_s: int = 0,
    fetch: Fetch = fetched,
) -> list[Result]:
    """Measure several metrics for one question, in one scan where they start from the same rows.

    by: names of DIMENSIONS and TIMES. since, until: timezone-aware, the first included and the second not.
    where: a condition over FIELDS. with_intervals: whether intervals are worked out, which takes more time.
    with_small: whether small numbers are shown, to those who may see the rows themselves.
    with_checks: whether the integrity checks of the metrics are made, and their notes measured.
    day_begins_s: local seconds since midnight at which a day of operation begins, below 86 400; days, weeks and months then do.
    fetch: runs an expression; for databases that Ibis cannot connect to.

    Raises BadQuestion for what cannot be asked, BadCondition for a filter that cannot be read.
    """
    question = replace(
        question_of(facts, by=by, since=since, until=until, where=where, day_begins_s=day_begins_s, fetch=fetch),
        with_small=with_small,
    )
    results = _measured(question, asked, with_intervals=with_intervals)
    return [checked(result, question) for result in results] if with_checks else results


def _measured(question: Question, asked: Sequence[Asked], *, with_intervals: bool) -> list[Result]:
    """Measure metrics, without their checks."""
    plans: list[_Plan] = []
    missing: dict[int, tuple[Need, ...]] = {}
    for place, each in enumerate(asked):
        if lacking := needs_missing(question.facts, each):
            missing[place] = lacking
        else:
            measure = each.metric.measure(question.facts, each.options)
            plans.append(_Plan(asked=each, measure=measure, prefix=f"k{place}_"))
    sums = _sums(question, plans, with_intervals=with_intervals)
    measured = {plan.prefix: _answer(plan, question, sums, with_intervals=with_intervals) for plan in plans}
    return [
        _without(each, question, missing[place]) if place in missing else measured[f"k{place}_"]
        for place, each in enumerate(asked)
    ]


def question_of(
    facts: Facts,
    *,
    by: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    where: Condition | Mapping[str, object] | str | None = None,
    day_begins_s: int = 0,
    fetch: Fetch = fetched,
) -> Question:
    """Check a question. Raises BadQuestion and BadCondition."""
    for name in by:
        if name not in DIMENSIONS and name not in TIMES:
            message = gettext_noop("Nothing can be split by “%(name)s”; known are %(names)s.")
            raise BadQuestion(message, name=name, names=", ".join((*DIMENSIONS, *TIMES)))
    if len(set(by)) != len(by):
        raise BadQuestion(gettext_noop("Name each dimension once."))
    for moment in (since, until):
        if moment is not None and moment.tzinfo is None:
            raise BadQuestion(gettext_noop("A period needs moments with a time zone."))
    if since is not None and until is not None and since >= until:
        raise BadQuestion(gettext_noop("The period ends before it begins."))
    if not 0 <= day_begins_s < 86_400 or day_begins_s % 1_800:
        raise BadQuestion(gettext_noop("A day begins on the half hour or the hour, such as at 05:00."))
    return Question(
        facts=facts,
        by=tuple(by),
        since=since,
        until=until,
        where=condition(where),
        day_begins_s=day_begins_s,
        fetch=fetch,
    )


def needs_missing(facts: Facts, asked: Asked) -> tuple[Need, ...]:
    """Return what no source gives yet and without which there is no number: whole fact tables, or columns of them."""
    return missing(facts, asked.metric.all_needs(asked.options))


def _is_drawn(plan: _Plan) -> bool:
    return (
        isinstance(plan.measure, Ratio | Mean)
        and plan.measure.cluster is None
        and plan.asked.metric.interval is IntervalMethod.BOOTSTRAP
    )


def _is_clustered(plan: _Plan) -> bool:
    return (
        isinstance(plan.measure, Ratio | Mean)
        and plan.measure.cluster is not None
        and plan.asked.metric.interval in (IntervalMethod.WILSON_CLUSTERED, IntervalMethod.BOOTSTRAP)
    )


def _sums(question: Question, plans: Sequence[_Plan], *, with_intervals: bool) -> Sums:
    """Fetch the sums of all additive metrics, by day too where days are drawn again for an interval."""
    wanted: dict[str, Sum | Span] = {}
    series: dict[str, str] = {}
    for plan in plans:
        if isinstance(plan.measure, Ratio | Mean | Count) and not (with_intervals and _is_clustered(plan)):
            roles = additive.wanted(plan.measure)
            if not with_intervals:
                roles.pop("xx", None)
            wanted |= {f"{plan.prefix}{role}": what for role, what in roles.items()}
            series |= {f"{plan.prefix}{role}": series_of(plan.asked, role) for role in roles}
    buckets = ("day",) if with_intervals and any(map(_is_drawn, plans)) and "day" not in question.by else ()
    return fetched_sums(wanted, question, series=series, buckets=buckets)


def _answer(plan: _Plan, question: Question, sums: Sums, *, with_intervals: bool) -> Result:
    metric, measure, by = plan.asked.metric, plan.measure, question.by
    if isinstance(measure, Ratio | Mean) and with_intervals and _is_clustered(plan):
        fine = Gathered(table=clustered(measure, question, by))
        coarse = Gathered(table=clustered(measure, question, ())) if by else fine
        roles: Mapping[str, str] = {role: role for role in CLUSTERED}
    elif isinstance(measure, Ratio | Mean | Count):
        fine, roles = sums.of(plan.prefix)
        coarse = fine
    elif isinstance(measure, Goals):
        return _attained(plan.asked, measure, question)
    else:
        series = series_of(plan.asked, COUNTED)
        keys, cells = others.finished(measure, question, by, with_intervals=with_intervals, series=series)
        whole = others.finished(measure, question, (), with_intervals=with_intervals, series=series)[1]
        return _result(plan.asked, question, keys, cells, whole)
    method = metric.interval if with_intervals else IntervalMethod.NONE
    return _result(
        plan.asked,
        question,
        fine.by(by).keys,
        additive.finished(measure, method, fine, roles, by),
        additive.finished(measure, method, coarse, roles, ()),
    )


def _attained(asked: Asked, measure: Goals, question: Question) -> Result:
    """Measure goals, each by the metric that it names; one is provisional until it is due."""

    def ask(metric: Metric, options: Mapping[str, str], scope: object, since: datetime, until: datetime) -> Result:
        where = condition(cast("Mapping[str, object] | None", scope))
        own = replace(question, by=(), where=where, since=since, until=until)
        return _measured(own, [Asked.of(metric, options)], with_intervals=True)[0]

    found = attained(measure, question, ask)
    result = _result(asked, replace(question, until=None), found.keys, found.cells, found.whole)
    limit = np.inf if result.complete_until is None else micros(result.complete_until) / 1e6
    return replace(
        result,
        until=question.until,
        cells=None if result.cells is None else replace(result.cells, is_provisional=found.ends > limit),
        whole=None
        if result.whole is None
        else replace(result.whole, is_provisional=np.array([found.whole_end > limit])),
    )


def _result(
    asked: Asked, question: Question, keys: Mapping[str, Labels[object]], cells: Columns, whole: Columns
) -> Result:
    """Put an answer together: local times, what is hidden, what is provisional."""
    metric, clock = asked.metric, question.clock
    if metric.unit is Unit.SECONDS:
        # Student's interval of few rows reaches below what a duration can be.
        cells, whole = (replace(one, low=np.maximum(one.low, 0.0)) for one in (cells, whole))
    complete = complete_until(question.facts, metric.all_needs(asked.options))
    lag = timedelta(seconds=metric.maturity_seconds(asked.options))
    matured = None if complete is None else complete - lag
    end = None if question.until is None else micros(question.until) / 1e6
    ends = np.full(len(cells.value), np.inf if end is None else end)
    for name in question.by:
        if name in TIMES and not TIMES[name].is_recurring:
            ends = np.minimum(ends, bucket_ends(name, keys[name], clock))
    limit = np.inf if matured is None else micros(matured) / 1e6
    hidden, is_whole_hidden = np.zeros(len(cells.value), dtype=np.bool_), False
    is_shown_small = question.with_small and metric.subject is not Subject.ANONYMOUS
    if metric.subject in {Subject.PEOPLE, Subject.ANONYMOUS} and not is_shown_small:
        hidden, is_whole_hidden = _hidden(asked, question, keys)
    read: dict[str, Labels[Key]] = {
        name: time_keys(name, labels, clock) if name in TIMES else labels.mapped(_plain)
        for name, labels in keys.items()
    }
    shown = partial(cells_shown, subject=Subject.OPERATION if question.with_small else metric.subject)
    is_provisional, is_whole_provisional = (ends > limit) & ~np.isinf(ends), end is not None and end > limit
    return replace(
        _without(asked, question, ()),
        cells=shown(read, cells, hidden=hidden, is_provisional=is_provisional) if question.by else None,
        whole=shown({}, whole, hidden=np.array([is_whole_hidden]), is_provisional=np.array([is_whole_provisional])),
        complete_until=complete,
        matured_until=matured,
    )


def _plain(value: object) -> Key:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _hidden(asked: Asked, question: Question, keys: Mapping[str, Labels[object]]) -> tuple[Bools, bool]:
    """Count the persons behind each cell, and choose what is hidden because of them."""
    persons = others.persons(asked.metric.measure(question.facts, asked.options), question)
    if not question.by:
        return np.zeros(1, dtype=np.bool_), bool(persons.get((), 0) < FEWEST_PERSONS)
    places = list(zip(*keys.values(), strict=True))
    return hidden_persons(np.array([float(persons.get(place, 0)) for place in places]), keys)


def _without(asked: Asked, question: Question, missing: tuple[Need, ...]) -> Result:
    """Say what was asked, and "not measured": there is no number, which is not the number 0."""
    return Result(
        metric=asked.metric,
        options=asked.options,
        by=question.by,
        since=question.since,
        until=question.until,
        where=question.where,
        zone=question.facts.zone,
        day_begins_s=question.day_begins_s,
        cells=None,
        whole=None,
        complete_until=None,
        matured_until=None,
        seed=SEED,
        not_measured=missing,
    )
