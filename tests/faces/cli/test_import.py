"""`careloop import queue-log`, `ami` and `facts` work without a database, answer in words or JSON, and refuse with a sentence."""

import io
import json
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import translation

from careloop.faces.cli.imports.refusals import SENTENCES, ImportMakesNoSense
from careloop.faces.cli.imports.words import REASONS
from careloop.insight.facts import FactStore
from careloop.insight.imports.errors import ImportFault
from careloop.insight.imports.mapping import errors as mapping_errors
from careloop.insight.imports.report import LineFault
from careloop.kernel import clock
from tests.cast import House
from tests.faces.cli.conftest import careloop
from tests.insight.imports.reading import HERE

LOG = HERE / "captures" / "iax22" / "queue_log.gz"
CEL = HERE / "captures" / "iax22" / "cel_Master.csv.gz"
AMI = HERE / "captures" / "sip20" / "ami_events.txt.gz"
TABLE = HERE / "tables" / "call-log.csv"
MAP = HERE.parents[2] / "docs" / "how-to" / "mappings" / "call-log.yaml"


def said(*arguments: object) -> str:
    out = io.StringIO()
    with redirect_stderr(io.StringIO()):
        call_command("import", *map(str, arguments), stdout=out)
    return out.getvalue()


def answered(*arguments: object) -> Any:
    return json.loads(said(*arguments, "--json"))


class TestQueueLog:
    def test_needs_no_database(self, tmp_path: Path) -> None:
        lake = tmp_path / "lake"
        done = careloop("import", "queue-log", str(LOG), "--facts", str(lake), "--json", home=tmp_path / "home")

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tables"]["contact_segment"]["added"] == 472
        assert not any((tmp_path / "home").rglob("postmaster.pid"))

    def test_says_what_it_read_and_what_it_does_not_know(self, tmp_path: Path) -> None:
        words = said(
            "queue-log", LOG, "--facts", tmp_path, "--custom", "XFULL=blocked", "--pause", "callback=aux_productive"
        )

        assert "Lines read: 2094.\n" in words
        assert "contact_segment: 472 new, 0 corrected, 0 as before.\n" in words
        assert "“XCALLBACK” came 33 times and is not known" in words
        assert "XFULL" not in words
        assert "taken as a break" not in words

    def test_says_that_there_is_nothing_new(self, tmp_path: Path) -> None:
        said("queue-log", LOG, "--facts", tmp_path)

        assert (
            said("queue-log", LOG, "--facts", tmp_path) == "Nothing new: this file has been read to its end before.\n"
        )

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (["--custom", "XFULL"], "--custom is “XFULL”; write the name of a verb"),
            (["--pause", "Lunch=eating"], "--pause is “Lunch=eating”; write the reason"),
            (["--zone", "Asia/Soul"], "“Asia/Soul” is no time zone"),
            (["--source", "///"], "--source needs a letter"),
            (["--cel", "nowhere.csv"], "There is no file “nowhere.csv”."),
            (
                ["--inbound", "from-carrier"],
                "--inbound says where calls begin in call records: give --cel or --cdr too.",
            ),
        ],
    )
    def test_refuses_what_makes_no_sense(self, options: list[str], sentence: str, tmp_path: Path) -> None:
        with pytest.raises(ImportMakesNoSense, match="^" + sentence.replace("(", r"\(")):
            said("queue-log", LOG, "--facts", tmp_path, *options)

    @pytest.mark.database
    def test_goes_into_the_lake_of_a_workspace(self, house: House, settings: LazySettings, tmp_path: Path) -> None:
        settings.LAKE_ROOT = tmp_path

        said("queue-log", LOG, "--workspace", "north")

        assert FactStore(tmp_path / str(house.north)).given()["contact_segment"] == ("asterisk",)
        with pytest.raises(ImportMakesNoSense, match="There is no workspace “nowhere”"):
            said("queue-log", LOG, "--workspace", "nowhere")

    def test_goes_into_one_lake(self, tmp_path: Path) -> None:
        with pytest.raises(ImportMakesNoSense, match="Say where the lake is"):
            said("queue-log", LOG)
        with pytest.raises(ImportMakesNoSense, match="not both"):
            said("queue-log", LOG, "--facts", tmp_path, "--workspace", "north")

    def test_that_is_being_written_to_is_complete_until_now(self, tmp_path: Path) -> None:
        log = tmp_path / "queue_log"
        log.write_text("1700000000|c1|q|NONE|ENTERQUEUE||1|1\n")
        answered("queue-log", log, "--facts", tmp_path / "lake")
        assert FactStore(tmp_path / "lake").watermarks()["asterisk"].timestamp() == 1_700_000_000

        before = clock.now()
        # Nothing was added since, which is something to know.
        answered("queue-log", log, "--facts", tmp_path / "lake", "--live")

        assert FactStore(tmp_path / "lake").watermarks()["asterisk"] >= before
        with pytest.raises(ImportMakesNoSense, match="A packed file is finished"):
            said("queue-log", LOG, "--facts", tmp_path / "lake", "--live")

    @pytest.mark.parametrize(
        ("inbound", "sentence"),
        [
            ([], "say with --inbound where customers' calls begin"),
            (["--inbound", "from-trunk"], "! No call began in from-trunk, which --inbound names."),
        ],
    )
    def test_says_where_calls_begin_when_nobody_knew(self, inbound: list[str], sentence: str, tmp_path: Path) -> None:
        words = said("queue-log", LOG, "--facts", tmp_path, "--cel", CEL, *inbound)

        assert sentence in words
        # The ground truth knows 521 inbound calls.
        assert "Calls begin in: from-carrier (521), from-internal" in words

    def test_is_silent_about_it_where_it_was_said(self, tmp_path: Path) -> None:
        answer = answered("queue-log", LOG, "--facts", tmp_path, "--cel", CEL, "--inbound", "from-carrier")

        assert (answer["unmet_inbound"], answer["entrances"]) == ([], {})


