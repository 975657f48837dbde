"""The burnout signal: teams, week by week, each against its own beginning (metrics.md §3.10)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from careloop.insight.kpis.asking.grouping import Labels, grouping
from careloop.insight.kpis.asking.queries import by_cell, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.asking.sources import micros
from careloop.insight.kpis.classes import additive, ordered
from careloop.insight.kpis.classes.summing import fetched_sums
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Count, Distinct, Mean, Measure, Quantile, Ratio, Weekly
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.burnout import BurnoutLevel, TeamWeek, burnout_signal
from careloop.kernel.sentences import gettext_noop

__all__ = ["weekly"]

Keys: TypeAlias = Mapping[str, Labels[object]]
DAY, WEEK = 86_400, 604_800
BY_DAY = "_by_day"
# Two days say nothing of how much days differ.
FEWEST_DAYS = 3
LEVELS = {BurnoutLevel.UNKNOWN: float("nan"), BurnoutLevel.GREEN: 0.0, BurnoutLevel.AMBER: 1.0, BurnoutLevel.RED: 2.0}


def weekly(measure: Weekly, question: Question) -> tuple[Keys, Columns]:
    """Judge each team's weeks; without a split by team, the number is the highest level of any team.

    Weeks are whole: one that the period or the data end in does not count. A level needs ten weeks since the first fact.
    """
    if not set(question.by) <= {"team", "week"}:
        raise BadQuestion(gettext_noop("The signal is one of teams and weeks; it cannot be split by anything else."))
    teams = _team_weeks(measure, question)
    judged = _judged(teams, question)
    cells: dict[tuple[object, ...], list[tuple[float, int]]] = defaultdict(list)
    for (team, week), found in judged.items():
        places: dict[str, object] = {"team": team, "week": week}
        cells[tuple(places[name] for name in question.by)].append(found)
    order = sorted(cells, key=lambda key: tuple((value is None, value) for value in key))
    worst = [max(cells[key], key=lambda found: -1.0 if np.isnan(found[0]) else found[0]) for key in order]
    if not question.by and not order:
        order, worst = [()], [(float("nan"), 0)]
    nothing = np.full(len(order), np.nan)
    each = np.arange(len(order))
    return {name: Labels([key[place] for key in order], each) for place, name in enumerate(question.by)}, Columns(
        value=np.array([value for value, _persons in worst], dtype=np.float64),
        low=nothing,
        high=nothing,
        numerator=nothing,
        denominator=nothing,
        n=np.array([float(persons) for _value, persons in worst]),
        method=np.full(len(order), ""),
    )


def _judged(
    teams: Mapping[str, Mapping[int, TeamWeek]], question: Question
) -> dict[tuple[str, int], tuple[float, int]]:
    """Judge the weeks of the period that were asked for; the last one unless weeks were."""
    since = 0.0 if question.since is None else micros(question.since) / 1e6
    found: dict[tuple[str, int], tuple[float, int]] = {}
    for team, known in teams.items():
        first, last = min(known), max(known)
        run = [known.get(week, TeamWeek(persons=0)) for week in range(first, last + 1, WEEK)]
        for place, week in enumerate(range(first, last + 1, WEEK)):
            is_asked = week + DAY > since if "week" in question.by else week == last
            if is_asked:
                signal = burnout_signal(run[: place + 1])
                level = float("nan") if signal is None else LEVELS[signal.level]
                found[(team, week)] = (level, run[place].persons)
    return found


def _team_weeks(measure: Weekly, question: Question) -> dict[str, dict[int, TeamWeek]]:
    """Measure the inputs of every whole week since the first fact, by team and the local second of its Monday."""
    asked = replace(question, by=("team", "week"), since=None)
    known = question.until or question.facts.watermark()
    end = float("inf") if known is None else micros(known) / 1e6
    figures: dict[str, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    days: dict[str, dict[str, dict[int, list[float]]]] = {
        name: defaultdict(lambda: defaultdict(list)) for name in measure.inputs if name.endswith(BY_DAY)
    }
    for name, each in measure.inputs.items():
        by = ("team", "day") if name in days else ("team", "week")
        keys, columns = _measured(each, replace(asked, by=by))
        rows = zip(keys["team"], keys[by[1]], columns.value.tolist(), columns.n.tolist(), strict=True)
        for team, start, value, n in rows:
            if not isinstance(team, str) or not isinstance(start, int) or np.isnan(value):
                continue
            if name in days:
                days[name][team][_monday(start)].append(min(1.0, value))
                continue
            figures[team][start][name] = value
            if name == "exhausted_share":
                figures[team][start]["exhausted_answers"] = n
    teams: dict[str, dict[int, TeamWeek]] = {}
    for team, weeks in figures.items():
        whole = {week: given for week, given in weeks.items() if week + WEEK <= end}
        if whole:
            # A week in which nobody left has no row that says so.
            least = {"voluntary_leavers": 0.0} if "voluntary_leavers" in measure.inputs else {}
            teams[team] = {
                week: _team_week({**least, **given}, {name: known[team][week] for name, known in days.items()})
                for week, given in whole.items()
            }
    return teams


def _team_week(given: Mapping[str, float], days: Mapping[str, Sequence[float]]) -> TeamWeek:
    kept = days.get("adherence_by_day", ())
    return TeamWeek(
        persons=int(given.get("persons", 0)),
        occupancy_by_day=tuple(days.get("occupancy_by_day", ())) or None,
        missed_break_share=given.get("missed_break_share"),
        adherence_sd=float(np.std(kept, ddof=1)) if len(kept) >= FEWEST_DAYS else None,
        participation_share=_at_most_one(given.get("participation_share")),
        short_pause_share=given.get("short_pause_share"),
        overtime_seconds_p90=given.get("overtime_seconds_p90"),
        abusive_per_1000=given.get("abusive_per_1000"),
        short_notice_absence_share=given.get("short_notice_absence_share"),
        exhausted_share=given.get("exhausted_share"),
        exhausted_answers=int(given.get("exhausted_answers", 0)),
        voluntary_leavers=given.get("voluntary_leavers"),
    )


def _at_most_one(share: float | None) -> float | None:
    # More answers than invitations are somebody's mistake, and no reason to refuse a week.
    return None if share is None else min(1.0, share)


def _monday(day: int) -> int:
    """Return the local second of the Monday of a day. 1970-01-05 was one."""
    return day - (day - 4 * DAY) % WEEK


def _measured(measure: Measure, question: Question) -> tuple[Keys, Columns]:
    """Measure one input in each cell, without intervals."""
    match measure:
        case Ratio() | Mean() | Count():
            sums, roles = fetched_sums(additive.wanted(measure), question, series={}, buckets=()).of("")
            columns = additive.finished(measure, IntervalMethod.NONE, sums, roles, question.by)
            return sums.by(question.by).keys, columns
        case Quantile():
            return ordered.quantiles(measure, question, with_intervals=False)
        case Distinct():
            placed = prepared(measure.rows.mutate(m_key=measure.rows[measure.key]), question, at=measure.at)
            table = question.fetch(by_cell(placed.distinct(), question.by).aggregate(n=placed.distinct().count()))
            cells = grouping(table, question.by)
            count: Floats = cells.total(np.asarray(table["n"].to_numpy(), dtype=np.float64))
            nothing = np.full(len(count), np.nan)
            return cells.keys, Columns(
                value=count,
                low=nothing,
                high=nothing,
                numerator=count,
                denominator=nothing,
                n=count,
                method=np.full(len(count), ""),
            )
    raise AssertionError(measure)
