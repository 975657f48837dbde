"""A queue log as it comes: growing, cut off, out of order, twice, with verbs nobody knows and clocks that jump."""

import gzip
import random
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight.facts import FactStore
from careloop.insight.facts.tables.vocabulary import AgentState
from careloop.insight.imports.calls import Settings
from careloop.insight.imports.calls.settings import state_of_pause
from careloop.insight.imports.errors import FileShrank, NotACallRecord
from careloop.insight.imports.events import Custom
from careloop.insight.imports.loading import load
from careloop.insight.imports.report import Report
from careloop.insight.imports.telephony import Records, read_queue_log
from tests.insight.imports.reading import HERE, SITE, gathered, logged

START = 1_700_000_000
ANSWERED = """\
1700000000|c1|billing|NONE|ENTERQUEUE||5550101|1
1700000004|c1|billing|Ada|CONNECT|4|c1a|2
1700000064|c1|billing|Ada|COMPLETECALLER|4|60|1
"""


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


class TestCall:
    def test_that_was_answered(self, tmp_path: Path) -> None:
        facts, report = logged(ANSWERED, tmp_path)

        leg, contact = only(facts["contact_segment"]), only(facts["contact"])
        assert (leg["wait_s"], leg["talk_s"], leg["hold_s"], leg["ring_s"]) == (4, 60, None, 2)
        assert (leg["exit"], leg["agent_id"], leg["release_party"], leg["transfer_kind"]) == (
            "answered",
            "Ada",
            "customer",
            "none",
        )
        assert (contact["contact_id"], contact["outcome"], contact["agent_legs"]) == ("pbx:c1", "handled", 1)
        assert contact["arrived_at"].timestamp() == START
        assert contact["ended_at"].timestamp() == START + 64
        assert report.lines == 3

    @pytest.mark.parametrize(
        ("line", "exit_", "outcome"),
        [
            ("NONE|ABANDON|1|1|9", "abandoned", "abandoned_queue"),
            ("NONE|EXITWITHTIMEOUT|1|1|9", "system_disconnect", "system_failure"),
            ("NONE|EXITEMPTY|1|1|9", "system_disconnect", "system_failure"),
            ("NONE|WITHDRAW|1|1|9|gone home", "system_disconnect", "system_failure"),
            ("NONE|EXITWITHKEY|0|1|1|9", "flow_out_queue", "flow_out"),
            (
                "Ada|ABANDON|1|1|9",
                "abandoned",
                "abandoned_queue",
            ),  # picked up, but the caller hung up before both were joined
        ],
    )
    def test_that_was_not(self, line: str, exit_: str, outcome: str, tmp_path: Path) -> None:
        facts, _report = logged(f"1700000000|c1|q|NONE|ENTERQUEUE||1|1\n1700000009|c1|q|{line}\n", tmp_path)

        leg = only(facts["contact_segment"])
        assert (leg["exit"], leg["wait_s"], leg["agent_id"]) == (exit_, 9, None)
        assert only(facts["contact"])["outcome"] == outcome

    def test_that_went_on_in_another_queue(self, tmp_path: Path) -> None:
        log = """\
1700000000|c1|sales|NONE|ENTERQUEUE||1|1
1700000014|c1|sales|NONE|EXITWITHTIMEOUT|1|1|14
1700000014|c1|billing|NONE|ENTERQUEUE||1|1
1700000020|c1|billing|Ada|CONNECT|6|x|1
1700000030|c1|billing|Ada|BLINDTRANSFER|6002|xfer|6|10|1
1700000030|c1|tech|NONE|ENTERQUEUE||1|1
1700000033|c1|tech|NONE|ABANDON|1|1|3
"""
        facts, _report = logged(log, tmp_path)

        legs = sorted(facts["contact_segment"], key=lambda row: row["seq"])
        assert [(leg["queue_id"], leg["exit"], leg["transfer_kind"], leg["transfer_to"]) for leg in legs] == [
            ("sales", "flow_out_queue", None, None),
            ("billing", "answered", "cold", "tech"),
            ("tech", "abandoned", None, None),
        ]
        assert (only(facts["contact"])["outcome"], only(facts["contact"])["transfer_count"]) == ("handled", 1)

    def test_a_redirected_caller_has_not_hung_up(self, tmp_path: Path) -> None:
        log = """\
1700000000|c1|sales|NONE|ENTERQUEUE||1|1
1700000000|c1|sales|NONE|ABANDON|1|1|0
1700000000|c1|tech|NONE|ENTERQUEUE||1|1
1700000002|c1|tech|NONE|ABANDON|1|1|2
"""
        facts, _report = logged(log, tmp_path)

        legs = sorted(facts["contact_segment"], key=lambda row: row["seq"])
        assert [leg["exit"] for leg in legs] == ["flow_out_queue", "abandoned"]

    @pytest.mark.parametrize("first", ["COMPLETEAGENT|1|9|1", "ATTENDEDTRANSFER|BRIDGE|b|1|9|1"])
    def test_two_endings_of_one_talk_are_one_transfer(self, first: str, tmp_path: Path) -> None:
        endings = ["COMPLETEAGENT|1|9|1", "ATTENDEDTRANSFER|BRIDGE|b|1|9|1"]
        endings.sort(key=lambda ending: ending != first)
        log = "1700000000|c1|q|NONE|ENTERQUEUE||1|1\n1700000001|c1|q|Ada|CONNECT|1|x|1\n"
        facts, _report = logged(log + "".join(f"1700000010|c1|q|Ada|{ending}\n" for ending in endings), tmp_path)

        leg = only(facts["contact_segment"])
        assert (leg["transfer_kind"], leg["talk_s"]) == ("warm", 9)
        contacts = [row for row in facts.get("agent_state", []) if row["state"] == "contact"]
        assert [(row["ended_at"] - row["started_at"]).total_seconds() for row in contacts] == [9]

    def test_of_the_time_of_asterisk_1_4(self, tmp_path: Path) -> None:
        log = """\
1700000000|c1|q|NONE|ENTERQUEUE||5550101
1700000007|c1|q|SIP/100|CONNECT|7
1700000017|c1|q|SIP/100|TRANSFER|200|default|7|10
1700000000|c2|q|NONE|ENTERQUEUE||5550102
1700000009|c2|q|NONE|EXITWITHTIMEOUT|1
"""
        facts, report = logged(log, tmp_path)

        legs = {row["contact_id"]: row for row in facts["contact_segment"]}
        assert (legs["pbx:c1"]["transfer_kind"], legs["pbx:c1"]["transfer_to"], legs["pbx:c1"]["talk_s"]) == (
            "cold",
            "200",
            10,
        )
        assert (legs["pbx:c2"]["exit"], legs["pbx:c2"]["wait_s"]) == ("system_disconnect", 9)
        assert not report.unknown

    def test_begun_before_the_log_is_worked_out_from_its_end(self, tmp_path: Path) -> None:
        facts, report = logged("1700000064|c1|billing|Ada|COMPLETEAGENT|4|60|1\n", tmp_path)

        leg = only(facts["contact_segment"])
        assert leg["queued_at"].timestamp() == START
        assert (leg["wait_s"], leg["talk_s"]) == (4, 60)
        assert not report.rejected

    def test_without_any_way_to_know_its_begin_is_reported(self, tmp_path: Path) -> None:
        facts, report = logged("1700000064|c1|billing|NONE|EXITWITHTIMEOUT|1\n", tmp_path)

        assert not facts
        assert (report.examples[0].line, report.examples[0].reason) == (1, "call_without_entry")

    def test_cut_off_by_a_restart_is_over(self, tmp_path: Path) -> None:
        log = """\
1700000000|c1|q|NONE|ENTERQUEUE||1|1
1700000002|c1|q|Ada|CONNECT|2|x|1
1700000003|c2|q|NONE|ENTERQUEUE||2|1
1700000100|NONE|NONE|NONE|QUEUESTART|
"""
        facts, report = logged(log, tmp_path)

        legs = {row["contact_id"]: row for row in facts["contact_segment"]}
        assert (legs["pbx:c1"]["release_party"], legs["pbx:c1"]["talk_s"]) == ("system", 98)
        assert (legs["pbx:c2"]["exit"], legs["pbx:c2"]["wait_s"]) == ("system_disconnect", 97)
        assert report.open_count == 0

    def test_a_withheld_number_gives_no_hash(self, tmp_path: Path) -> None:
        facts, _report = logged(ANSWERED.replace("5550101", "anonymous"), tmp_path)

        assert only(facts["contact"])["contact_point_hash"] is None


