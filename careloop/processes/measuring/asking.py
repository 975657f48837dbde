"""Ask the facts of a workspace, or return what the same question came to before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext

import careloop
from careloop.domains.boards import queries, services
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.sentences import Unusable
from careloop.processes.measuring.doubting import doubted
from careloop.processes.measuring.errors import MetricUnknown, QuestionTooLong, QuestionUnclear
from careloop.processes.measuring.lakes import NO_LAKE, insight, lake_state, opened, within_a_minute
from careloop.processes.measuring.types import Answer, Figure, Question

if TYPE_CHECKING:
    from careloop.insight.facts import Facts
    from careloop.insight.kpis import Asked, Result, Row

__all__ = ["Outcomes", "answers", "outcomes"]

# While facts arrive all the time, an answer is worked out anew at most so often; every answer says as of when it is.
FRESH_FOR: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What questions came to, each by its place: an answer, or why there is none. waiting: those that facts must be scanned for."""

    found: Mapping[int, Answer | Refusal]
    waiting: frozenset[int] = frozenset()


def answers(questions: Sequence[Question], *, workspace_id: int, now: datetime) -> list[Answer]:
    """Answer questions over the facts of one workspace, in order; see `outcomes`.

    Raises MeasuringMissing, MetricUnknown, QuestionUnclear, QuestionTooLong: of the first question that has no answer.
    """
    found = outcomes(questions, workspace_id=workspace_id, now=now).found
    given = []
    for place in range(len(questions)):
        match found[place]:
            case Refusal() as refusal:
                raise refusal
            case answer:
                given.append(answer)
    return given


def outcomes(
    questions: Sequence[Question], *, workspace_id: int, now: datetime, without_scans: bool = False
) -> Outcomes:
    """Answer questions over the facts of one workspace, all of one state: those about the same period and parts in one go.

    without_scans: whether questions that stored cells cannot answer are left waiting.

    The caller has checked who may ask (`policy`), and calls this outside any scope: it opens its own, briefly, so that no
    transaction waits while facts are read.

    Raises MeasuringMissing.
    """
    insight("kpis")
    state = lake_state(workspace_id)
    keys = {place: _key(question) for place, question in enumerate(questions)}
    found: dict[int, Answer | Refusal] = {}
    if state != NO_LAKE:
        with workspace_scope(workspace_id):
            kept = queries.readings(keys.values())
        for place, key in keys.items():
            if key in kept and (kept[key].lake == state or now - kept[key].made_at < FRESH_FOR):
                found[place] = Answer.read(kept[key].answer)
    asked = {place: question for place, question in enumerate(questions) if place not in found}
    waiting: frozenset[int] = frozenset()
    if asked:
        made, waiting = _worked_out(asked, workspace_id, without_scans=without_scans)
        found |= made
        if state != NO_LAKE:
            fresh = {keys[place]: answer.loaded() for place, answer in made.items() if isinstance(answer, Answer)}
            with workspace_scope(workspace_id):
                services.keep_readings(fresh, lake=state, at=now)
    answered = {place: answer for place, answer in found.items() if isinstance(answer, Answer)}
    told = doubted(list(answered.values()), [questions[place] for place in answered], workspace_id=workspace_id)
    return Outcomes(found={**found, **dict(zip(answered, told, strict=True))}, waiting=waiting)


