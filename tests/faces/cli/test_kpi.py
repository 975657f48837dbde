"""`careloop kpi` measures, lists, explains and opens numbers, without a database and in four languages."""

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.utils import translation

from careloop.faces.cli.extras import ExtraMissing
from careloop.faces.cli.kpi.boards import BOARDS
from careloop.faces.cli.kpi.questions import QuestionMakesNoSense
from careloop.insight.facts.store import FactStore
from careloop.insight.kpis import METRICS

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A folder of facts: forty calls in two queues, every fourth answered late."""
    folder = tmp_path / "lake"
    store = FactStore(folder)
    contacts: list[dict[str, Any]] = []
    segments: list[dict[str, Any]] = []
    for number in range(40):
        at, wait = START + timedelta(minutes=number), 60.0 if number % 4 == 0 else 5.0
        left = at + timedelta(seconds=wait)
        contacts.append(
            {
                "contact_id": f"c{number}",
                "channel": "voice",
                "direction": "inbound",
                "arrived_at": at,
                "ended_at": left + timedelta(seconds=90),
                "outcome": "handled",
            }
        )
        segments.append(
            {
                "segment_id": f"s{number}",
                "contact_id": f"c{number}",
                "seq": 1,
                "queue_id": "sales" if number % 2 else "billing",
                "agent_id": "a",
                "queued_at": at,
                "answered_at": left,
                "left_queue_at": left,
                "wait_s": wait,
                "exit": "answered",
                "talk_s": 90.0,
                "hold_s": 0.0,
                "wrap_s": 0.0,
                "released_at": left + timedelta(seconds=90),
                "wrap_ended_at": left + timedelta(seconds=90),
            }
        )
    store.append("contact", contacts, source="test", at=START + timedelta(days=1))
    store.append("contact_segment", segments, source="test", at=START + timedelta(days=1))
    return folder


def said(*words: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        call_command("kpi", *words, stdout=out)
    return out.getvalue()


class TestMeasure:
    def test_answers_with_everything_behind_the_number(self, facts: Path) -> None:
        (answer,) = json.loads(said("--facts", str(facts), "--metric", "service_level", "--by", "queue", "--json"))

        assert [row["queue"] for row in answer["rows"]] == ["billing", "sales"]
        assert [row["value"] for row in answer["rows"]] == [0.5, 1.0]
        assert answer["total"]["numerator"] == 30
        assert answer["total"]["denominator"] == 40
        assert answer["total"]["low"] < 0.75 < answer["total"]["high"]
        assert answer["options"]["denominator"] == "offered_ex_short"

    def test_takes_period_filter_and_options(self, facts: Path) -> None:
        (answer,) = json.loads(
            said(
                *("--facts", str(facts), "--metric", "A01", "--where", "queue=billing", "--option", "target_s=60"),
                *("--from", "2026-03-02T09:10", "--to", "2026-03-02T09:20", "--json"),
            )
        )

        assert (answer["total"]["numerator"], answer["total"]["denominator"]) == (5, 5)

    def test_prints_a_table_with_the_total(self, facts: Path) -> None:
        lines = said("--facts", str(facts), "--metric", "service_level", "--by", "queue").splitlines()

        assert any(line.startswith("billing") and "50.0%" in line for line in lines)
        assert any(line.startswith("all") and "75.0%" in line for line in lines)

    def test_says_the_unit_and_what_has_nothing_to_count(self, facts: Path) -> None:
        asa = said("--facts", str(facts), "--metric", "asa", "--to", "2026-03-02T09:00")
        level = said("--facts", str(facts), "--metric", "service_level")

        assert asa.splitlines()[0] == "Average speed of answer  ·  seconds  ·  asa v1 view=segment"
        assert asa.splitlines()[2].endswith("nothing to count")
        assert level.splitlines()[0].startswith("Service level (TSF)  ·  service_level v1")
        assert level.splitlines()[2].split()[-3:] == ["30", "40", "40"]

    def test_writes_csv_and_parquet(self, facts: Path, tmp_path: Path) -> None:
        out = tmp_path / "numbers.parquet"
        said("--facts", str(facts), "--metric", "asa", "--by", "half_hour", "--format", "parquet", "--output", str(out))
        lines = said("--facts", str(facts), "--metric", "asa", "--by", "queue", "--format", "csv").splitlines()

        table = pq.read_table(out)
        assert table.column("metric").to_pylist() == ["asa", "asa"]
        assert table.column_names[:4] == ["metric", "version", "options", "half_hour"]
        assert lines[0].startswith("metric,version,options,queue,value,low,high,")
        assert lines[0].endswith(",flags,complete_until")
        assert len(lines) == 3

    def test_says_in_a_file_what_stands_beside_a_number(
        self, facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store = FactStore(facts)
        store.complete(source="test", through=START + timedelta(hours=2))
        out = tmp_path / "numbers.parquet"
        said("--facts", str(facts), "--board", "cases", "--format", "csv")
        words = ("--facts", str(facts), "--metric", "service_level", "--metric", "backlog")
        said(*words, "--format", "parquet", "--output", str(out))
        (row,) = pq.read_table(out).to_pylist()

        assert row["metric"] == "service_level"
        assert row["flags"] == "service_level_spread" or row["flags"] == ""
        assert row["complete_until"] == "2026-03-02T11:00:00+00:00"
        assert "backlog: Not measured: it would need case" in capsys.readouterr().err

    @pytest.mark.parametrize("board", BOARDS)
    def test_reads_a_board_and_says_what_is_not_measured(self, facts: Path, board: str) -> None:
        answers = json.loads(said("--facts", str(facts), "--board", board, "--json"))

        assert [answer["metric"] for answer in answers] == list(BOARDS[board])
        for answer in answers:
            assert bool(answer["not_measured"]) is (answer["total"] is None)

    def test_knows_every_metric_of_a_board(self) -> None:
        assert {name for names in BOARDS.values() for name in names} <= METRICS.keys()


class TestPartly:
    """One number of a board cannot be split as the others can."""

    @pytest.fixture
    def staffed(self, facts: Path) -> Path:
        """The facts, and an hour of somebody's time, which belongs to no queue."""
        state = {
            "agent_state_id": "w",
            "agent_id": "a",
            "state": "available",
            "started_at": START,
            "ended_at": START + timedelta(hours=1),
        }
        FactStore(facts).append("agent_state", [state], source="test", at=START + timedelta(days=1))
        return facts

    WORDS = ("--board", "operations", "--by", "queue")

    def test_the_others_are_answered_and_it_says_why_it_is_not(self, staffed: Path) -> None:
        answers = {
            answer["metric"]: answer for answer in json.loads(said("--facts", str(staffed), *self.WORDS, "--json"))
        }

        assert list(answers) == list(BOARDS["operations"])
        assert "“queue”" in answers["occupancy"]["unanswered"]
        assert (answers["occupancy"]["total"], answers["occupancy"]["rows"]) == (None, [])
        assert [row["queue"] for row in answers["asa"]["rows"]] == ["billing", "sales"]

    def test_a_table_says_it_in_its_place(self, staffed: Path) -> None:
        blocks = said("--facts", str(staffed), *self.WORDS).split("\n\n")

        (refused,) = [block for block in blocks if "occupancy v1" in block]
        assert refused.splitlines()[1].startswith("These numbers cannot be split or narrowed by “queue”")

    def test_a_file_has_the_others_and_the_reason_stands_beside_it(
        self, staffed: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lines = said("--facts", str(staffed), *self.WORDS, "--format", "csv").splitlines()

        assert "occupancy" not in {line.split(",")[0] for line in lines}
        assert "occupancy: These numbers cannot be split" in capsys.readouterr().err

    def test_a_picture_and_a_comparison_have_its_name_and_the_reason(self, staffed: Path, tmp_path: Path) -> None:
        out = tmp_path / "picture.svg"
        said("--facts", str(staffed), *self.WORDS, "--format", "svg", "--output", str(out))
        compared = said(
            *("--facts", str(staffed), *self.WORDS, "--compare", "previous"),
            *("--from", "2026-03-02T09:20", "--to", "2026-03-02T09:40"),
        )

        assert "cannot be split or narrowed" in out.read_text(encoding="utf-8")
        assert "cannot be split or narrowed" in compared
        assert "may be chance" in compared

    def test_nothing_at_all_is_a_refusal(self, staffed: Path) -> None:
        with pytest.raises(QuestionMakesNoSense, match="by “team”"):
            said("--facts", str(staffed), "--metric", "asa", "--metric", "service_level", "--by", "team")


class TestPictures:
    def drawn(self, facts: Path, out: Path, *words: str) -> str:
        said("--facts", str(facts), "--format", "svg", "--output", str(out), *words)
        return out.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("by", "shown"),
        [("half_hour", "09:30"), ("queue", "billing"), ("weekday,time_of_day", "Mon"), ("queue,half_hour", "· sales")],
    )
    def test_are_what_the_dimensions_ask_for(self, facts: Path, tmp_path: Path, by: str, shown: str) -> None:
        svg = self.drawn(facts, tmp_path / "picture.svg", "--metric", "service_level", "--by", by)

        assert svg.startswith("<svg")
        assert shown in svg
        assert "service_level v1" in svg
        assert "all: 75" in svg
        assert "No source says until when its data are complete." in svg

    def test_of_a_board_stand_under_each_other_and_say_what_is_not_measured(self, facts: Path, tmp_path: Path) -> None:
        svg = self.drawn(
            facts, tmp_path / "board.svg", "--board", "operations", "--by", "half_hour", "--language", "ko"
        )

        assert all(METRICS[name].name.spoken("ko") in svg for name in BOARDS["operations"])
        assert "agent_state" in svg

    def test_come_as_png(self, facts: Path, tmp_path: Path) -> None:
        out = tmp_path / "picture.png"
        said("--facts", str(facts), "--metric", "asa", "--by", "agent", "--format", "png", "--output", str(out))

        assert out.read_bytes().startswith(b"\x89PNG")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--metric", "asa"), "There is no picture of that"),
            (("--metric", "asa", "--by", "queue,agent"), "There is no picture of that"),
            (("--metric", "asa", "--by", "day,week"), "There is no picture of that"),
            (("list",), "Only measured numbers"),
            (("contacts", "asa"), "Only measured numbers"),
        ],
    )
    def test_are_refused_where_there_is_none(self, facts: Path, words: tuple[str, ...], sentence: str) -> None:
        with pytest.raises(QuestionMakesNoSense, match=sentence):
            said(*words, "--facts", str(facts), "--format", "png")

    def test_name_the_extra_that_draws(self, facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("careloop.faces.cli.extras.find_spec", lambda name: None if name == "vl_convert" else name)

        with pytest.raises(ExtraMissing, match="extra “charts”"):
            said("--facts", str(facts), "--metric", "asa", "--by", "day", "--format", "svg")


class TestCompare:
    WHEN = ("--from", "2026-03-02T09:20", "--to", "2026-03-02T09:40", "--metric", "service_level")

    def test_holds_a_period_against_the_one_before(self, facts: Path) -> None:
        (answer,) = json.loads(
            said("--facts", str(facts), *self.WHEN, "--by", "queue", "--compare", "previous", "--json")
        )

        assert answer["before"]["since"].startswith("2026-03-02T09:00")
        change = answer["change"]["total"]
        assert change["difference"] == answer["total"]["value"] - answer["before"]["total"]["value"]
        assert change["verdict"] == "unclear"
        assert change["mix"] + change["rate"] == pytest.approx(change["difference"])
        assert [row["dimensions"]["queue"] for row in answer["change"]["rows"]] == ["billing", "sales"]

    def test_takes_any_other_period(self, facts: Path) -> None:
        line = said(
            *("--facts", str(facts), *self.WHEN, "--format", "csv"),
            *("--compare", "2026-03-02T09:00..2026-03-02T09:04"),
        ).splitlines()[1]

        assert line.split(",")[3:5] == ["0.75", "0.75"]

    def test_says_in_the_table_whether_it_may_be_chance(self, facts: Path) -> None:
        text = said("--facts", str(facts), *self.WHEN, "--compare", "previous", "--by", "queue")

        assert "may be chance" in text
        assert "2026-03-02 09:00" in text

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--compare", "previous"), "needs a period"),
            ((*WHEN[:4], "--compare", "yesterday"), "--compare is"),
            ((*WHEN[:4], "--compare", "2026-03-02..2026-03-01"), "ends before it begins"),
            ((*WHEN[:4], "--compare", "previous", "--format", "parquet"), "table, csv or json"),
        ],
    )
    def test_refuses_what_it_cannot_compare(self, facts: Path, words: tuple[str, ...], sentence: str) -> None:
        with pytest.raises(QuestionMakesNoSense, match=sentence):
            said("--facts", str(facts), "--metric", "asa", *words)


