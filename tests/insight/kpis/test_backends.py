"""The same expressions give the same numbers on DuckDB, on PostgreSQL and on ClickHouse (embedded, over Parquet)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis import Asked, BadQuestion
from careloop.insight.kpis.engine import needs_missing
from careloop.insight.kpis.options import Setting
from tests.insight.imports.reading import capture
from tests.insight.kpis.elsewhere import DuckDB, Elsewhere, Engine, clickhouse, postgres, written
from tests.insight.kpis.strategies import worlds
from tests.insight.kpis.worlds import World, utc
from tests.insight.kpis.worlds_of.complaints import grievances
from tests.insight.kpis.worlds_of.guidance import guidances
from tests.insight.kpis.worlds_of.loyalty import loyalties
from tests.insight.kpis.worlds_of.people import staffs
from tests.insight.kpis.worlds_of.quality import qualities
from tests.insight.kpis.worlds_of.voice import voices

pytestmark = pytest.mark.database
# The letters of families to the worlds that have their facts.
WORLDS: Final[Mapping[str, st.SearchStrategy[World]]] = {
    "ABCJ": worlds(),
    "D": voices(),
    "E": loyalties(),
    "F": grievances(),
    "G": qualities(),
    "H": guidances(),
    "I": staffs(),
}
# Options that start from other rows than the defaults do.
VARIANTS: Final[tuple[tuple[str, dict[str, Setting]], ...]] = (
    ("avg_queue_time", {"view": "contact_total"}),
    ("aht", {"mix_adjusted": True}),
    ("aht", {"mix_adjusted": True, "view": "contact"}),
    ("contacts_per_8h", {"mix_adjusted": True}),
    ("escalation_rate", {"unit": "case"}),
    ("fcr_issue", {"window": "fixed"}),
    ("fcr_survey", {"response_weighted": True}),
    ("integrity_flags", {"weighted": True}),
    ("csat", {"weighted": "response"}),
    ("nps", {"response_weighted": True}),
    ("ces", {"response_weighted": True}),
    ("survey_breakoff", {"position": 1}),
    ("knowledge_findability", {"within_s": 60}),
)
SPLITS = ((), ("agent", "day"), ("channel", "half_hour"), ("team", "week"), ("queue", "weekday"), ("month",))
QUICK = settings(
    max_examples=1,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """DuckDB, and the others that must say the same."""

    duckdb: DuckDB
    others: tuple[Engine, ...]

    def load(self, facts: Facts) -> None:
        for engine in (self.duckdb, *self.others):
            engine.load(facts)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Run an expression everywhere, compare what comes back row by row, and return it."""
        mine = self.duckdb.run(written(expression, "duckdb"), expression)
        for engine in self.others:
            query = written(expression, engine.name)
            try:
                theirs = engine.run(query, expression)
            except Exception as refusal:
                raise AssertionError(f"{engine.name} cannot run\n{query}") from refusal
            same(mine, theirs, engine.name, query)
        return mine


def same(mine: pa.Table, theirs: pa.Table, name: str, query: str) -> None:
    """Rows come in any order, and float64 sums are added up in any order."""
    names = sorted(mine.column_names, key=lambda column: pa.types.is_floating(mine[column].type))
    one, other = (sorted_rows(table.select(names)) for table in (mine, theirs))
    assert len(one) == len(other), f"{name}: {len(other)} rows, not {len(one)}\n{query}"
    for row, its in zip(one, other, strict=True):
        assert all(map(is_same, row, its)), f"{name}: {its}, not {row}\n{query}"


def is_same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, float) and isinstance(theirs, float):
        return isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return bool(mine == theirs)


def sorted_rows(table: pa.Table) -> list[list[Any]]:
    def place(row: list[Any]) -> list[tuple[bool, Any]]:
        return [(value is None, round(value, 6) if isinstance(value, float) else value or 0) for value in row]

    return sorted(([*row.values()] for row in table.to_pylist()), key=lambda row: str(place(row)))