def _key(question: Question) -> str:
    # Another release may define a metric differently.
    said = json.dumps([careloop.__version__, question.loaded()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _worked_out(
    questions: Mapping[int, Question], workspace_id: int, *, without_scans: bool
) -> tuple[dict[int, Answer | Refusal], frozenset[int]]:
    """Answer questions by their place, and name those that were left waiting."""
    found: dict[int, Answer | Refusal] = {}
    waiting: set[int] = set()
    for day in {question.as_of for question in questions.values()}:
        asked: dict[int, tuple[Question, Asked]] = {}
        for place, question in questions.items():
            if question.as_of == day:
                try:
                    asked[place] = (question, _asked(question))
                except (MetricUnknown, QuestionUnclear) as refusal:
                    found[place] = refusal
        with opened(workspace_id, as_of=day) as facts:
            if facts is None:
                found |= {place: _without(each.metric, question) for place, (question, each) in asked.items()}
                continue
            if without_scans:
                waiting |= {place for place, (question, each) in asked.items() if _needs_scan(facts, question, each)}
            alike: dict[str, dict[int, tuple[Question, Asked]]] = {}
            for place, (question, each) in asked.items():
                if place not in waiting:
                    alike.setdefault(_shape(question), {})[place] = (question, each)
            for group in alike.values():
                try:
                    with within_a_minute(facts):
                        found |= _together(facts, group)
                except QuestionTooLong as refusal:
                    found |= dict.fromkeys(group, refusal)
    return found, frozenset(waiting)


def _asked(question: Question) -> "Asked":
    """Return the metric with its options. Raises MetricUnknown, QuestionUnclear."""
    kpis = insight("kpis")
    try:
        asked: Asked = kpis.Asked.of(kpis.defined(question.metric, as_of=question.as_of), question.options)
    except kpis.UnknownMetric as error:
        raise MetricUnknown(error.sentence(gettext)) from error
    except Unusable as error:
        raise QuestionUnclear(error.sentence(gettext)) from error
    return asked


def _shape(question: Question) -> str:
    """Return what questions that are answered in one go have in common."""
    return json.dumps({**question.loaded(), "metric": "", "options": {}}, sort_keys=True, ensure_ascii=False)


def _needs_scan(facts: "Facts", question: Question, asked: "Asked") -> bool:
    try:
        return question.is_spread or bool(insight("kpis").needs_scan(facts, asked, **_of_period(question)))
    except Unusable:
        return False  # which takes no time to say


def _together(facts: "Facts", group: Mapping[int, tuple[Question, "Asked"]]) -> dict[int, Answer | Refusal]:
    """Answer questions of the same shape in one go; where one of them makes no sense, one by one."""
    question = next(iter(group.values()))[0]
    try:
        if question.is_spread:
            return {place: _spread(facts, question, asked) for place, (question, asked) in group.items()}
        every = [asked for _question, asked in group.values()]
        results = _measured(facts, question, every)
        reach = [_reaches_back(facts, question, asked) for asked in every]
    except Unusable as error:
        if len(group) == 1:
            return dict.fromkeys(group, QuestionUnclear(error.sentence(gettext)))
        alone = [_together(facts, {place: one}) for place, one in group.items()]
        return {place: answer for each in alone for place, answer in each.items()}
    told = (replace(_answer(result), reaches_back=far) for result, far in zip(results, reach, strict=True))
    return dict(zip(group, told, strict=True))


def _reaches_back(facts: "Facts", question: Question, asked: "Asked") -> bool:
    tables = asked.metric.all_needs(asked.options)
    found: bool = insight("kpis.asking.reaching").reaches_back(
        facts, tables, since=question.since, until=question.until
    )
    return found


def _measured(facts: "Facts", question: Question, asked: Sequence["Asked"]) -> list["Result"]:
    results: list[Result] = insight("kpis").measure_all(facts, asked, **_of_period(question))
    return results


def _of_period(question: Question) -> dict[str, Any]:
    return {
        "by": question.by,
        "since": question.since,
        "until": question.until,
        "where": question.conditions or None,
        "with_intervals": question.with_intervals,
        "day_begins_s": question.day_begins_s,
    }


def _spread(facts: "Facts", question: Question, asked: "Asked") -> Answer:
    """Return bins as rows: `low` and `high` are their edges, `n` how many lie between; the quantiles stand among the notes."""
    whole = _answer(_measured(facts, question, [asked])[0])
    if whole.total is None or whole.total.standing == "hidden":
        return whole
    measured = insight("kpis.engine").question_of(
        facts, since=question.since, until=question.until, where=question.conditions or None
    )
    found = insight("kpis.spread").spread(asked, measured)
    rows = (
        Figure(
            dimensions={},
            value=None,
            low=one.start,
            high=one.end,
            method="",
            numerator=None,
            denominator=None,
            n=one.count,
            standing="shown",
            is_provisional=whole.total.is_provisional,
        )
        for one in found.bins
    )
    notes = {**whole.notes, "p50": found.p50, "p90": found.p90, "beyond": float(found.beyond)}
    return replace(whole, rows=tuple(rows), notes=notes)


def _without(metric: Any, question: Question) -> Answer:
    """Say what a number would need where nobody has brought any facts."""
    return Answer(
        metric=metric.id,
        version=metric.version,
        options=" ".join(f"{name}={value}" for name, value in question.options.items()),
        zone="",
        total=None,
        not_measured=tuple(
            f"{table} ({', '.join(columns)})" for table, columns in insight("kpis.lacks").by_default(metric).items()
        ),
        newest_version=_newest(metric),
        unit=metric.unit.value,
    )


def _newest(metric: Any) -> int:
    version: int = (insight("kpis").replaced_by(metric) or metric).version
    return version


def _answer(result: "Result") -> Answer:
    return Answer(
        metric=result.metric.id,
        version=result.metric.version,
        newest_version=_newest(result.metric),
        unit=result.metric.unit.value,
        options=str(result.options),
        zone=result.zone,
        total=None if result.total is None else _figure(result.total),
        rows=tuple(map(_figure, result.rows)),
        complete_until=_iso(result.complete_until),
        matured_until=_iso(result.matured_until),
        not_measured=tuple(map(str, result.not_measured)),
        notes=dict(result.notes),
    )


def _figure(row: "Row") -> Figure:
    return Figure(
        dimensions={name: _plain(key) for name, key in row.dimensions.items()},
        value=row.value,
        low=row.low,
        high=row.high,
        method=row.method,
        numerator=row.numerator,
        denominator=row.denominator,
        n=row.n,
        standing=row.standing.value,
        is_provisional=row.is_provisional,
    )


def _plain(key: Any) -> str | float | None:
    return key.isoformat() if isinstance(key, date) else key


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
