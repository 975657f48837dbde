"""Stored cells answer what a scan of the facts answers, or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from careloop.insight import facts, kpis
from careloop.insight.facts import FactStore
from careloop.insight.facts import manifest as manifests
from careloop.insight.kpis import Asked, BadQuestion, Result, refreshing
from careloop.insight.kpis.asking.question import fetched
from careloop.insight.kpis.results import Cells
from tests.insight.kpis.strategies import worlds
from tests.insight.kpis.worlds import World

NOW = datetime(2026, 7, 1, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
QUANTILE = Asked.of(kpis.metric("wait_p90"))
ASKED = (
    Asked.of(kpis.metric("service_level")),
    Asked.of(kpis.metric("asa")),
    Asked.of(kpis.metric("contact_volume"), {"series": "offered"}),
    Asked.of(kpis.metric("abandonment_rate"), {"scope": "queue_and_ivr"}),
    Asked.of(kpis.metric("fcr_contact")),
    QUANTILE,
)
SPLITS = (
    (),
    ("queue",),
    ("queue", "day"),
    ("half_hour",),
    ("channel", "week"),
    ("reason",),
    ("team",),
    ("agent", "month"),
)
FILTERS = (
    None,
    {"field": "queue", "operator": "is", "value": "q1"},
    {"field": "region", "operator": "is", "value": "north"},
)


def measured(held: facts.Facts, asked: Sequence[Asked], *, with_intervals: bool = True, **question: Any) -> Any:
    """Ask some metrics together; what cannot be asked is the sentence that says so."""
    try:
        return kpis.measure_all(held, asked, with_intervals=with_intervals, with_small=True, **question)
    except BadQuestion as refusal:
        return refusal.message


def scanning(root: Path) -> facts.Facts:
    """Open a lake so that every answer is a scan: facts that do not know where they lie have no cells."""
    held = facts.read(root)
    held.lake = None
    return held


def assert_same(ones: Sequence[Result] | str, others: Sequence[Result] | str) -> None:
    """Floats may have been added up in another order."""
    if isinstance(ones, str) or isinstance(others, str):
        assert ones == others
        return
    for one, other in zip(ones, others, strict=True):
        for here, there in ((one.cells, other.cells), (one.whole, other.whole)):
            if here is None or there is None:
                assert here is there
                continue
            assert told(here) == told(there)
            for name in ("value", "low", "high", "numerator", "denominator", "n"):
                np.testing.assert_allclose(
                    getattr(here.columns, name), getattr(there.columns, name), rtol=1e-9, atol=1e-9, err_msg=name
                )


def told(cells: Cells) -> object:
    """What of cells is no float."""
    keys = {name: list(labels) for name, labels in cells.keys.items()}
    return keys, cells.standing.tolist(), cells.is_provisional.tolist(), cells.columns.method.tolist()


def lake_of(root: Path, world: World) -> FactStore:
    store = FactStore(root)
    store.settle_zone(world.zone)
    for table, rows in world.tables.items():
        store.append(table, list(rows), source="pbx", at=NOW, complete_through=world.watermark)
    return store


def assert_all_same(root: Path, questions: Sequence[dict[str, Any]]) -> None:
    held, scanned = facts.read(root), scanning(root)
    for question in questions:
        for part in (ASKED[:3], ASKED[3:]):
            assert_same(measured(held, part, **question), measured(scanned, part, **question))


@settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(world=worlds(), data=st.data())
def test_any_question_equals_a_scan(world: World, data: st.DataObject) -> None:
    zone = ZoneInfo(world.zone)
    edges = st.sampled_from(
        (
            None,
            datetime(2026, 3, 28, tzinfo=zone),
            datetime(2026, 3, 29, 5, tzinfo=zone),
            datetime(2026, 3, 29, 12, 30, tzinfo=zone),
            datetime(2026, 3, 29, 11, 7, tzinfo=zone),
            datetime(2026, 4, 1, tzinfo=zone),
        )
    )
    questions = []
    for _number in range(2):
        since, until = data.draw(edges), data.draw(edges)
        if since is not None and until is not None and since >= until:
            since = None
        questions.append(
            {
                "by": data.draw(st.sampled_from(SPLITS)),
                "since": since,
                "until": until,
                "where": data.draw(st.sampled_from(FILTERS)),
                "with_intervals": data.draw(st.booleans()),
                "day_begins_s": data.draw(st.sampled_from((0, 18_000, 81_000))),
            }
        )

    with TemporaryDirectory() as folder:
        lake_of(Path(folder), world)
        kpis.refresh_cells(folder, asked=ASKED)

        assert_all_same(Path(folder), questions)


@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(world=worlds(), data=st.data())
def test_any_late_row_and_correction_is_followed(world: World, data: st.DataObject) -> None:
    late = {
        table: data.draw(st.lists(st.sampled_from(rows), unique_by=id, max_size=4)) if rows else []
        for table, rows in world.tables.items()
    }
    early = {
        table: tuple(row for row in rows if not any(row is one for one in late[table]))
        for table, rows in world.tables.items()
    }
    corrected = [
        {**row, **data.draw(st.sampled_from(({"is_test": True}, {"reason_code": "other"}, {"customer_id": "k0"})))}
        for row in (*late["contact"], *early["contact"][:2])
    ]
    gone = [{"segment_id": row["segment_id"]} for row in early["contact_segment"][:1]]
    questions = [
        {"by": by, "until": None, "with_intervals": with_intervals}
        for by, with_intervals in zip(data.draw(st.permutations(SPLITS))[:2], (True, False), strict=True)
    ]

    with TemporaryDirectory() as folder:
        store = lake_of(Path(folder), replace(world, tables=early))
        kpis.refresh_cells(folder, asked=ASKED)
        for table, rows in late.items():
            store.append(table, rows, source="pbx", at=NOW)
        store.append("contact", corrected, source="pbx", at=NOW)
        store.retract("contact_segment", gone, source="pbx", at=NOW)
        kpis.refresh_cells(folder, asked=ASKED)

        assert_all_same(Path(folder), questions)


def call(number: int, day: int, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A contact of a March day in Seoul with its one segment, answered after ten seconds."""
    at = datetime(2026, 3, day, 9, 10, tzinfo=SEOUL)
    contact = {
        "contact_id": f"c{number}",
        "channel": "voice",
        "direction": "inbound",
        "customer_id": f"k{number % 3}",
        "reason_code": "billing",
        "reason_group": "billing",
        "arrived_at": at,
        "ended_at": at + timedelta(minutes=5),
        "outcome": "handled",
    }
    segment = {
        "segment_id": f"s{number}",
        "contact_id": f"c{number}",
        "seq": 1,
        "queue_id": "q1",
        "channel": "voice",
        "agent_id": "a1",
        "queued_at": at,
        "answered_at": at + timedelta(seconds=10),
        "exit": "answered",
        "released_at": at + timedelta(minutes=5),
    }
    return {**contact, **more}, segment