class TestDays:
    def test_begin_when_operation_does(self, facts: Path) -> None:
        def days(begins: str) -> list[tuple[str, int]]:
            (answer,) = json.loads(
                said(
                    *("--facts", str(facts), "--metric", "contact_volume", "--by", "day"),
                    *("--day-begins", begins, "--json"),
                )
            )
            assert answer["day_begins"] == begins
            return [(row["day"], row["value"]) for row in answer["rows"]]

        assert days("05:00") == [("2026-03-02", 40)]
        assert days("09:30") == [("2026-03-01", 30), ("2026-03-02", 10)]

    @pytest.mark.parametrize(("text", "sentence"), [("noon", "--day-begins is"), ("05:10", "half hour or the hour")])
    def test_say_what_is_wrong(self, facts: Path, text: str, sentence: str) -> None:
        with pytest.raises(QuestionMakesNoSense, match=sentence):
            said("--facts", str(facts), "--metric", "asa", "--day-begins", text)


class TestAsOf:
    def test_knows_nothing_that_came_later(self, facts: Path) -> None:
        def total(day: str) -> int:
            (answer,) = json.loads(said("--facts", str(facts), "--metric", "contact_volume", "--as-of", day, "--json"))
            return int(answer["total"]["value"])

        assert (total("2026-03-02"), total("2026-03-03")) == (0, 40)

    def test_uses_the_definition_of_that_day_and_says_so(self, facts: Path) -> None:
        words = ("--facts", str(facts), "--metric", "staffing_gap", "--as-of", "2026-11-01")
        (answer,) = json.loads(said(*words, "--json"))

        assert (answer["version"], answer["newest_version"]) == (1, 2)

    def test_refuses_what_is_no_day(self, facts: Path) -> None:
        with pytest.raises(QuestionMakesNoSense, match="--as-of is"):
            said("--facts", str(facts), "--metric", "asa", "--as-of", "then")


