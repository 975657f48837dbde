"""The lake keeps what it is given: once, whole, and as of then."""

import importlib
import multiprocessing
import os
import re
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from careloop.insight.facts import FactStore, read
from careloop.insight.facts.errors import BadZone, LakeBusy, NewerLake, NotALake, UnknownColumn, UnknownTable
from careloop.insight.facts.manifest import writing
from careloop.insight.facts.reasons import Reason
from tests.insight.facts.lake import NINE, NOW, contact, rows_of, segment

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> FactStore:
    return FactStore(tmp_path / "lake")


def held(store: FactStore, *columns: str, table: str = "contact", as_of: date | None = None) -> list[Any]:
    return rows_of(read(store.root, as_of=as_of), table, *columns)


def files(store: FactStore) -> list[str]:
    return sorted(str(path.relative_to(store.root)) for path in store.root.rglob("*.parquet"))


class TestAppend:
    def test_lays_rows_out_by_the_utc_day_of_their_instant(self, store: FactStore) -> None:
        store.append("contact", [contact("a"), contact("b", arrived_at=NINE - DAY)], source="t", at=NOW)

        assert files(store) == [
            "contact/day=2026-03-01/00000001-base.parquet",
            "contact/day=2026-03-02/00000001-base.parquet",
        ]

    def test_a_known_key_becomes_its_next_version_only_if_it_says_something_new(self, store: FactStore) -> None:
        store.append("contact", [contact("a"), contact("b")], source="t", at=NOW)

        appended = store.append("contact", [contact("a"), contact("b", outcome="open")], source="t", at=NOW)

        assert (appended.rows, appended.unchanged, appended.corrected) == (2, 1, 1)
        assert held(store, "contact_id", "outcome", "record_version") == [("a", "handled", 1), ("b", "open", 2)]

    def test_the_same_line_twice_counts_once_and_the_last_word_holds(self, store: FactStore) -> None:
        rows = [contact("a"), contact("a"), contact("b"), contact("b", outcome="open"), contact("b")]

        appended = store.append("contact", rows, source="t", at=NOW)

        assert (appended.added, appended.corrected, appended.unchanged) == (2, 2, 1)
        assert held(store, "contact_id", "outcome", "record_version") == [("a", "handled", 1), ("b", "handled", 3)]

    def test_numbered_versions_may_come_in_any_order(self, store: FactStore) -> None:
        newest = contact("a", record_version=3, outcome="open")
        store.append("contact", [newest, contact("a", record_version=1)], source="t", at=NOW)

        appended = store.append("contact", [contact("a", record_version=2), newest], source="t", at=NOW)

        assert (appended.outdated, appended.unchanged) == (1, 1)
        assert held(store, "outcome", "record_version") == [("open", 3)]

    def test_one_version_with_two_contents_is_set_aside(self, store: FactStore) -> None:
        store.append("contact", [contact("a", record_version=1)], source="t", at=NOW)

        appended = store.append("contact", [contact("a", record_version=1, outcome="open")], source="t", at=NOW)

        assert appended.quarantined == {Reason.TWO_CONTENTS: 1}
        assert held(store, "outcome") == [("handled",)]

    def test_the_same_batch_is_never_taken_twice(self, store: FactStore) -> None:
        store.append("contact", [contact("a")], source="t", at=NOW, batch="file 1")

        again = store.append("contact", [contact("a", outcome="open")], source="t", at=NOW, batch="file 1")

        assert again.was_known
        assert held(store, "outcome") == [("handled",)]

    def test_a_row_whose_instant_is_corrected_moves_to_its_day_and_counts_once(self, store: FactStore) -> None:
        store.append("contact", [contact("a"), contact("b")], source="t", at=NOW)

        store.append("contact", [contact("a", arrived_at=NINE - 9 * DAY)], source="t", at=NOW + DAY)

        for _ in range(2):
            assert held(store, "contact_id", "arrived_at") == [("a", NINE - 9 * DAY), ("b", NINE)]
            store.compact(at=NOW + DAY)

    def test_a_retraction_takes_away_and_a_new_word_brings_back(self, store: FactStore) -> None:
        store.append("contact", [contact("a"), contact("b")], source="t", at=NOW)

        gone = store.retract("contact", [{"contact_id": "a"}, {"contact_id": "nobody"}], source="t", at=NOW)
        without = held(store, "contact_id")
        back = store.append("contact", [contact("a")], source="t", at=NOW)

        assert (gone.retracted, gone.unchanged) == (1, 1)
        assert without == [("b",)]
        assert back.corrected == 1
        assert held(store, "contact_id", "record_version") == [("a", 3), ("b", 1)]

    def test_tables_without_an_instant_lie_in_one_piece(self, store: FactStore) -> None:
        ada = {"agent_id": "ada", "hire_date": date(2020, 1, 1)}
        store.append("agent", [ada], source="t", at=NOW)
        store.append("agent", [ada | {"role": "lead"}], source="t", at=NOW)

        assert held(store, "agent_id", "role", table="agent") == [("ada", "lead")]

    def test_whole_or_as_a_stream_rows_give_the_same_lake(self, tmp_path: Path) -> None:
        known = [contact("a"), contact("b", arrived_at=NINE - DAY)]
        rows = [
            contact("c", arrived_at=NINE + DAY),
            contact("a", outcome="open"),
            contact("d", channel="telex"),
            contact("e"),
            contact("e", outcome="open"),
            contact("b", arrived_at=NINE - DAY, is_retracted=True),
            contact("f", arrived_at=NINE - DAY),
            contact("g", record_version=4),
        ]
        ways = {"whole": rows, "stream": iter(rows)}
        told, lakes = {}, {}
        for way, given in ways.items():
            store = FactStore(tmp_path / way)
            store.append("contact", known, source="t", at=NOW)
            told[way] = store.append("contact", given, source="t", at=NOW)
            lakes[way] = (
                held(store, "contact_id", "outcome", "record_version", "arrived_at_slot"),
                store.quarantined(),
            )

        assert told["whole"] == told["stream"]
        assert (told["whole"].added, told["whole"].corrected, told["whole"].retracted) == (4, 2, 1)
        assert lakes["whole"] == lakes["stream"]

    def test_every_column_reads_as_it_was_given_whichever_way_it_went(self, store: FactStore) -> None:
        whole = segment("1", "a", skills_required=["vi", "ko"], priority=2.5, is_escalation=True)
        store.append("contact_segment", [whole], source="t", at=NOW)
        store.append("contact_segment", iter([whole | {"segment_id": "2"}]), source="t", at=NOW)

        first, second = sorted(
            (row for batch in store.batches("contact_segment") for row in batch.to_pylist()),
            key=lambda row: row["segment_id"],
        )

        assert first | {"segment_id": "2"} == second
        assert first["skills_required"] == ["ko", "vi"]

    def test_takes_a_stream_without_holding_it(self, store: FactStore) -> None:
        alive: list[int] = []

        def batches() -> Iterator[pa.RecordBatch]:
            for start in range(0, 400_000, 20_000):
                alive.append(pa.total_allocated_bytes())
                yield pa.RecordBatch.from_pylist(
                    [contact(f"{n:07}", arrived_at=NINE + timedelta(seconds=n)) for n in range(start, start + 20_000)]
                )

        appended = FactStore(store.root, memory_mb=200).append("contact", batches(), source="t", at=NOW + 9 * DAY)

        assert appended.added == 400_000
        assert max(alive) < 100_000_000  # all batches together are several times as large

    def test_remembers_who_gives_a_table_even_without_rows(self, store: FactStore) -> None:
        store.append("blocked_attempt", [], source="carrier", at=NOW, complete_through=NINE)

        facts = read(store.root)

        assert facts.sources("blocked_attempt") == {"carrier"}
        assert (facts.has("blocked_attempt"), facts.has("callback")) == (True, False)

    def test_a_watermark_never_moves_back(self, store: FactStore) -> None:
        store.append("contact", [], source="t", at=NOW, complete_through=NINE)
        store.complete(source="t", through=NINE - DAY)

        assert store.watermarks() == {"t": NINE}
        assert not read(store.root).is_provisional(NINE)
        assert read(store.root).is_provisional(NINE + DAY)

    def test_a_late_row_lies_in_its_own_day(self, store: FactStore) -> None:
        store.append("contact", [contact("a")], source="t", at=NOW)
        store.append("contact", [contact("late", arrived_at=NINE - 60 * DAY)], source="t", at=NOW + 5 * DAY)

        assert "contact/day=2026-01-01/00000002-base.parquet" in files(store)

    @pytest.mark.parametrize(
        ("table", "rows", "error"),
        [("kontakt", [], UnknownTable), ("contact", [contact("a"), contact("b", colour="red")], UnknownColumn)],
    )
    def test_what_is_of_no_use_is_refused_and_changes_nothing(
        self, store: FactStore, table: str, rows: list[Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            store.append(table, rows, source="t", at=NOW)

        assert files(store) == []


class TestAsOf:
    def test_answers_with_what_was_known_at_the_end_of_a_day(self, store: FactStore) -> None:
        store.append("contact", [contact("a"), contact("b")], source="t", at=NOW)
        store.append("contact", [contact("a", outcome="open"), contact("late")], source="t", at=NOW + DAY)
        store.retract("contact", [{"contact_id": "b"}], source="t", at=NOW + 2 * DAY)

        for _ in range(2):
            known = [held(store, "contact_id", "outcome", as_of=(NOW + n * DAY).date()) for n in range(-1, 3)]
            assert known == [
                [],
                [("a", "handled"), ("b", "handled")],
                [("a", "open"), ("b", "handled"), ("late", "handled")],
                [("a", "open"), ("late", "handled")],
            ]
            store.compact(at=NOW + 3 * DAY)

    def test_compaction_drops_what_no_day_ever_ended_with_and_what_is_past_keeping(self, store: FactStore) -> None:
        for outcome, hours in (("open", 0), ("contained", 1), ("handled", 30)):
            store.append("contact", [contact("a", outcome=outcome)], source="t", at=NOW + timedelta(hours=hours))

        first = store.compact(at=NOW + 3 * DAY)
        second_day = held(store, "outcome", as_of=NOW.date())
        store.append("contact", [contact("a", outcome="open")], source="t", at=NOW + 500 * DAY)
        second = store.compact(at=NOW + 902 * DAY)

        assert (first.dropped_versions, second_day) == (1, [("contained",)])
        assert second.dropped_versions == 2
        assert held(store, "outcome") == [("open",)]


class TestCompact:
    def test_leaves_one_file_a_day_and_the_same_answers(self, store: FactStore) -> None:
        for number in range(5):
            rows = [contact(f"{number}"), contact(f"y{number}", arrived_at=NINE - DAY)]
            store.append("contact", rows, source="t", at=NOW)
        before = held(store, "contact_id", "arrived_at", "record_version", "ingested_at")

        compacted = store.compact(at=NOW)

        assert (compacted.files_before, compacted.files_after) == (10, 2)
        assert held(store, "contact_id", "arrived_at", "record_version", "ingested_at") == before

    def test_who_reads_meanwhile_keeps_a_snapshot(self, store: FactStore) -> None:
        store.append("contact", [contact("a")], source="t", at=NOW)
        facts = read(store.root)
        store.append("contact", [contact("a", outcome="open"), contact("b")], source="t", at=NOW)

        store.compact(at=NOW)
        store.compact(at=NOW + timedelta(hours=1))

        assert rows_of(facts, "contact", "contact_id", "outcome") == [("a", "handled")]

    def test_deletes_a_day_later_what_nobody_names_any_more(self, store: FactStore) -> None:
        for number in range(3):
            store.append("contact", [contact(f"{number}")], source="t", at=NOW)
        store.compact(at=NOW)
        kept = len(files(store))

        store.compact(at=NOW + DAY)

        assert (kept, len(files(store))) == (4, 1)


SECOND = [contact("a", outcome="open"), contact("c"), contact("d", arrived_at=NINE - DAY), contact("e", channel="?")]


def _append_until(step: int, root: Path) -> None:
    """Append and compact, and die at the n-th step on the disk."""
    steps = iter(range(1, 10_000))

    def on_step(event: str, arguments: tuple[Any, ...]) -> None:
        touches = event in {"os.rename", "os.remove"} or (event == "open" and str(arguments[0]).startswith(str(root)))
        if touches and next(steps) == step:
            os._exit(9)

    sys.addaudithook(on_step)
    FactStore(root).append("contact", SECOND, source="t", at=NOW, batch="second")
    FactStore(root).compact(at=NOW)
    os._exit(0)


def _die_at_every_step(first: Path) -> None:
    """Leave a copy of a lake for each step at which its writer died, until one lives. Forks before DuckDB has any thread."""
    importlib.import_module("pandas")  # DuckDB would, in every child
    for step in range(1, 200):
        root = first.with_name(f"step{step:03}")
        copytree(first, root)
        child = os.fork()
        if not child:
            _append_until(step, root)
        if os.waitpid(child, 0)[1] == 0:
            break


class TestCrash:
    def test_dying_at_any_step_loses_nothing_and_doubles_nothing(self, tmp_path: Path) -> None:
        before = [("a", "handled"), ("b", "handled")]
        after = [("a", "open"), ("b", "handled"), ("c", "handled"), ("d", "handled")]
        FactStore(tmp_path / "first").append("contact", [contact("a"), contact("b")], source="t", at=NOW)
        driver = multiprocessing.get_context("spawn").Process(target=_die_at_every_step, args=(tmp_path / "first",))
        driver.start()
        driver.join()
        roots = sorted(tmp_path.glob("step*"))

        left = [held(FactStore(root), "contact_id", "outcome") for root in roots]
        for root in roots:
            FactStore(root).append("contact", SECOND, source="t", at=NOW, batch="second")

        assert len(roots) > 10
        assert (left[0], left[-1]) == (before, after)
        assert all(one in (before, after) for one in left)
        assert all(held(FactStore(root), "contact_id", "outcome") == after for root in roots)
        assert all(FactStore(root).quarantined() == {("contact", "t", Reason.UNKNOWN_WORD): 1} for root in roots)

    def test_files_of_a_writer_that_died_are_swept(self, store: FactStore) -> None:
        store.append("contact", [contact("a")], source="t", at=NOW)
        stray = store.root / "contact/day=2026-03-02/00000099-base.parquet"
        stray.write_bytes(b"half a file")

        store.compact(at=NOW)

        assert not stray.exists()
        assert held(store, "contact_id") == [("a",)]


class TestManyWriters:
    def test_threads_lose_nothing_of_each_other(self, store: FactStore) -> None:
        def write(name: str) -> None:
            for number in range(4):
                store.append(
                    "contact", [contact(f"{name}{number}"), contact("all", outcome="open")], source=name, at=NOW
                )

        writers = [threading.Thread(target=write, args=(name,)) for name in "pqrs"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

        assert held(store, "contact_id") == sorted([*((f"{name}{n}",) for name in "pqrs" for n in range(4)), ("all",)])

    def test_refuses_in_a_sentence_when_another_writes_for_too_long(self, store: FactStore) -> None:
        hasty = FactStore(store.root, wait_seconds=0)

        with writing(store.root, wait_seconds=0), pytest.raises(LakeBusy, match=r"Try again"):
            hasty.append("contact", [contact("a")], source="t", at=NOW)


class TestOpening:
    def test_refuses_a_folder_without_facts(self, tmp_path: Path) -> None:
        with pytest.raises(NotALake, match=r"no facts"):
            read(tmp_path)

    def test_reads_and_goes_on_with_files_from_before_a_column_was_added(self, store: FactStore) -> None:
        store.append("contact", [contact("a"), contact("b")], source="t", at=NOW)
        file = store.root / "contact/day=2026-03-02/00000001-base.parquet"
        pq.write_table(pq.read_table(file, partitioning=None).drop(["language"]), file)
        manifest = store.root / "manifest.json"
        manifest.write_text(re.sub(r'"layout":"\w+"', '"layout":"as it was"', manifest.read_text()))

        before = held(store, "contact_id", "language")
        store.append("contact", [contact("a", language="ko"), contact("c", language="vi")], source="t", at=NOW)

        for _ in range(2):
            assert before == [("a", None), ("b", None)]
            assert held(store, "contact_id", "language") == [("a", "ko"), ("b", None), ("c", "vi")]
            store.compact(at=NOW)

    def test_refuses_what_a_newer_careloop_wrote(self, store: FactStore) -> None:
        store.append("contact", [contact("a")], source="t", at=NOW)
        manifest = store.root / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"format":1', '"format":2'))

        with pytest.raises(NewerLake, match=r"Upgrade"):
            read(store.root)

    def test_keeps_the_zone_of_the_workspace(self, store: FactStore) -> None:
        store.settle_zone("Asia/Ho_Chi_Minh")

        assert read(store.root).zone == "Asia/Ho_Chi_Minh"
        with pytest.raises(BadZone):
            store.settle_zone("Mars/Olympus")

    def test_a_segment_of_a_lake_is_as_one_of_memory(self, store: FactStore) -> None:
        store.append("contact_segment", [segment("1", "a")], source="t", at=NOW)

        assert held(store, "wait_s", "left_queue_at_us", "queued_at_slot", table="contact_segment") == [
            (10.0, 1_772_442_010_000_000, 1_772_442_000)
        ]
