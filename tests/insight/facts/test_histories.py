"""Of two that tell what somebody did, one is believed: whoever works here is told of by us alone, whatever is known first."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight.facts import FactStore, read
from careloop.insight.facts.histories import HERE, STATES
from careloop.processes.lake.naming import SOURCE
from tests.insight.facts.lake import NINE, NOW, rows_of

ADA = "user:000000000001"
LONG = 40


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def state(what: str, start: float, end: float | None, *, by: str = "pbx", **more: Any) -> dict[str, Any]:
    """A stretch, named by who tells of it and by its beginning, as sources do."""
    row = {"agent_state_id": f"{by}@{at(start).timestamp():.0f}000000", "agent_id": ADA, "state": what}
    return row | {"started_at": at(start), "ended_at": None if end is None else at(end)} | more


def ours(what: str, start: float, end: float | None, **more: Any) -> dict[str, Any]:
    return state(what, start, end, by="seat", **more)


def spans(store: FactStore, *, source: str = "pbx") -> list[tuple[str, float, float | None]]:
    found = rows_of(read(store.root), "agent_state", "source", "started_at", "ended_at", "state")
    return [
        (what, (start - NINE) / timedelta(minutes=1), None if end is None else (end - NINE) / timedelta(minutes=1))
        for by, start, end, what in found
        if by == source
    ]


@pytest.fixture
def store(tmp_path: Path) -> FactStore:
    return FactStore(tmp_path)


class TestOneHistory:
    def test_our_own_source_is_the_one_that_the_log_is_written_under(self) -> None:
        assert HERE == SOURCE

    def test_what_others_tell_while_somebody_works_here_is_left_out(self, store: FactStore) -> None:
        store.append("agent_state", [ours("available", 10, 20), ours("break", 20, 30)], source=HERE, at=NOW)
        told = [
            state("available", 0, 12),
            state("contact", 12, 25, contact_id="c"),
            state("break", 25, 40, reason="Lunch"),
        ]

        store.append("agent_state", told, source="pbx", at=NOW)

        assert spans(store) == [("available", 0, 10), ("break", 30, 40)]
        assert spans(store, source=HERE) == [("available", 10, 20), ("break", 20, 30)]
        assert store.check(at=NOW).quarantined == {}

    def test_what_they_tell_of_time_off_work_here_or_of_others_holds(self, store: FactStore) -> None:
        off = [ours("available", 0, 10), ours("offline", 10, 50), ours("available", 50, None)]
        store.append("agent_state", off, source=HERE, at=NOW)
        other = state("contact", 5, 45) | {"agent_id": "SIP/2", "agent_state_id": "SIP/2@1"}

        store.append("agent_state", [state("available", 5, 60), other], source="pbx", at=NOW)

        assert spans(store) == [("available", 10, 50), ("contact", 5, 45)] or spans(store) == [
            ("contact", 5, 45),
            ("available", 10, 50),
        ]
        assert store.check(at=NOW).quarantined == {}

    def test_a_stretch_with_a_visit_here_in_its_middle_goes_on_afterwards(self, store: FactStore) -> None:
        store.append("agent_state", [state("available", 0, None)], source="pbx", at=NOW)

        store.append("agent_state", [ours("available", 10, None)], source=HERE, at=NOW)
        during = spans(store)
        gone = [ours("available", 10, 20), ours("offline", 20, None)]
        store.append("agent_state", gone, source=HERE, at=NOW)
        after = spans(store)
        store.append("agent_state", [state("available", 0, 15)], source="pbx", at=NOW)

        assert during == [("available", 0, 10)]
        assert after == [("available", 0, 10), ("available", 20, None)]
        assert spans(store) == [("available", 0, 10)]

    def test_said_twice_changes_nothing(self, store: FactStore) -> None:
        mine = [ours("available", 10, 20), ours("offline", 20, None)]
        theirs = [state("available", 0, 30), state("contact", 30, 40)]
        for _time in range(2):
            store.append("agent_state", theirs, source="pbx", at=NOW)
            store.append("agent_state", mine, source=HERE, at=NOW)
        before, files = spans(store), store.file_count()

        again = store.append("agent_state", mine, source=HERE, at=NOW)

        assert again.unchanged == 2
        assert (spans(store), store.file_count(), store.give_way(at=NOW)) == (before, files, 0)
        assert before == [("available", 0, 10), ("available", 20, 30), ("contact", 30, 40)]

    def test_a_lake_from_before_is_put_right_when_it_is_checked(self, store: FactStore) -> None:
        """Both histories came in before there was a rule: ours is not set aside for theirs."""
        for source, rows in ((HERE, [ours("break", 10, 30)]), ("pbx", [state("available", 0, 20)])):
            store._append(STATES, rows, source=source, at=NOW)

        checked = store.check(at=NOW)

        assert checked.quarantined == {}
        assert spans(store) == [("available", 0, 10)]
        assert spans(store, source=HERE) == [("break", 10, 30)]

    def test_a_stretch_taken_back_is_gone_with_all_its_pieces(self, store: FactStore) -> None:
        store.append("agent_state", [ours("available", 10, 20)], source=HERE, at=NOW)
        told = state("available", 0, 30)
        store.append("agent_state", pa.Table.from_pylist([told]), source="pbx", at=NOW)

        store.retract("agent_state", [{"agent_state_id": told["agent_state_id"]}], source="pbx", at=NOW)
        store.compact(at=NOW)
        store.give_way(at=NOW)

        assert spans(store) == []

    @settings(max_examples=6, deadline=None)
    @given(data=st.data())
    def test_is_the_same_in_whatever_order_it_becomes_known(self, data: st.DataObject) -> None:
        mine = _line(data.draw(_EDGES), data.draw(_WORDS), by="seat")
        theirs = _line(data.draw(_EDGES), data.draw(_WORDS), by="pbx")
        # Of each stretch it may first be told that it lasts; both sides keep their own order, and are mixed at random.
        sides = [_told(mine, data.draw(_FLAGS)), _told(theirs, data.draw(_FLAGS))]
        with TemporaryDirectory() as folder:
            store = FactStore(folder)
            while any(sides):
                side = data.draw(st.sampled_from([place for place in (0, 1) if sides[place]]))
                step, sides[side] = sides[side][0], sides[side][1:]
                store.append("agent_state", [step], source=(HERE, "pbx")[side], at=NOW)

            working = {minute for row in mine if row["state"] != "offline" for minute in _minutes(row)}
            told = {(minute, row["state"]) for row in theirs for minute in _minutes(row)}
            counted = [
                (minute, what) for what, start, end in spans(store) for minute in range(int(start), int(end or LONG))
            ]
            assert sorted(counted) == sorted((minute, what) for minute, what in told if minute not in working)
            assert len(spans(store, source=HERE)) == len(mine)
            assert store.give_way(at=NOW) == 0
            assert store.check(at=NOW).quarantined == {}


_EDGES = st.lists(st.integers(0, LONG - 1), min_size=2, max_size=4, unique=True).map(sorted)
_WORDS = st.lists(st.sampled_from(["available", "break", "offline"]), min_size=6, max_size=6)
_FLAGS = st.lists(st.booleans(), min_size=6, max_size=6)


def _line(edges: list[int], words: list[str], *, by: str) -> list[dict[str, Any]]:
    """Stretches one after the other, the last of which lasts."""
    words = [word if by == "seat" or word != "offline" else "contact" for word in words]
    return [state(word, start, end, by=by) for word, start, end in zip(words, edges, [*edges[1:], None], strict=False)]


def _told(line: list[dict[str, Any]], first: list[bool]) -> list[dict[str, Any]]:
    return [
        step
        for row, lasts in zip(line, first, strict=False)
        for step in ([row | {"ended_at": None}] if lasts else []) + [row]
    ]


def _minutes(row: dict[str, Any]) -> range:
    start, end = row["started_at"], row["ended_at"] or at(LONG)
    return range(int((start - NINE).total_seconds() // 60), int((end - NINE).total_seconds() // 60))
