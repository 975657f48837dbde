"""What nobody says is unknown (design.md D7): a column without a value makes "not measured", never 0 and never 100 %."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from careloop.insight import kpis
from careloop.insight.facts import Facts, FactStore, read
from careloop.insight.facts.tables import TABLES
from careloop.insight.kpis import Asked
from careloop.insight.kpis.lacks import alternatives
from careloop.insight.kpis.metric import Subject
from careloop.insight.kpis.options import Choice, Switch
from careloop.insight.kpis.results import Need
from tests.insight.kpis.test_twins import CHUNKS, WORLDS
from tests.insight.kpis.worlds import World, utc

# Columns whose emptiness is an answer: by metric, what a number is without them.
OPTIONAL = {
    # A commitment without a priority is one for all of them; without a case, it is one to a caller and tells nothing of cases.
    "sla_attainment": {"case.priority", "commitment.case_id"},
    # Nobody was held back who had been drawn.
    "survey_representativeness": {"survey_invite.suppressed_reason"},
    # Who sells one thing names no product.
    "pareto_share": {"complaint.product"},
    "pareto_cells": {"complaint.product"},
    # Auxiliary work without a task is not tagged to one.
    "productive_ratio": {"agent_state.task_id"},
    "shrinkage": {"agent_state.task_id"},
}
# What may be missing of everything: a callback that nobody linked stands alone, traits of who answered are unknown.
LINKS = {"contact.parent_contact_id", "contact.disposition"}
LEFT_OUT = ("is_test", "is_ghost", "is_duplicate_dial", "is_spam")


def as_counted(world: World) -> World:
    """The same world without rows that metrics leave out, and with a period."""
    tables = {
        name: [{key: value for key, value in row.items() if key not in LEFT_OUT} for row in rows]
        for name, rows in world.tables.items()
    }
    return replace(world, tables=tables, since=world.since or utc("2026-03-28T12:00"))


def without(world: World, table: str, column: str) -> World:
    """The same world whose sources never say one thing."""
    rows = [{name: value for name, value in row.items() if name != column} for row in world.tables[table]]
    return replace(world, tables={**world.tables, table: rows})


def told(world: World) -> list[tuple[str, str]]:
    """Columns that sources need not fill, and that some row of this world does."""
    return [
        (table, column.name)
        for table, rows in world.tables.items()
        for column in TABLES[table].columns
        if column.is_optional and any(row.get(column.name) is not None for row in rows)
    ]


def variants(draw: Any, metric: kpis.Metric) -> Asked:
    """A metric as the catalogue has it, or with one switch or choice otherwise."""
    others: list[dict[str, Any]] = [{}]
    for option in metric.options:
        match option:
            case Switch(name=name, default=default):
                others.append({name: not default})
            case Choice(name=name, choices=choices):
                others += [{name: choice} for choice in choices]
    return Asked.of(replace(metric, subject=Subject.OPERATION), draw(st.sampled_from(others)))


@pytest.mark.parametrize("names", CHUNKS.values(), ids=CHUNKS)
@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_an_empty_column_invents_no_number(names: tuple[str, ...], data: st.DataObject) -> None:
    world = as_counted(data.draw(WORLDS[names[0]]))
    asked = [variants(data.draw, kpis.METRICS[name]) for name in names]
    named = told(world)
    if not named:
        return
    table, column = data.draw(st.sampled_from(named))
    before, after = (
        kpis.measure_all(each.facts, asked, since=world.since, until=world.until, with_intervals=False)
        for each in (world, without(world, table, column))
    )
    for was, now in zip(before, after, strict=True):
        if now.total is None or now.total.value is None or is_optional(now, table, column):
            continue
        assert was.total is not None, (now.metric.id, table, column)
        assert now.total.value == pytest.approx(was.total.value, rel=1e-9, abs=1e-9), (
            now.metric.id,
            str(now.options),
            table,
            column,
        )


def is_optional(result: kpis.Result, table: str, column: str) -> bool:
    """Say whether a number may be another without a column: it says so, or another column is enough."""
    known = f"{table}.{column}"
    either = {
        f"{other}.{name}"
        for of, needs in result.metric.all_needs(result.options).items()
        for need in needs
        if " or " in need
        for other, name in alternatives(of, need)
    }
    is_weighed = (
        dict(result.options).get("weighted") == "response" or dict(result.options).get("response_weighted") == "on"
    )
    return known in either | LINKS | OPTIONAL.get(result.metric.id, set()) or is_weighed


AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def contact(number: int, **more: object) -> dict[str, object]:
    return {
        "contact_id": f"c{number}",
        "channel": "voice",
        "direction": "inbound",
        "arrived_at": AT,
        "ended_at": AT,
        "outcome": "handled",
        **more,
    }


def segment(number: int, **more: object) -> dict[str, object]:
    return {
        "segment_id": f"s{number}",
        "contact_id": f"c{number}",
        "seq": 1,
        "queued_at": AT,
        "exit": "answered",
        "wait_s": 7.0,
        **more,
    }


class TestNobodyTells:
    @pytest.mark.parametrize(
        ("metric", "lacking"),
        [
            ("reason_other_share", "contact (reason_code)"),
            ("fcr_contact", "contact (customer_id, reason_group)"),
            ("transfer_rate", "contact_segment (transfer_kind or contact.transfer_count)"),
            ("hold_time", "contact_segment (hold_s)"),
            ("acw", "contact_segment (wrap_s)"),
            ("short_contact_share", "contact_segment (talk_s, channel)"),
        ],
    )
    def test_is_named_and_no_number(self, metric: str, lacking: str) -> None:
        facts = Facts.of({"contact": [contact(1)], "contact_segment": [segment(1)]})

        result = kpis.measure(facts, metric)

        assert result.total is None
        assert [str(need) for need in result.not_measured] == [lacking]

    def test_is_nothing_that_one_of_two_columns_tells(self) -> None:
        facts = Facts.of({"contact": [contact(1, transfer_count=1)], "contact_segment": [segment(1)]})

        result = kpis.measure(facts, "transfer_rate")

        assert result.total is not None
        assert result.total.numerator == 1

    def test_is_a_number_of_what_is_not_filled_in(self) -> None:
        facts = Facts.of({"contact": [contact(1)], "contact_segment": [segment(1)]})

        result = kpis.measure(facts, "data_completeness")

        assert result.not_measured == ()

    def test_makes_no_check(self) -> None:
        facts = Facts.of({"contact": [contact(1)], "contact_segment": [segment(1)]})

        result = kpis.measure(facts, "answer_rate", with_checks=True)

        assert "short_talk_share" in result.unmade

    def test_is_not_asked_of_a_table_without_rows(self) -> None:
        result = kpis.measure(Facts.of({"contact": [], "contact_segment": []}), "hold_time")

        assert result.not_measured == ()


class TestDidNotHappen:
    CASE = {"case_id": "k1", "channel": "email", "opened_at": AT, "reopen_count": 0}

    def test_is_known_where_the_source_names_the_instant(self) -> None:
        named = kpis.measure(
            Facts.of({"case": [{**self.CASE, "resolved_at": None}]}), "backlog", until=utc("2026-04-01")
        )
        unnamed = kpis.measure(Facts.of({"case": [self.CASE]}), "backlog", until=utc("2026-04-01"))

        assert named.total is not None
        assert named.total.value == 1
        assert unnamed.not_measured == (Need(table="case", columns=("resolved_at",)),)

    def test_is_kept_by_a_lake(self, tmp_path: Path) -> None:
        store = FactStore(tmp_path)
        store.append("case", [self.CASE], source="desk", at=AT)
        before = read(tmp_path).lacking("case", ("resolved_at", "closed_at"))
        store.append("case", [{**self.CASE, "case_id": "k2"}], source="careloop", at=AT, tells=("resolved_at",))

        assert before == ("resolved_at", "closed_at")
        assert read(tmp_path).lacking("case", ("resolved_at", "closed_at")) == ("closed_at",)