def append(store: FactStore, *calls: tuple[dict[str, Any], dict[str, Any]], at: datetime = NOW) -> None:
    for table, rows in zip(("contact", "contact_segment"), zip(*calls, strict=True), strict=True):
        store.append(table, list(rows), source="pbx", at=at)


def becomes_a_test(store: FactStore) -> None:
    store.append("contact", [call(2, 3, is_test=True)[0]], source="pbx", at=NOW)


def segment_is_corrected(store: FactStore) -> None:
    _contact, segment = call(2, 3)
    moved = {**segment, "queued_at": segment["queued_at"] - timedelta(days=2)}
    store.append("contact_segment", [moved], source="pbx", at=NOW)


def segment_is_retracted(store: FactStore) -> None:
    store.retract("contact_segment", [{"segment_id": "s2"}], source="pbx", at=NOW)


def more_arrive(store: FactStore) -> None:
    append(store, call(9, 20), call(10, 21))


def late_ones_arrive(store: FactStore) -> None:
    append(store, call(9, 4), call(10, 5))


def contact_comes_after_its_segment(store: FactStore) -> None:
    _contact, segment = call(9, 12)
    store.append("contact_segment", [segment], source="pbx", at=NOW)
    kpis.refresh_cells(store.root, asked=ASKED)
    contact, _segment = call(9, 20, is_ghost=True)
    store.append("contact", [contact], source="pbx", at=NOW)