class TestContacts:
    def test_are_the_rows_whose_sums_the_number_is(self, facts: Path) -> None:
        rows = json.loads(said("contacts", "service_level", "--facts", str(facts), "--json"))

        assert len(rows) == 40
        assert sum(row["numerator"] for row in rows) == 30
        assert {"contact_id", "segment_id"} <= rows[0].keys()


class TestWords:
    def test_list_names_every_metric(self) -> None:
        assert len(said("list").splitlines()) == len(METRICS)

    @pytest.mark.parametrize(("language", "word"), [("ko", "포기율"), ("zh-hans", "放弃率"), ("vi", "Tỷ lệ bỏ cuộc")])
    def test_explains_in_the_language_asked_for(self, language: str, word: str) -> None:
        card = said("explain", "abandonment_rate", "--language", language)

        assert word in card
        assert "Numerator" not in card

    def test_explains_in_the_language_of_the_terminal(self) -> None:
        with translation.override("ko"):
            assert "분자" in said("explain", "A06")


class TestRefusals:
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--metric", "speed"), "There is no metric"),
            (("--metric", "asa", "--by", "moon"), "Nothing can be split by"),
            (("--metric", "asa", "--where", "queue"), "--where is"),
            (("--metric", "asa", "--where", "{"), "not JSON"),
            (("--metric", "asa", "--where", "moon=full"), "There is no field"),
            (("--metric", "asa", "--option", "x"), "--option is"),
            (("--metric", "service_level", "--option", "target_s=soon"), "is a number"),
            (("--metric", "asa", "--from", "yesterday"), "--from is"),
            (("--metric", "asa", "--from", "2026-03-02", "--to", "2026-03-01"), "ends before it begins"),
            (("--board", "moon"), "There is no board"),
            ((), "Say what to measure"),
        ],
    )
    def test_say_what_is_wrong(self, facts: Path, words: tuple[str, ...], sentence: str) -> None:
        with pytest.raises(QuestionMakesNoSense, match=sentence):
            said("--facts", str(facts), *words)

    def test_name_a_file_that_cannot_be_written(self, facts: Path, tmp_path: Path) -> None:
        words = ("--facts", str(facts), "--metric", "asa", "--format", "csv", "--output")

        with pytest.raises(QuestionMakesNoSense, match="There is no folder"):
            said(*words, str(tmp_path / "nowhere" / "asa.csv"))
        with pytest.raises(QuestionMakesNoSense, match="cannot be written: Is a directory"):
            said(*words, str(tmp_path))

    def test_name_a_folder_without_facts(self, tmp_path: Path) -> None:
        with pytest.raises(QuestionMakesNoSense, match="There are no facts in"):
            said("--facts", str(tmp_path / "nothing"), "--metric", "asa")
