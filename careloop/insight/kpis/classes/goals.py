"""Goals: how far each has come, from the metric that it names (metrics.md §2.J)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np

from careloop.insight.kpis.asking.columns import is_true
from careloop.insight.kpis.asking.grouping import Labels
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.reaching import reaches_back
from careloop.insight.kpis.asking.sources import EPOCH, Facts
from careloop.insight.kpis.catalogue import METRICS
from careloop.insight.kpis.definitions import EARLIER
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Goals
from careloop.insight.kpis.metric import Aggregation, Metric
from careloop.insight.kpis.results import Columns, Result
from careloop.insight.stats.arrays import Floats
from careloop.kernel.sentences import Unusable, gettext_noop

__all__ = ["Attained", "GoalStatus", "attained", "goal_status", "goal_statuses"]

# What a goal is, without when its row came in.
SAID = (
    "target_id", "metric_id", "metric_version", "metric_options", "scope", "starts_at_us", "due_at_us", "baseline", "goal", "owner",
    "why_attainable", "relevance",
)  # fmt: skip

Ask: TypeAlias = Callable[[Metric, Mapping[str, str], Mapping[str, Any] | None, datetime, datetime], Result]


class GoalStatus(StrEnum):
    """MET: the whole interval meets the goal. MET_UNCERTAIN: the value does, its interval does not. TOO_EARLY: it is not due.

    BLOCKED: the value meets it, but an integrity check found that the number may have been made to.
    """

    MET = "met"
    MET_UNCERTAIN = "met_uncertain"
    NOT_MET = "not_met"
    TOO_EARLY = "too_early"
    BLOCKED = "blocked"


def goal_status(
    *, attained: float | None, low: float | None, is_due: bool, is_flagged: bool = False
) -> GoalStatus | None:
    """Say where a goal stands; None where nothing was measured.

    attained: of the way from baseline to goal, 1 being all of it. low: the end of its interval towards the baseline.
    Example of metrics.md §2.J: 5 % to 3 %, 56 of 2000 is 2.8 %, Wilson up to 3.62 %: met, uncertain.
    """
    if attained is None:
        return None
    if not is_due:
        return GoalStatus.TOO_EARLY
    if attained < 1:
        return GoalStatus.NOT_MET
    if is_flagged:
        return GoalStatus.BLOCKED
    return GoalStatus.MET if low is not None and low >= 1 else GoalStatus.MET_UNCERTAIN


def goal_statuses(facts: Facts, result: Result) -> Mapping[str, GoalStatus | None]:
    """Say where each goal of a result stands, by its id. result: of `target_attainment`, split by goal."""
    metrics = {row["target_id"]: row["metric_id"] for row in facts["target"].to_pyarrow().to_pylist()}
    flagged: set[object] = set()
    if facts.has("integrity_flag"):
        flags = facts["integrity_flag"]
        opened = flags.filter(is_true(flags.severity == "severe"), flags.answered_at.isnull())
        flagged = set(opened.to_pyarrow()["metric_id"].to_pylist())
    return {
        str(row.dimensions["goal"]): goal_status(
            attained=row.value,
            low=row.low,
            is_due=not row.is_provisional,
            is_flagged=metrics.get(row.dimensions["goal"]) in flagged,
        )
        for row in result.rows
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attained:
    """How far goals have come. cells: one for each goal that `keys` name. ends: when each is due, as UTC seconds.

    whole: the goal that has come least far, or nothing; whole_end: when that one is due.
    """

    keys: Mapping[str, Labels[object]]
    cells: Columns
    ends: Floats
    whole: Columns
    whole_end: float


def attained(measure: Goals, question: Question, ask: Ask) -> Attained:
    """Measure every goal that runs in the period, from its start until it is due or until facts are complete.

    ask: measures a metric with these options and this condition in a period.

    A goal that lacks one of its five parts (SMART) is none, nor is one whose metric is not known, or not in that version.
    Raises BadQuestion where goals are split by anything but themselves.
    """
    if not set(question.by) <= {"goal"} or question.where is not None:
        raise BadQuestion(gettext_noop("Goals are split by goal, and by nothing else."))
    found = [(row, _measured(row, question, ask)) for row in _running(measure, question)]
    rows = [(row, columns) for row, columns in found if columns is not None]
    cells = _together([columns for _row, columns in rows])
    ends = np.array([_seconds(row["due_at"]) for row, _columns in rows], dtype=np.float64)
    known = np.flatnonzero(np.isfinite(cells.value))
    least = [int(known[np.argmin(cells.value[known])])] if len(known) else []
    labels = Labels([row["target_id"] for row, _columns in rows], np.arange(len(rows)))
    return Attained(
        keys={"goal": labels} if question.by else {},
        cells=cells,
        ends=ends,
        whole=_together([rows[place][1] for place in least] or [_nothing()]),
        whole_end=float(ends[least[0]]) if least else float("inf"),
    )


def _running(measure: Goals, question: Question) -> list[dict[str, Any]]:
    rows = [_with_moments(row) for row in question.fetch(measure.rows.select(*SAID)).to_pylist()]
    return sorted(
        (
            row
            for row in rows
            if (question.until is None or row["starts_at"] < question.until)
            and (question.since is None or row["due_at"] > question.since)
            and all(str(row[name] or "").strip() for name in ("owner", "why_attainable", "relevance"))
        ),
        key=lambda row: str(row["target_id"]),
    )


def _with_moments(row: Mapping[str, Any]) -> dict[str, Any]:
    """Add the moments of a goal; databases hand them over in different ways, whole numbers in one."""
    return {
        **row,
        **{name: EPOCH + timedelta(microseconds=int(row[f"{name}_us"])) for name in ("starts_at", "due_at")},
    }


def _measured(row: Mapping[str, Any], question: Question, ask: Ask) -> tuple[float, ...] | None:
    """Return value, low, high, numerator, denominator and n of one goal; None for what is no goal."""
    metric = _metric(row)
    if metric is None or row["starts_at"] >= row["due_at"]:
        return None
    complete = question.facts.watermark()
    until = row["due_at"] if complete is None else min(row["due_at"], complete)
    way = row["baseline"] - row["goal"]
    if until <= row["starts_at"] or way == 0:
        return _nothing()
    options = dict(part.partition("=")[::2] for part in str(row["metric_options"]).split())
    try:
        scope = json.loads(row["scope"]) if row["scope"] else None
        result = ask(metric, options, scope, row["starts_at"], until)
    except (Unusable, ValueError):
        return _nothing()
    total = result.total
    if total is None or total.value is None or not _is_known(result, question.facts, row["starts_at"], until):
        return _nothing()
    ends = sorted((row["baseline"] - end) / way for end in (total.low, total.high) if end is not None)
    low, high = (ends[0], ends[1]) if len(ends) == 2 else (float("nan"), float("nan"))
    gone = row["baseline"] - total.value
    return gone / way, low, high, gone, way, float(total.n or 0)


def _is_known(result: Result, facts: Facts, since: datetime, until: datetime) -> bool:
    """Say whether a count is of the whole period: what was not recorded yet is no success of a goal to have less of it."""
    if result.metric.aggregation is not Aggregation.COUNT:
        return True
    return reaches_back(facts, result.metric.all_needs(result.options), since=since, until=until)


def _metric(row: Mapping[str, Any]) -> Metric | None:
    """Return the definition that a goal was set with, be it an earlier one."""
    now = METRICS.get(row["metric_id"])
    if now is None or now.id == "target_attainment":
        return None
    known = (now, *(each.metric for each in EARLIER.get(now.id, ())))
    return next((each for each in known if each.version == row["metric_version"]), None)


def _nothing() -> tuple[float, ...]:
    nothing = float("nan")
    return nothing, nothing, nothing, nothing, nothing, 0.0


def _together(rows: list[tuple[float, ...]]) -> Columns:
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
    return Columns(
        value=table[:, 0],
        low=table[:, 1],
        high=table[:, 2],
        numerator=table[:, 3],
        denominator=table[:, 4],
        n=table[:, 5],
        method=np.where(np.isfinite(table[:, 1]), "inherited", ""),
    )


def _seconds(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(seconds=1)