class TestDialplanVerbs:
    LOG = (
        "1700000000|c1|q|NONE|XFULL|FULL\n1700000001|c2|q|NONE|XFULL|FULL\n1700000002|c2|q|NONE|XCALLBACK|key|5550102\n"
    )

    def test_are_unknown_until_somebody_says(self, tmp_path: Path) -> None:
        facts, report = logged(self.LOG, tmp_path, settings=Settings(source="pbx", contact_key=b"k"))

        assert not facts
        assert report.unknown == {"XFULL": 2, "XCALLBACK": 1}

    def test_tell_of_callers_turned_away_and_callbacks(self, tmp_path: Path) -> None:
        facts, report = logged(self.LOG, tmp_path)

        outcomes = {row["contact_id"]: row["outcome"] for row in facts["contact"]}
        assert outcomes == {"pbx:c1": "blocked", "pbx:c2": "callback_booked"}
        promise = only(facts["callback"])
        assert (promise["contact_id"], promise["connected_at"]) == ("pbx:c2", None)
        assert (promise["window_end"] - promise["promised_at"]).total_seconds() == 86_400
        assert not report.unknown

    def test_a_callback_is_kept_by_the_call_to_that_number(self, tmp_path: Path) -> None:
        log = self.LOG + "1700000100|o1|q|Ada|OUTCALL|BUSY||5550102\n1700000200|o2|q|Ada|OUTCALL|ANSWER|30|5550102\n"
        facts, _report = logged(log, tmp_path)

        promise = only(facts["callback"])
        assert promise["connected_at"].timestamp() == START + 170
        assert promise["callback_contact_id"] == "pbx:o2"
        assert sorted((row["attempt_no"], row["outcome"]) for row in facts["callback_attempt"]) == [
            (1, "busy"),
            (2, "connected"),
        ]

    def test_a_callback_is_kept_in_a_later_run(self, tmp_path: Path) -> None:
        logged(self.LOG, tmp_path)
        facts, _report = logged(self.LOG + "1700090000|o2|q|Ada|OUTCALL|ANSWER|30|5550102\n", tmp_path)

        assert only(facts["callback"])["callback_contact_id"] == "pbx:o2"


