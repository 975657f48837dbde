"""Cells are made beforehand of what boards ask; answers from them are those of a scan, and say of which moment they are."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pytest

from careloop.domains.boards import queries
from careloop.domains.boards.presets import Preset
from careloop.domains.boards.services import add_tile, make_board
from careloop.domains.boards.types import Comparison, TileContent, TileKind
from careloop.insight import cell_record, kpis
from careloop.insight.facts import FactStore
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring import lakes
from careloop.processes.measuring.asking import answers, outcomes
from careloop.processes.measuring.beforehand import Pace, is_due, refresh
from careloop.processes.measuring.errors import MetricUnknown, QuestionTooLong
from careloop.processes.measuring.lakes import lake_state, opened, within_a_minute
from careloop.processes.measuring.types import Answer, Question
from tests.cast import NOW, House

pytestmark = pytest.mark.database
# From a midnight in Seoul until the half hour in which the last call came is over, as boards ask.
WEEK = Question(metric="service_level", since=NOW - timedelta(days=6, hours=18), until=NOW + timedelta(minutes=30))
ASKED = (
    WEEK,
    replace(WEEK, metric="abandonment_rate"),
    replace(WEEK, metric="asa", by=("queue",)),
    replace(WEEK, metric="contact_volume", by=("day",)),
    replace(WEEK, metric="aht", by=("agent",)),
    replace(WEEK, conditions={"field": "queue", "operator": "is", "value": "billing"}),
)


@pytest.fixture(autouse=True)
def short_board(monkeypatch: pytest.MonkeyPatch) -> None:
    """One board that every workspace has, with few questions: what is promised is the same as for many."""
    metrics = ("service_level", "abandonment_rate", "asa", "contact_volume", "aht")
    tiles = tuple(TileContent(kind=TileKind.NUMBER, metric=metric) for metric in metrics)
    monkeypatch.setattr(queries, "SYSTEM_BOARDS", {"short": Preset(name="", note="", period="today", tiles=tiles)})


@pytest.fixture
def root(house: House, written: Path, lakes: Path) -> Path:
    """The lake of north, its own in this test."""
    mine = lakes / str(house.north)
    mine.unlink()
    shutil.copytree(written, mine)
    return mine


def more_calls(root: Path, *, count: int = 3) -> None:
    store, at = FactStore(root), NOW - timedelta(hours=2)
    contact = {"channel": "voice", "direction": "inbound", "arrived_at": at, "outcome": "handled"}
    segment = {"seq": 1, "queue_id": "billing", "channel": "voice", "queued_at": at, "left_queue_at": at}
    keys = [f"late{number}" for number in range(count)]
    store.append("contact", [{**contact, "contact_id": key} for key in keys], source="test switch", at=NOW)
    answered = {**segment, "answered_at": at, "exit": "answered"}
    legs = [{**answered, "contact_id": key, "segment_id": key} for key in keys]
    store.append("contact_segment", legs, source="test switch", at=NOW)


def told(house: House, *questions: Question, **more: Any) -> dict[int, Answer | Refusal]:
    return dict(outcomes(questions, workspace_id=house.north, now=NOW, **more).found)


def assert_equal(one: Answer | Refusal, other: Answer | Refusal) -> None:
    assert isinstance(one, Answer)
    assert isinstance(other, Answer)
    assert (one.complete_until, one.options) == (other.complete_until, other.options)
    assert one.total is not None
    assert other.total is not None
    for here, there in ((one.total, other.total), *zip(one.rows, other.rows, strict=True)):
        assert (here.dimensions, here.standing, here.method) == (there.dimensions, there.standing, there.method)
        for name in ("value", "low", "high", "numerator", "denominator", "n"):
            mine, theirs = (np.nan if one is None else one for one in (getattr(here, name), getattr(there, name)))
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9, err_msg=name)


class TestRefresh:
    def test_boards_are_answered_from_cells_as_by_a_scan(self, house: House, root: Path) -> None:
        cold = told(house, *ASKED)
        waiting = outcomes([replace(one, by=("week",)) for one in ASKED], workspace_id=house.north, now=NOW,
                           without_scans=True).waiting  # fmt: skip
        refresh(root, house.north, seconds=None)

        warm = outcomes(ASKED, workspace_id=house.north, now=NOW + timedelta(hours=1), without_scans=True)

        assert len(waiting) == len(ASKED)
        assert warm.waiting == frozenset()
        for place, answer in warm.found.items():
            assert_equal(answer, cold[place])

    def test_an_answer_is_of_the_moment_of_its_cells_and_says_so(self, house: House, root: Path) -> None:
        refresh(root, house.north, seconds=None)
        before = told(house, WEEK)[0]
        more_calls(root)
        FactStore(root).complete(source="test switch", through=NOW + timedelta(hours=1))

        meanwhile = told(house, WEEK, replace(WEEK, by=("weekday",)))
        refresh(root, house.north, seconds=None)
        after = told(house, replace(WEEK, options={"target_s": "21"}), replace(WEEK, by=("time_of_day",)))

        assert meanwhile[0] == before
        # Also what no cells tell is of their moment, so that a page is of one.
        assert [one.complete_until for one in meanwhile.values() if isinstance(one, Answer)] == [NOW.isoformat()] * 2
        later = (NOW + timedelta(hours=1)).isoformat()
        assert [one.complete_until for one in after.values() if isinstance(one, Answer)] == [later] * 2

    def test_cells_that_nobody_keeps_current_are_left_aside(
        self, house: House, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refresh(root, house.north, seconds=None)
        (before,) = answers([WEEK], workspace_id=house.north, now=NOW)
        more_calls(root)
        monkeypatch.setattr(lakes, "CELLS_SERVE_FOR", timedelta(0))

        (after,) = answers([WEEK], workspace_id=house.north, now=NOW + timedelta(hours=1))

        assert before.total is not None
        assert after.total is not None
        assert (after.total.n or 0) - (before.total.n or 0) == 3

    def test_works_out_what_people_put_on_their_boards(self, house: House, root: Path) -> None:
        content = TileContent(
            kind=TileKind.NUMBER, metric="service_level", options={"target_s": "77"}, comparison=Comparison.NONE
        )
        with workspace_scope(house.north):
            board = make_board(name="Mine", period="today", is_shared=False, actor=house.actor("ada"), at=NOW)
            add_tile(board_id=board, content=content, actor=house.actor("ada"), at=NOW)
        refresh(root, house.north, seconds=None)

        told = outcomes(
            [replace(WEEK, options={"target_s": "77"}), replace(WEEK, options={"target_s": "78"})],
            workspace_id=house.north, now=NOW, without_scans=True,
        )  # fmt: skip

        assert told.waiting == {1}

    def test_is_due_when_facts_came_or_time_passed(self, house: House, root: Path) -> None:
        assert is_due(root, now=datetime.now(UTC))
        refresh(root, house.north, seconds=None)
        current = is_due(root, now=datetime.now(UTC))
        FactStore(root).complete(source="test switch", through=NOW + timedelta(hours=1))
        moved = [is_due(root, now=datetime.now(UTC) + timedelta(minutes=later)) for later in (0, 16)]
        refresh(root, house.north, seconds=None)
        more_calls(root)

        assert (current, moved) == (False, [False, True])
        assert is_due(root, now=datetime.now(UTC))
        assert not is_due(root.parent / "nowhere", now=datetime.now(UTC))

    def test_time_that_runs_out_is_made_up_for_the_next_time(self, house: House, root: Path) -> None:
        steps = []
        while not (done := refresh(root, house.north, seconds=0)).is_complete:
            assert cell_record.load(root).families == {}
            steps.append(done.scanned)
            assert len(steps) < 60

        assert steps == [1] * (done.families - 1)
        assert len(cell_record.load(root).families) == done.families
        assert outcomes(ASKED, workspace_id=house.north, now=NOW, without_scans=True).waiting == frozenset()

    def test_a_second_one_finds_nothing_to_do(self, house: House, root: Path) -> None:
        refresh(root, house.north, seconds=None)

        assert refresh(root, house.north, seconds=None).scanned == 0


class TestTogether:
    def test_one_that_makes_no_sense_takes_nothing_from_the_others(self, house: House) -> None:
        found = told(
            house, WEEK, replace(WEEK, metric="happiness"), replace(WEEK, metric="fcr_contact", by=("half_hour",)),
            replace(WEEK, metric="open_backlog", by=("weekday",)), replace(WEEK, by=("weekday",)),
        )  # fmt: skip

        assert isinstance(found[0], Answer)
        assert isinstance(found[1], MetricUnknown)
        assert isinstance(found[4], Answer)

    def test_several_read_at_the_same_time(self, house: House) -> None:
        both = Barrier(2, timeout=20)

        def ask(_number: int) -> str:
            with opened(house.north) as facts:
                both.wait()  # which nobody passes who waits for the other
                assert facts is not None
                count = facts["contact"].count().to_pyarrow().as_py()
                both.wait()
            return str(count)

        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(ask, range(2)))

        assert counts[0] == counts[1] != "0"

    def test_many_at_once_are_answered_alike(self, house: House) -> None:
        def ask(metric: str) -> list[float | None]:
            with opened(house.north) as facts:
                assert facts is not None
                return [row.value for row in kpis.measure(facts, metric, by=["queue", "day"]).rows]

        metrics = ["service_level", "asa", "abandonment_rate", "contact_volume"]
        alone = [ask(metric) for metric in metrics]

        with ThreadPoolExecutor(6) as pool:
            together = list(pool.map(ask, metrics * 2))

        assert together == alone * 2

    def test_what_takes_too_long_is_broken_off_with_a_sentence(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lakes, "LONGEST_SECONDS", 0.2)

        def ask() -> None:
            with opened(house.north) as facts:
                assert facts is not None
                with within_a_minute(facts):
                    facts.backend.con.execute("SELECT count(*) FROM range(100000) AS a, range(100000) AS b, range(100)")

        with pytest.raises(QuestionTooLong, match="Choose a shorter period"):
            ask()

        with opened(house.north) as facts:  # the next one is served
            assert facts is not None
            assert facts["contact"].count().to_pyarrow().as_py() > 0

    def test_antheirstate_is_another_word(self, house: House, root: Path) -> None:
        words = [lake_state(house.north)]
        refresh(root, house.north, seconds=None)
        words.append(lake_state(house.north))
        more_calls(root)
        words.append(lake_state(house.north))
        refresh(root, house.north, seconds=None)
        words.append(lake_state(house.north))

        assert words[1] == words[2]
        assert len(set(words)) == 3


def test_pauses_are_longer_the_longer_it_takes() -> None:
    now = [0.0]
    pace = Pace(seconds=lambda: now[0])
    waits = []
    for took in (0.1, 30.0, 10_000.0):
        pace.took(took)
        start = now[0]
        while not pace.is_time():
            now[0] += 1
        waits.append(now[0] - start)

    assert waits == [60, 120, 600]
