"""Names in a log become the people behind them, in what comes in and in what came in before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careloop.insight.facts import FactStore
from careloop.insight.imports.errors import FileUnreadable, PersonTwice, PersonUnclear
from careloop.insight.imports.loading import load
from careloop.insight.imports.people import put_under_their_names, read_people
from careloop.insight.imports.report import Report
from careloop.insight.imports.telephony import read_queue_log
from tests.insight.imports.reading import SITE

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MORNING = """\
1700000000|MANAGER|q|SIP/1|ADDMEMBER|
1700000000|c1|q|NONE|ENTERQUEUE||5550101|1
1700000004|c1|q|SIP/1|CONNECT|4|c1a|2
1700000064|c1|q|SIP/1|COMPLETECALLER|4|60|1
"""
EVENING = """\
1700030000|c2|q|NONE|ENTERQUEUE||5550102|1
1700030004|c2|q|SIP/1|CONNECT|4|c1a|2
1700030064|c2|q|SIP/1|COMPLETECALLER|4|60|1
"""


def imported(log: str, folder: Path, people: dict[str, str], *, day: int = 0) -> tuple[Report, int]:
    """Import a log that has grown; return the report, and how many rows are in another version now."""
    (folder / "queue_log").write_text(log)
    at, report, memory = NOW + timedelta(days=day), Report(), folder / "memory.duckdb"
    lake = folder / "lake"
    renamed = put_under_their_names(lake, people, source="pbx", memory=memory, at=at)
    steps = read_queue_log(folder / "queue_log", settings=replace(SITE, people=people), report=report, memory=memory)
    load(lake, steps, source="pbx", at=at)
    return report, renamed


def agents(folder: Path, table: str) -> dict[Any, str]:
    store, key = FactStore(folder / "lake"), {"contact_segment": "contact_id", "agent_state": "agent_state_id"}[table]
    return {row[key]: row["agent_id"] for batch in store.batches(table) for row in batch.to_pylist()}


class TestNames:
    def test_are_those_of_people_from_the_first_line_on(self, tmp_path: Path) -> None:
        imported(MORNING, tmp_path, {"SIP/1": "ada"})

        assert agents(tmp_path, "contact_segment") == {"pbx:c1": "ada"}
        assert set(agents(tmp_path, "agent_state").values()) == {"ada"}

    def test_said_later_hold_for_what_came_before_and_make_nothing_twice(self, tmp_path: Path) -> None:
        imported(MORNING, tmp_path, {})
        before = agents(tmp_path, "agent_state")

        _report, renamed = imported(MORNING, tmp_path, {"SIP/1": "ada"}, day=1)
        _report, again = imported(MORNING, tmp_path, {"SIP/1": "ada"}, day=2)

        assert (renamed, again) == (1 + len(before), 0)
        assert agents(tmp_path, "agent_state") == dict.fromkeys(before, "ada")
        assert agents(tmp_path, "contact_segment") == {"pbx:c1": "ada"}

    def test_a_telephone_handed_on_leaves_its_past_with_who_had_it(self, tmp_path: Path) -> None:
        imported(MORNING, tmp_path, {"SIP/1": "ada"})
        imported(MORNING + EVENING, tmp_path, {"SIP/1": "ben"}, day=1)

        assert agents(tmp_path, "contact_segment") == {"pbx:c1": "ada", "pbx:c2": "ben"}

    @pytest.mark.parametrize("is_named_first", [True, False])
    def test_of_people_who_work_here_tell_only_of_the_time_in_which_they_do_not(
        self, tmp_path: Path, is_named_first: bool
    ) -> None:
        """At work here from the tenth second of the first call until an hour after the second."""
        begin, end = (datetime.fromtimestamp(second, UTC) for second in (1700000014, 1700033664))
        here = {
            "agent_id": "ada",
            "state": "available",
            "agent_state_id": "seat:1",
            "started_at": begin,
            "ended_at": end,
        }
        FactStore(tmp_path / "lake").append("agent_state", [here], source="careloop", at=NOW)

        imported(MORNING, tmp_path, {"SIP/1": "ada"} if is_named_first else {})
        imported(MORNING + EVENING, tmp_path, {"SIP/1": "ada"}, day=1)
        imported(MORNING + EVENING, tmp_path, {"SIP/1": "ada"}, day=2)

        store = FactStore(tmp_path / "lake")
        rows = [row for batch in store.batches("agent_state") for row in batch.to_pylist()]
        seconds = sorted(
            (row["started_at"].timestamp(), row["ended_at"] and row["ended_at"].timestamp(), row["state"])
            for row in rows
            if row["agent_state_id"] != "seat:1"
        )
        assert seconds == [
            (1700000000, 1700000002, "available"),
            (1700000002, 1700000004, "ringing"),
            (1700000004, 1700000014, "contact"),
            (1700033664, None, "available"),
        ]
        assert agents(tmp_path, "contact_segment") == {"pbx:c1": "ada", "pbx:c2": "ada"}

    def test_of_another_source_are_left_alone(self, tmp_path: Path) -> None:
        row = {"segment_id": "x", "contact_id": "x", "seq": 1, "queued_at": NOW, "agent_id": "SIP/1"}
        FactStore(tmp_path / "lake").append("contact_segment", [row], source="hanoi", at=NOW)
        imported(MORNING, tmp_path, {"SIP/1": "ada"})

        assert agents(tmp_path, "contact_segment") == {"x": "SIP/1", "pbx:c1": "ada"}

    def test_that_nobody_is_behind_stay_and_are_told(self, tmp_path: Path) -> None:
        report, _renamed = imported(MORNING, tmp_path, {"SIP/2": "ada"})

        assert report.strangers == {"SIP/1"}
        assert agents(tmp_path, "contact_segment") == {"pbx:c1": "SIP/1"}


class TestList:
    def test_names_the_agent_of_each_name(self, tmp_path: Path) -> None:
        path = tmp_path / "agents.csv"
        path.write_text(
            '\ufeffname,agent\r\nSIP/1,user:1\r\n\r\n"김, 하나",user:2\r\nSIP/3,user:1\r\n', encoding="utf-8"
        )

        assert read_people(path) == {"SIP/1": "user:1", "김, 하나": "user:2", "SIP/3": "user:1"}

    @pytest.mark.parametrize(
        ("text", "line"), [("SIP/1,ada\n", 1), ("name,agent\nSIP/1\n", 2), ("name,agent\n,ada\n", 2)]
    )
    def test_says_the_line_that_says_nothing(self, text: str, line: int, tmp_path: Path) -> None:
        path = tmp_path / "agents.csv"
        path.write_text(text)

        with pytest.raises(PersonUnclear, match=f"^Line {line} of “agents.csv”"):
            read_people(path)

    def test_of_two_people_behind_one_name_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "agents.csv"
        path.write_text("name,agent\nSIP/1,ada\nSIP/1,ada\nSIP/1,ben\n")

        with pytest.raises(PersonTwice, match="“SIP/1” is ada already"):
            read_people(path)

    def test_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "agents.csv"
        path.write_bytes(b"name,agent\n\xff\xfe,ada\n")

        with pytest.raises(FileUnreadable):
            read_people(path)