class TestBadLines:
    def test_are_counted_with_line_and_reason(self, tmp_path: Path) -> None:
        log = b"1700000000|c1\nnow|c1|q|NONE|ENTERQUEUE||1\n7|c1|q|NONE|ENTERQUEUE||1\n\n" + ANSWERED.encode()
        facts, report = logged(log, tmp_path)

        assert [(row.line, row.reason) for row in report.examples] == [
            (1, "too_few_fields"),
            (2, "time_not_a_number"),
            (3, "time_out_of_range"),
        ]
        assert len(facts["contact_segment"]) == 1

    def test_a_stamp_a_year_ahead_moves_nothing_else(self, tmp_path: Path) -> None:
        lines = [line for number in range(5) for line in ANSWERED.replace("c1", f"c{number}").splitlines()]
        lines.insert(7, "1731536000|x|q|NONE|ENTERQUEUE||1|1")
        facts, report = logged("\n".join(lines) + "\n", tmp_path)

        assert len(facts["contact_segment"]) == 5
        assert [(row.line, row.reason) for row in report.examples] == [(8, "time_ahead")]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.binary(max_size=60) | st.sampled_from(ANSWERED.encode().splitlines()), max_size=12))
    def test_never_stop_the_import(self, lines: list[bytes]) -> None:
        with TemporaryDirectory() as folder:
            _facts, report = logged(b"\n".join(lines) + b"\n", Path(folder))

            assert sum(report.rejected.values()) <= report.lines

    def test_names_in_an_old_encoding_are_kept_as_far_as_they_go(self, tmp_path: Path) -> None:
        facts, _report = logged(ANSWERED.replace("Ada", "José").encode("latin-1"), tmp_path)

        assert only(facts["contact_segment"])["agent_id"].startswith("Jos")

    def test_windows_line_ends_are_as_good(self, tmp_path: Path) -> None:
        facts, _report = logged(ANSWERED.replace("\n", "\r\n"), tmp_path)

        assert only(facts["contact_segment"])["talk_s"] == 60