class TestAmi:
    def test_comes_in(self, tmp_path: Path) -> None:
        answer = answered(
            "ami",
            AMI,
            "--facts",
            tmp_path,
            "--inbound",
            "from-carrier",
            "--custom",
            "SurveyDone=ignored",
            "--custom",
            "UserEvent SurveyStart=ignored",
        )

        assert answer["tables"]["contact_segment"]["added"] == 357
        assert "UserEvent CallbackRequest" in answer["unknown"]
        assert not {"UserEvent SurveyDone", "UserEvent SurveyStart"} & answer["unknown"].keys()


class TestFacts:
    def test_come_in_once(self, tmp_path: Path) -> None:
        first = answered("facts", TABLE, "--facts", tmp_path, "--map", MAP)
        second = answered("facts", TABLE, "--facts", tmp_path, "--map", MAP)

        assert (first["tables"]["contact"]["added"], first["left_out"]) == (5, {"contact": 1, "contact_segment": 2})
        assert (first["was_known"], second["was_known"]) == (False, True)
        assert "All of it was in the lake already" in said("facts", TABLE, "--facts", tmp_path, "--map", MAP)

    def test_are_shown_without_being_kept(self, tmp_path: Path) -> None:
        assert "outcome: abandoned_queue" in said("facts", TABLE, "--map", MAP, "--preview", "2")
        assert [
            row["contact_id"] for row in answered("facts", TABLE, "--map", MAP, "--preview", "2")["rows"]["contact"]
        ] == [
            "990901-33116",
            "990901-33117",
        ]
        assert list(tmp_path.iterdir()) == []

    def test_a_preview_says_what_is_rejected_and_does_not_flood(self, tmp_path: Path) -> None:
        map_file, table = tmp_path / "map.yaml", tmp_path / "calls.csv"
        map_file.write_text(
            "mapping: 1\nsource: s\nzone: UTC\ntables:\n  - table: contact\n    row:\n      contact_id: id\n"
            "      channel: {is: voice}\n      direction: {is: inbound}\n      arrived_at: {column: at}\n"
            "      outcome: {is: open}\n"
        )
        table.write_text("id,at\n" + "".join(f"{number},2026-03-02 09:00\n" for number in range(15)) + "x,noon\n")
        words = said("facts", table, "--map", map_file, "--preview", "20")
        answer = answered("facts", table, "--map", map_file, "--preview", "20")

        assert "contact 10\n" in words
        assert "contact 11\n" not in words
        assert "contact: and 5 more\n" in words
        assert "Rejected, not a time in the format of the mapping: 1\n  line 17: contact.arrived_at “noon”" in words
        assert len(answer["rows"]["contact"]) == 15
        assert [line["value"] for line in answer["rejected_lines"]] == ["noon"]

    def test_a_mapping_is_begun(self) -> None:
        assert said("facts", TABLE, "--suggest", "--zone", "Asia/Seoul").startswith("# Begun from the names")
        assert "zone: Asia/Seoul" in answered("facts", TABLE, "--suggest", "--zone", "Asia/Seoul")["mapping"]

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ([], "Say what the columns are: --map MAP.yaml"),
            (["--map", str(MAP)], "Say where the lake is: --facts DIR"),
            (["--map", str(MAP), "--preview", "0"], "--preview takes a number of rows"),
            (["--map", "nowhere.yaml", "--preview", "1"], "There is no file “nowhere.yaml”."),
        ],
    )
    def test_ask_for_what_is_missing(self, options: list[str], sentence: str) -> None:
        with pytest.raises(ImportMakesNoSense, match="^" + sentence):
            said("facts", TABLE, *options)

    def test_that_are_in_another_encoding_say_what_to_do(self, tmp_path: Path) -> None:
        table = tmp_path / "calls.csv"
        table.write_bytes("통화번호,인입시간,상담원\n7,2024-03-01 10:00,김\n".encode("cp949"))

        with pytest.raises(ImportMakesNoSense, match=r"^“calls\.csv” is not written in utf-8"):
            said("facts", table, "--suggest")
        begun = said("facts", table, "--suggest", "--encoding", "cp949")
        assert "file:\n  encoding: cp949\n" in begun
        assert 'contact_id: {column: "통화번호"}' in begun

    @pytest.mark.parametrize("kind", ["facts", "queue-log", "ami"])
    def test_a_lake_needs_a_place(self, kind: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        file, options = {"facts": (TABLE, ["--map", MAP]), "queue-log": (LOG, []), "ami": (AMI, [])}[kind]

        with pytest.raises(ImportMakesNoSense, match=r"cannot hold a lake: Not a directory$"):
            said(kind, file, "--facts", tmp_path / "file", *options)

    def test_say_the_line_of_the_mapping(self, tmp_path: Path) -> None:
        (tmp_path / "map.yaml").write_text(
            MAP.read_text(encoding="utf-8").replace("column: vru_entry", "column: vru_entri")
        )
        done = careloop(
            "import", "facts", str(TABLE), "--map", str(tmp_path / "map.yaml"), "--preview", "1", home=tmp_path / "home"
        )

        assert done.returncode == 1
        assert done.stderr == (
            "Line 8, values.menu_from: the file has no column “vru_entri”. Close to it: vru_entry, vru_time, vru_exit.\n"
        )

    def test_in_the_readers_language(self, tmp_path: Path) -> None:
        (tmp_path / "map.yaml").write_text(
            MAP.read_text(encoding="utf-8").replace("column: vru_entry", "column: vru_entri")
        )
        with translation.override("ko"), pytest.raises(ImportMakesNoSense, match="파일에 없는 열입니다"):
            said("facts", TABLE, "--map", tmp_path / "map.yaml", "--preview", "1")


def faults() -> list[type[ImportFault]]:
    found, waiting = [], [ImportFault]
    while waiting:
        for fault in waiting.pop().__subclasses__():
            found.append(fault)
            waiting.append(fault)
    return found


class TestWords:
    def test_every_refusal_of_the_readers_can_be_translated(self) -> None:
        assert mapping_errors
        with translation.override(None):
            known = {str(sentence) for sentence in SENTENCES}
        assert {fault.template for fault in faults()} <= known

    def test_every_reason_has_words(self) -> None:
        source = "".join(
            path.read_text(encoding="utf-8")
            for path in (HERE.parents[2] / "careloop/insight/imports/mapping").glob("*.py")
        )

        assert {str(fault) for fault in LineFault} <= REASONS.keys()
        assert all(reason in source or reason in set(LineFault) for reason in REASONS)