@pytest.fixture(scope="module")
def engines(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    with postgres(database_url) as one, clickhouse(tmp_path_factory.mktemp("clickhouse")) as other:
        yield Engines(duckdb=DuckDB(), others=(one, other))


@cache
def captured(name: str, route: str) -> Facts:
    with TemporaryDirectory() as folder:
        rows, _report = capture(name, route, Path(folder))
    return Facts.of(rows, zone="Asia/Seoul", watermarks={"memory": utc("2026-12-01")})


def ask(engines: Engines, facts: Facts, asked: Sequence[Asked], by: tuple[str, ...], **more: Any) -> None:
    """Ask metrics, one by one and as a whole where they cannot be split so."""
    for each in asked:
        try:
            kpis.measure_all(Elsewhere(facts), [each], by=by, fetch=engines.fetch, **more)
        except BadQuestion:
            kpis.measure_all(Elsewhere(facts), [each], fetch=engines.fetch, **more)


@pytest.mark.once
@pytest.mark.parametrize("family", WORLDS)
@QUICK
@given(data=st.data())
def test_agree_on_random_facts(engines: Engines, family: str, data: st.DataObject) -> None:
    world = data.draw(WORLDS[family])
    # Hypothesis begins with the smallest world there is, and hardly any number has rows in it.
    assume(any(len(rows) > 3 for rows in world.tables.values()))
    facts = replace(world, zone="Europe/London").facts
    engines.load(facts)

    for place, metric in enumerate(metric for metric in kpis.METRICS.values() if metric.code[0] in family):
        by = SPLITS[place % len(SPLITS)]
        ask(engines, facts, [Asked.of(metric)], by, since=utc("2026-03-28T12:00"), until=utc("2026-03-30"))
    for name, options in VARIANTS:
        if kpis.METRICS[name].code[0] in family:
            asked = Asked.of(kpis.METRICS[name], options)
            ask(engines, facts, [asked], ("agent",), since=utc("2026-03-28T12:00"), until=utc("2026-03-30"))


@pytest.mark.parametrize(("name", "route"), [("iax22", "ami"), ("sip20", "with_cel")])
def test_agree_on_captures(engines: Engines, name: str, route: str) -> None:
    facts = captured(name, route)
    measured = [asked for asked in map(Asked.of, kpis.METRICS.values()) if not needs_missing(facts, asked)]
    engines.load(facts)

    assert len(measured) > 15
    for place, asked in enumerate(measured):
        ask(engines, facts, [asked], SPLITS[-1 - place % len(SPLITS)], with_checks=True)


@pytest.mark.parametrize("name", ["occupancy", "conformance"])
def test_agree_on_who_changes_teams(engines: Engines, name: str) -> None:
    start = utc("2026-03-02T08:00")
    spans = [("contact", 0, 4), ("available", 4, None)]
    teams = [("a", "red", 1, 3), ("a", "blue", 5, None), ("b", "red", -9, 2), ("b", "blue", 2, None)]

    def at(hours: float | None) -> datetime | None:
        return None if hours is None else start + timedelta(hours=hours)

    facts = Facts.of(
        {
            "agent_state": [
                {
                    "agent_state_id": f"{agent}-{state}",
                    "agent_id": agent,
                    "state": state,
                    "started_at": at(first),
                    "ended_at": at(last),
                }
                for agent in "abc"
                for state, first, last in spans
            ],
            "agent_team": [
                {"agent_id": agent, "team_id": team, "valid_from": at(first), "valid_to": at(last)}
                for agent, team, first, last in teams
            ],
            "schedule_activity": [
                {
                    "agent_id": "a",
                    "activity": "work",
                    "starts_at": at(0),
                    "ends_at": at(8),
                    "published_at": at(-24),
                }
            ],
            "activity_state_map": [{"activity": "work", "allowed_states": ["available"], "is_work": True}],
        },
        watermarks={"memory": start + timedelta(hours=10)},
    )
    engines.load(facts)
    for by in (("team",), ("team", "half_hour")):
        ask(engines, facts, [Asked.of(kpis.METRICS[name])], by)


@pytest.mark.parametrize("measure", ["next_response", "resolution"])
def test_agree_on_what_clocks_said_beside_what_is_worked_out(engines: Engines, measure: str) -> None:
    at = utc("2026-03-28T12:00")
    promise = {
        "case_id": "clocked",
        "measure": measure,
        "policy_id": "p",
        "version": 1,
        "kind": "share",
        "share": 0.5,
        "limit_s": 3600.0,
        "started_at": at,
        "due_at": at + timedelta(hours=1),
    }
    policy = {"kind": "within", "limit_s": 3600.0, "clock": "elapsed", "pause_states": ["waiting"], "effective_at": at}
    facts = Facts.of(
        {
            "case": [
                {"case_id": name, "opened_at": at, "resolved_at": at + timedelta(hours=2), "reopen_count": 0}
                | {"first_response_at": at + timedelta(minutes=5), "sla_policy_id": "gold", "owner_team": "red"}
                for name in ("clocked", "plain", "other")
            ],
            "case_event": [{"case_event_id": "e", "case_id": "plain", "to_state": "waiting", "at": at}],
            "sla_policy": [
                policy | {"sla_policy_id": "gold", "version": 1, "measure": name}
                for name in ("first_response", "resolution")
            ],
            "commitment": [
                promise
                | {
                    "commitment_id": str(number),
                    "sla_policy_id": f"p:{number % 2}",
                    "outcome": outcome,
                    "spent_s": spent,
                }
                for number, (outcome, spent) in enumerate((("kept", 60.0), ("missed", 9000.0), ("running", None)))
            ],
        },
        zone="Asia/Seoul",
        watermarks={"memory": utc("2026-04-01")},
    )
    engines.load(facts)

    for level in ("item", "commitment"):
        asked = Asked.of(kpis.METRICS["sla_attainment"], {"measure": measure, "level": level})
        ask(engines, facts, [asked], ("policy", "owner_team"))