def sources_are_complete(store: FactStore) -> None:
    store.complete(source="pbx", through=datetime(2026, 3, 25, tzinfo=UTC))


def teams_are_told(store: FactStore) -> None:
    valid = {"agent_id": "a1", "valid_from": datetime(2026, 1, 1, tzinfo=UTC)}
    store.append("agent_team", [{**valid, "team_id": "red"}], source="hr", at=NOW)


def files_are_merged(store: FactStore) -> None:
    store.compact(at=NOW)


def zone_is_another(store: FactStore) -> None:
    store.settle_zone("America/St_Johns")


ACTS: tuple[Callable[[FactStore], None], ...] = (
    becomes_a_test,
    segment_is_corrected,
    segment_is_retracted,
    more_arrive,
    late_ones_arrive,
    contact_comes_after_its_segment,
    sources_are_complete,
    teams_are_told,
    files_are_merged,
    zone_is_another,
)
AFTERWARDS: tuple[dict[str, Any], ...] = (
    {"by": ("channel", "day")},
    {
        "by": ("reason",),
        "since": datetime(2026, 3, 2, tzinfo=SEOUL),
        "until": datetime(2026, 3, 21, tzinfo=SEOUL),
        "with_intervals": False,
    },
    {"by": ("team", "half_hour"), "with_intervals": False},
)