class TestClock:
    def test_put_back_is_reported_and_a_call_that_ends_before_it_begins_left_out(self, tmp_path: Path) -> None:
        log = ANSWERED + "1700000070|c2|q|NONE|ENTERQUEUE||1|1\n1699996475|c2|q|NONE|ABANDON|1|1|5\n"
        facts, report = logged(log, tmp_path)

        assert report.clock_back_count == 1
        assert report.rejected == {"call_runs_backwards": 1}
        assert [row["contact_id"] for row in facts["contact"]] == ["pbx:c1"]

    def test_thirty_hours_in_a_call_are_handed_over_for_the_lake_to_set_aside(self, tmp_path: Path) -> None:
        log = ANSWERED.replace("1700000064", "1700108004").replace("|4|60|1", "|4|108000|1")
        facts, _report = logged(log, tmp_path)

        assert only(facts["contact_segment"])["talk_s"] == 108_000


class TestGrowingFile:
    def test_half_a_line_waits_for_its_other_half(self, tmp_path: Path) -> None:
        whole = ANSWERED
        first, report = logged(whole[:-20], tmp_path)
        second, later = logged(whole, tmp_path)

        assert only(first["contact"])["outcome"] == "open"
        assert (report.lines, later.lines) == (2, 1)
        assert only(second["contact"])["outcome"] == "handled"
        assert only(second["contact_segment"])["talk_s"] == 60

    def test_a_second_run_finds_nothing_new(self, tmp_path: Path) -> None:
        logged(ANSWERED, tmp_path)
        facts, report = logged(ANSWERED, tmp_path)

        assert (facts, report.lines) == ({}, 0)

    def test_a_rotated_log_goes_on_where_the_old_one_ended(self, tmp_path: Path) -> None:
        old, new = ANSWERED[: ANSWERED.index("1700000064")], ANSWERED[ANSWERED.index("1700000064") :]
        logged(old, tmp_path)
        facts, _report = logged(new, tmp_path)

        assert only(facts["contact_segment"])["segment_id"] == "pbx:c1/1"
        assert only(facts["contact_segment"])["talk_s"] == 60

    def test_one_that_shrank_is_refused(self, tmp_path: Path) -> None:
        log = ANSWERED * 200  # longer than the head by which a file is known
        logged(log, tmp_path)

        with pytest.raises(FileShrank, match="shorter than when it was last read"):
            logged(log[:5000], tmp_path)

    def test_a_crash_before_the_facts_are_kept_gives_the_same_step_again(self, tmp_path: Path) -> None:
        path = tmp_path / "queue_log"
        path.write_text(ANSWERED)
        steps = read_queue_log(path, settings=SITE, report=Report(), memory=tmp_path / "memory.duckdb")
        first = next(steps)
        steps.close()

        again = next(read_queue_log(path, settings=SITE, report=Report(), memory=tmp_path / "memory.duckdb"))

        assert again.key == first.key
        assert [(name, table.to_pylist()) for name, table in again.batches] == [
            (name, table.to_pylist()) for name, table in first.batches
        ]

    def test_what_is_remembered_is_for_the_owner_only(self, tmp_path: Path) -> None:
        logged(ANSWERED, tmp_path)

        assert (tmp_path / "memory.duckdb").stat().st_mode & 0o077 == 0
        with duckdb.connect(str(tmp_path / "memory.duckdb"), read_only=True) as kept:
            assert kept.execute("select until, line from files").fetchall() == [(len(ANSWERED), 3)]


