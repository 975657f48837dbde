"""What an import writes into a lake: once, whatever happens, and with what is wrong set aside."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from careloop.insight import facts
from careloop.insight.facts import FactStore
from careloop.insight.imports.loading import contact_key, load, work_folder
from careloop.insight.imports.report import Report
from careloop.insight.imports.steps import Step
from careloop.insight.imports.telephony import read_queue_log
from tests.insight.imports.reading import HERE, SITE

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LOG = HERE / "captures" / "iax22" / "queue_log.gz"


def imported(lake: Path, memory: str = "pbx.duckdb", at: datetime = NOW) -> dict[str, tuple[int, int]]:
    steps = read_queue_log(LOG, settings=SITE, report=Report(), memory=work_folder(lake) / memory)
    loaded = load(lake, steps, source="pbx", at=at)
    assert not any(tally.quarantined for tally in loaded.tables.values())
    return {name: (tally.added, tally.corrected) for name, tally in loaded.tables.items()}


class TestQueueLog:
    def test_comes_in_without_a_row_set_aside(self, tmp_path: Path) -> None:
        assert imported(tmp_path / "lake") == {
            "contact": (497, 0),
            "contact_segment": (472, 0),
            "callback": (33, 0),
            "callback_attempt": (15, 0),
            "agent_state": (1201, 0),
        }
        held = facts.read(tmp_path / "lake")
        assert held["contact_segment"].count().execute() == 472
        assert held.watermark("pbx") == datetime(2026, 11, 21, 21, 51, 39, tzinfo=UTC)

    def test_twice_is_once(self, tmp_path: Path) -> None:
        imported(tmp_path / "lake")

        assert imported(tmp_path / "lake") == {}

    def test_after_a_crash_that_forgot_what_was_read_nothing_counts_twice(self, tmp_path: Path) -> None:
        imported(tmp_path / "lake")
        again = imported(tmp_path / "lake", memory="forgotten.duckdb")

        assert set(again.values()) == {(0, 0)}
        assert facts.read(tmp_path / "lake")["contact"].count().execute() == 497


class TestLoad:
    def test_gathers_the_tables_of_a_step(self, tmp_path: Path) -> None:
        rows = pa.table({"case_id": ["1"], "opened_at": [NOW], "reopen_count": [0]})
        more = pa.table({"case_id": ["2"], "opened_at": [NOW], "reopen_count": [0], "channel": ["email"]})
        step = Step(key="k", batches=[("case", rows), ("case", more)])

        loaded = load(tmp_path, [step], source="x", at=NOW)

        assert loaded.tables["case"].added == 2
        assert load(tmp_path, [step], source="x", at=NOW).known_steps == 1

    def test_thirty_hours_on_the_telephone_are_set_aside_and_counted(self, tmp_path: Path) -> None:
        day = datetime(2026, 11, 20, tzinfo=UTC)
        row = pa.table(
            {
                "segment_id": ["1"],
                "contact_id": ["1"],
                "seq": [1],
                "channel": ["voice"],
                "queued_at": [day],
                "answered_at": [day],
                "left_queue_at": [day],
                "exit": ["answered"],
                "talk_s": [108_000.0],
                "released_at": [datetime(2026, 11, 21, 6, tzinfo=UTC)],
            }
        )

        loaded = load(tmp_path, [Step(key="k", batches=[("contact_segment", row)])], source="x", at=NOW)

        assert loaded.tables["contact_segment"].added == 0
        assert sum(loaded.tables["contact_segment"].quarantined.values()) == 1
        assert sum(FactStore(tmp_path).quarantined().values()) == 1

    def test_a_stamp_after_now_says_nothing_of_completeness(self, tmp_path: Path) -> None:
        rows = pa.table({"case_id": ["1"], "opened_at": [datetime(2099, 1, 1, tzinfo=UTC)], "reopen_count": [0]})

        assert load(tmp_path, [Step(key="k", batches=[("case", rows)])], source="x", at=NOW).complete_through is None


def test_numbers_are_hashed_with_a_secret_of_the_lake(tmp_path: Path) -> None:
    assert contact_key(tmp_path / "a") == contact_key(tmp_path / "a") != contact_key(tmp_path / "b")
    assert (tmp_path / "a" / "imports" / "contact-key").stat().st_mode & 0o077 == 0


def test_a_process_that_only_imports_carries_no_pandas() -> None:
    words = (
        "import sys; from careloop.insight.imports.sparing import spare_pandas; spare_pandas(); "
        "import duckdb, pyarrow; pyarrow.array([1]); duckdb.execute('select ?', ['a']).fetchall(); "
        "sys.exit('pandas' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