class TestRefresh:
    @pytest.fixture
    def store(self, tmp_path: Path) -> FactStore:
        """A lake of four calls, complete until the twelfth, with its cells."""
        store = FactStore(tmp_path / "lake")
        store.settle_zone("Asia/Seoul")
        append(store, call(1, 2), call(2, 3), call(3, 10), call(4, 11))
        store.complete(source="pbx", through=datetime(2026, 3, 12, tzinfo=UTC))
        kpis.refresh_cells(store.root, asked=ASKED)
        return store

    @pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
    def test_follows_whatever_happens_to_the_facts(self, store: FactStore, act: Callable[[FactStore], None]) -> None:
        act(store)
        # Cells of an earlier state are not used.
        assert_same(
            measured(facts.read(store.root), ASKED[:1], by=("day",)),
            measured(scanning(store.root), ASKED[:1], by=("day",)),
        )

        kpis.refresh_cells(store.root, asked=ASKED)

        assert_all_same(store.root, AFTERWARDS)

    def test_scans_nothing_when_nothing_changed(self, store: FactStore) -> None:
        again = kpis.refresh_cells(store.root, asked=ASKED)

        assert again.families > 0
        assert (again.scanned, again.cells) == (0, 0)

    def test_takes_over_the_days_before_the_first_that_changed(self, store: FactStore) -> None:
        whole = kpis.refresh_cells(store.root, asked=ASKED[:2])
        more_arrive(store)

        part = kpis.refresh_cells(store.root, asked=ASKED[:2])

        # Four calls lay on days of their own; two days have come.
        assert whole.cells == 4 * whole.families
        assert part.cells == 2 * part.families

    def test_whoever_dies_at_any_step_leaves_true_answers_and_the_next_one_goes_on(
        self, store: FactStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late_ones_arrive(store)
        becomes_a_test(store)
        settle, deaths = manifests.settle, 0

        def die_at(step: int) -> Callable[[Path], None]:
            left = [step]

            def settled(path: Path) -> None:
                left[0] -= 1
                if left[0] < 0:
                    raise KeyboardInterrupt
                settle(path)

            return settled

        while True:
            monkeypatch.setattr(manifests, "settle", die_at(deaths + 2))
            try:
                kpis.refresh_cells(store.root, asked=ASKED[:2])
                break
            except KeyboardInterrupt:
                deaths += 1
                assert_same(
                    measured(facts.read(store.root), ASKED[:1], by=("day",)),
                    measured(scanning(store.root), ASKED[:1], by=("day",)),
                )
        monkeypatch.undo()

        assert deaths > 3
        assert not kpis.needs_scan(facts.read(store.root), ASKED[0], by=["day"])
        assert not kpis.needs_scan(facts.read(store.root), ASKED[0], by=["week", "queue"], day_begins_s=18_000)
        assert_all_same(store.root, AFTERWARDS[:1])

    def test_goes_on_towards_the_state_that_it_had_chosen(self, store: FactStore) -> None:
        more_arrive(store)
        unfinished = kpis.refresh_cells(store.root, asked=ASKED[:2], seconds=0)
        chosen = facts.read(store.root)
        late_ones_arrive(store)

        done = kpis.refresh_cells(store.root, asked=ASKED[:2])

        assert (unfinished.is_complete, unfinished.scanned, done.is_complete) == (False, 1, True)
        # First what was begun, then what has come since; both are right.
        assert done.scanned > done.families
        assert_all_same(store.root, AFTERWARDS[:1])
        assert kpis.needs_scan(chosen, ASKED[0], by=["day"])

    def test_a_period_that_ends_after_the_last_row_needs_no_edge(self, store: FactStore) -> None:
        since, noon = datetime(2026, 3, 2, tzinfo=SEOUL), datetime(2026, 3, 11, 12, 30, tzinfo=SEOUL)
        held, scanned = facts.read(store.root), scanning(store.root)

        for until in (noon, datetime(2026, 3, 11, 9, 0, tzinfo=SEOUL)):
            assert_same(
                measured(held, ASKED[:1], by=("agent",), since=since, until=until),
                measured(scanned, ASKED[:1], by=("agent",), since=since, until=until),
            )
        assert not kpis.needs_scan(held, ASKED[0], by=["agent"], since=since, until=noon)
        assert kpis.needs_scan(held, ASKED[0], by=["agent"], since=since, until=noon - timedelta(days=1))

    def test_a_metric_that_was_not_kept_is_scanned(self, store: FactStore) -> None:
        other = Asked.of(kpis.metric("service_level"), {"target_s": 5})

        result = measured(facts.read(store.root), [other], by=("day",))

        assert_same(result, measured(scanning(store.root), [other], by=("day",)))


def test_a_board_does_not_touch_the_facts(tmp_path: Path) -> None:
    store = FactStore(tmp_path)
    append(store, call(1, 2), call(2, 3))
    kpis.refresh_cells(tmp_path, asked=ASKED)
    touched: set[str] = set()

    def watched(expression: ir.Table) -> pa.Table:
        touched.update(table.name for table in expression.op().find(ops.DatabaseTable))
        return fetched(expression)

    kpis.measure_all(facts.read(tmp_path), [*ASKED[:3], QUANTILE], by=("day",), fetch=watched)

    assert touched == set()


def test_more_values_than_memory_has_room_for_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FactStore(tmp_path)
    append(store, call(1, 2), call(2, 3))
    monkeypatch.setattr(refreshing, "MOST_VALUES", 2)
    kpis.refresh_cells(tmp_path, asked=[QUANTILE])
    is_kept = not kpis.needs_scan(facts.read(tmp_path), QUANTILE)
    append(store, call(3, 4), call(4, 5), call(5, 6))

    kpis.refresh_cells(tmp_path, asked=[QUANTILE])

    assert is_kept
    assert kpis.needs_scan(facts.read(tmp_path), QUANTILE)
    assert_same(measured(facts.read(tmp_path), [QUANTILE]), measured(scanning(tmp_path), [QUANTILE]))