def capture_lines() -> list[bytes]:
    return gzip.decompress((HERE / "captures" / "iax22" / "queue_log.gz").read_bytes()).splitlines(keepends=True)


def as_sets(facts: dict[str, list[dict[str, Any]]]) -> dict[str, set[str]]:
    return {name: {repr(sorted(row.items())) for row in rows} for name, rows in facts.items()}


class TestSameFacts:
    """However the lines come, the facts are the same."""

    @pytest.mark.parametrize("block_bytes", [8_000, 30_000])
    def test_in_blocks_of_any_size(self, block_bytes: int, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        whole, _report = logged(b"".join(capture_lines()), tmp_path / "a")
        cut, _report = logged(b"".join(capture_lines()), tmp_path / "b", block_bytes=block_bytes)

        assert as_sets(cut) == as_sets(whole)

    def test_twice(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        once, _report = logged(b"".join(capture_lines()), tmp_path / "a")
        twice, report = logged(b"".join(line * 2 for line in capture_lines()), tmp_path / "b")

        assert as_sets(twice) == as_sets(once)
        assert report.duplicate_count > 1_000

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_out_of_order_by_half_a_minute(self, seed: int, tmp_path: Path) -> None:
        lines = capture_lines()
        noise = random.Random(seed)
        # What one second holds stays in order: two stays of a call within one second could not be told apart.
        late = {second: noise.uniform(0, 30) for second in {int(line[:10]) for line in lines}}
        shuffled = sorted(lines, key=lambda line: int(line[:10]) + late[int(line[:10])])
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        straight, _report = logged(b"".join(lines), tmp_path / "a")
        crooked, _other = logged(b"".join(shuffled), tmp_path / "b", block_bytes=20_000)

        assert as_sets(crooked) == as_sets(straight)

    def test_in_two_runs(self, tmp_path: Path) -> None:
        lines = capture_lines()
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        whole, _report = logged(b"".join(lines), tmp_path / "a")
        first, _report = logged(b"".join(lines[:1000]), tmp_path / "b")
        second, _report = logged(b"".join(lines), tmp_path / "b")

        def by_key(rows: list[dict[str, Any]], key: str) -> dict[Any, dict[str, Any]]:
            return {row[key]: row for row in rows}

        for table, key in (("contact", "contact_id"), ("contact_segment", "segment_id"), ("callback", "callback_id")):
            both = by_key(first[table], key) | by_key(second[table], key)
            assert both == by_key(whole[table], key)


class TestPauses:
    @pytest.mark.parametrize(
        ("reason", "state"),
        [
            ("Lunch", AgentState.BREAK),
            ("", AgentState.BREAK),
            ("점심", AgentState.BREAK),
            ("培训", AgentState.TRAINING),
            ("Họp nhóm", AgentState.MEETING),
            ("ACW", AgentState.WRAP),
            ("Auto-Pause", AgentState.SYSTEM_ISSUE),
            ("Backoffice", AgentState.AUX_PRODUCTIVE),
            ("zzz", None),
        ],
    )
    def test_are_told_by_their_words(self, reason: str, state: AgentState | None) -> None:
        assert state_of_pause(reason, {}) is state

    def test_a_site_may_say_otherwise(self) -> None:
        assert state_of_pause("Lunch ", {"lunch": AgentState.TRAINING}) is AgentState.TRAINING

    def test_of_one_queue_leaves_an_agent_available_for_the_other(self, tmp_path: Path) -> None:
        log = """\
1700000000|MANAGER|a|Ada|ADDMEMBER|
1700000000|MANAGER|b|Ada|ADDMEMBER|
1700000010|NONE|a|Ada|PAUSE|Lunch
1700000020|NONE|b|Ada|PAUSE|Lunch
1700000050|NONE|NONE|Ada|UNPAUSEALL|
1700000050|NONE|a|Ada|UNPAUSE|
1700000050|NONE|b|Ada|UNPAUSE|
1700000060|MANAGER|a|Ada|REMOVEMEMBER|
1700000070|MANAGER|b|Ada|REMOVEMEMBER|
"""
        facts, _report = logged(log, tmp_path)

        stretches = sorted(
            (
                int(row["started_at"].timestamp()) - START,
                int(row["ended_at"].timestamp()) - START,
                row["state"],
                row["reason"],
            )
            for row in facts["agent_state"]
        )
        assert stretches == [(0, 20, "available", None), (20, 50, "break", "Lunch"), (50, 70, "available", None)]

    def test_not_known_are_said(self, tmp_path: Path) -> None:
        log = "1700000000|M|a|Ada|ADDMEMBER|\n1700000001|M|a|Ada|PAUSE|zzz\n1700000005|M|a|Ada|UNPAUSE|\n"
        _facts, report = logged(log, tmp_path)

        assert dict(report.unmapped_reasons) == {"zzz": 1}


@st.composite
def agent_lines(draw: st.DrawFn) -> list[str]:
    """Any life of two agents in two queues, lawful or not."""
    lines, second = [], START
    for number in range(draw(st.integers(1, 30))):
        second += draw(st.integers(0, 20))
        agent, queue = draw(st.sampled_from(["Ada", "Ben"])), draw(st.sampled_from(["a", "b"]))
        verb = draw(
            st.sampled_from(["ADDMEMBER|", "REMOVEMEMBER|", "PAUSE|Lunch", "UNPAUSE|", "RINGNOANSWER|7000", "CALL"])
        )
        if verb == "CALL":
            talk = draw(st.integers(0, 30))
            lines += [
                f"{second}|k{number}|{queue}|NONE|ENTERQUEUE||1|1",
                f"{second + 2}|k{number}|{queue}|{agent}|CONNECT|2|x|2",
                f"{second + 2 + talk}|k{number}|{queue}|{agent}|COMPLETEAGENT|2|{talk}|1",
            ]
        else:
            lines.append(f"{second}|NONE|{queue}|{agent}|{verb}")
    return sorted(lines, key=lambda line: int(line[:10]))


class TestAgents:
    @settings(max_examples=15, deadline=None)
    @given(agent_lines())
    def test_are_never_in_two_states_and_never_for_less_than_no_time(self, lines: list[str]) -> None:
        with TemporaryDirectory() as folder:
            facts, _report = logged("\n".join(lines) + "\n", Path(folder))

        for agent in ("Ada", "Ben"):
            rows = [row for row in facts.get("agent_state", []) if row.get("agent_id") == agent]
            rows.sort(key=lambda row: row["started_at"])
            ends = [row.get("ended_at") for row in rows]
            assert all(row["started_at"] < end for row, end in zip(rows, ends, strict=True) if end)
            assert all(end and end <= row["started_at"] for end, row in zip(ends, rows[1:], strict=False))

    @settings(max_examples=15, deadline=None)
    @given(agent_lines(), st.data())
    def test_did_the_same_however_often_one_looked(self, lines: list[str], data: st.DataObject) -> None:
        # A ring is told of by its end: what was looked at while the phone rang is not told anew.
        quiet = [cut for cut in range(1, len(lines)) if int(lines[cut][:10]) - int(lines[cut - 1][:10]) > 7]
        cuts = data.draw(st.sets(st.sampled_from(quiet), max_size=3)) if quiet else set()
        with TemporaryDirectory() as once, TemporaryDirectory() as often:
            for cut in sorted(cuts):
                kept(lines[:cut], Path(often))

            assert kept(lines, Path(often)) == kept(lines, Path(once))

    def test_are_still_at_it_when_the_log_ends(self, tmp_path: Path) -> None:
        begun = "1700000000|MANAGER|a|Ada|ADDMEMBER|\n1700000010|NONE|a|Ada|PAUSE|Lunch\n"
        first, _report = logged(begun, tmp_path)
        second, _report = logged(begun + "1700000040|NONE|a|Ada|UNPAUSE|\n", tmp_path)

        told = [sorted(until(row) for row in facts["agent_state"]) for facts in (first, second)]
        assert told == [
            [("Ada@1700000000000000", "available", 10), ("Ada@1700000010000000", "break", 0)],
            [("Ada@1700000010000000", "break", 40), ("Ada@1700000040000000", "available", 0)],
        ]

    def test_what_was_over_in_the_moment_it_began_is_taken_back(self, tmp_path: Path) -> None:
        begun = "1700000000|MANAGER|a|Ada|ADDMEMBER|\n"
        logged(begun, tmp_path)
        facts, _report = logged(begun + "1700000000|MANAGER|a|Ada|REMOVEMEMBER|\n", tmp_path)

        assert facts["agent_state"] == [{"agent_state_id": "Ada@1700000000000000", "is_retracted": True}]


def until(row: dict[str, Any]) -> tuple[str, str, int]:
    end = row.get("ended_at")
    return row["agent_state_id"], row["state"], int(end.timestamp()) - START if end else 0


def kept(lines: list[str], folder: Path) -> list[Any]:
    """Import what a log holds by now into the lake of a folder, and return what the lake then says of agents."""
    (folder / "queue_log").write_text("\n".join(lines) + "\n")
    steps = read_queue_log(folder / "queue_log", settings=SITE, report=Report(), memory=folder / "memory.duckdb")
    load(folder / "lake", steps, source="pbx", at=datetime(2026, 11, 22, tzinfo=UTC))
    columns = ("agent_state_id", "state", "reason", "started_at", "ended_at", "contact_id")
    rows = [row for batch in FactStore(folder / "lake").batches("agent_state") for row in batch.to_pylist()]
    return sorted(repr([row[column] for column in columns]) for row in rows)


class TestCallRecords:
    def test_of_another_kind_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "queue_log").write_text(ANSWERED)
        (tmp_path / "Master.csv").write_text("a,b\n1,2\n")
        steps = read_queue_log(
            tmp_path / "queue_log",
            settings=SITE,
            report=Report(),
            memory=tmp_path / "memory.duckdb",
            records=Records(cdr=tmp_path / "Master.csv"),
        )

        with pytest.raises(NotACallRecord, match="21 columns"):
            gathered(steps)

    def test_local_times_are_of_the_zone_that_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "queue_log").write_text(ANSWERED)
        fields = [
            "",
            "5550101",
            "s",
            "in",
            "",
            "SIP/trunk-1",
            "",
            "Queue",
            "",
            "2023-11-15 07:13:10",
            "",
            "2023-11-15 07:14:30",
        ]
        record = [*fields, "80", "80", "ANSWERED", "3", "c1", "", "", "c1", "1"]
        (tmp_path / "Master.csv").write_text(",".join(f'"{field}"' for field in record) + "\n")
        steps = read_queue_log(
            tmp_path / "queue_log",
            settings=SITE,
            report=Report(),
            memory=tmp_path / "memory.duckdb",
            records=Records(cdr=tmp_path / "Master.csv", zone="Asia/Seoul"),
        )

        contact = only(gathered(steps)["contact"])
        assert contact["arrived_at"].timestamp() == START - 10
        assert contact["ended_at"].timestamp() == START + 70


def test_meanings_are_a_closed_set() -> None:
    assert set(Custom) == {"blocked", "callback", "outbound", "ignored"}
