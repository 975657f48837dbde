"""Play a game in an honest world, and ask whether its check sees it."""

import copy
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import lru_cache

import numpy as np

import tests.insight.kpis.gaming.games_of_judgment  # noqa: F401 - plays its games
from careloop.insight.facts import Facts
from careloop.insight.kpis import METRICS
from careloop.insight.kpis.checking import flag_of
from careloop.insight.kpis.checks import CHECKS
from careloop.insight.kpis.engine import question_of
from careloop.insight.kpis.options import Options, chosen
from careloop.insight.kpis.results import Flag
from tests.insight.kpis.gaming.games import GAMES
from tests.insight.kpis.gaming.honest import END, START, Tables, honest

__all__ = ["GAMES", "GUARDED", "LOTS", "flags", "made", "played", "world"]

# The metric under guard whose options a check takes.
GUARDED = {check: metric for metric in reversed(tuple(METRICS.values())) for check in metric.checks}
# Most games can be played in one world; these would spoil each other's traces, or drown in those of the first lot.
THIRD = (
    "early_hold_share",
    "talk_heaping",
    "unlogged_calls",
    "easy_work_by_agent",
    "failures_passed_on",
    "nines_over_tens",
    "ces_against_csat",
    "other_share",
    "short_abandon_share",
    "time_before_queue",
    "last_minute_share",
    "invitation_outcome_mix",
    "invitation_reason_mix",
)
FOURTH = (
    "repeat_after_short_calls",
    "severity_second_review",
    "deviation_second_coder",
    "uncoded_complaints",
    "unlogged_abuse",
    "response_rate_fall",
)
SECOND = (
    "short_talk_share",
    "same_caller_by_agent",
    "censored_wait_gap",
    "lost_share",
    "work_without_task",
    "paused_time_share",
    "priority_downgrades",
    "reopen_cycles",
    "complaints_after_resolution",
    "parked_cases",
    "changes_after_completion",
    "customer_only_gap",
    "fcr_gap_trend",
    "customer_initiated_gap",
    "csat_against_fcr",
    "score_trend",
    "mystery_against_blind",
    "customer_searches_empty",
    "month_end_bunching",
    "acknowledged_in_rows",
    "disputes_by_supervisor",
    "default_code_by_agent",
    "occupancy_sustained",
    "occupancy_strained",
)
LOTS = (tuple(name for name in GAMES if name not in {*SECOND, *THIRD, *FOURTH}), SECOND, THIRD, FOURTH)
# Tables that dimensions are looked up in.
ALWAYS = frozenset({"contact", "contact_segment", "agent_team", "case"})


def made() -> tuple[str, ...]:
    """Name the checks that facts can tell of."""
    return tuple(name for name, check in CHECKS.items() if check.measure is not None)


@lru_cache(maxsize=2)
def world(seed: int) -> Tables:
    """Draw an honest world, once."""
    return honest(seed)


def played(seed: int, checks: Iterable[str] = ()) -> Tables:
    """Return the world of a seed in which the games of these checks were played, each once, in order."""
    tables = copy.deepcopy(world(seed))
    for game in dict.fromkeys(GAMES[name] for name in checks):
        game(np.random.default_rng([seed, 7]), tables)
    return tables


def facts_of(tables: Tables, names: Collection[str]) -> Facts:
    """Return facts of some tables, without the notes of the generator."""
    kept = {
        name: [{key: value for key, value in row.items() if key[0] != "_"} for row in tables[name]] for name in names
    }
    return Facts.of(kept, watermarks={"memory": END + timedelta(days=120)})


def flags(tables: Tables, checks: Collection[str]) -> dict[str, Flag]:
    """Make some checks of a world."""
    needs = {table for name in checks for table in CHECKS[name].needs} | ALWAYS
    question = question_of(facts_of(tables, needs), since=START, until=END)
    found: dict[str, Flag] = {}
    for name in checks:
        flag = flag_of(CHECKS[name], _options(name), question)
        if flag is not None:
            found[name] = flag
    return found


def _options(check: str) -> Options:
    return chosen(GUARDED[check].options, {}) if check in GUARDED else Options({})
