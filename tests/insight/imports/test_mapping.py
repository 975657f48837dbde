"""A mapping says where facts come from; what it cannot mean is refused with its line."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight.imports.errors import ImportFault
from careloop.insight.imports.mapping import preview, read_mapping
from careloop.insight.imports.mapping.zones import NO_SUCH_TIME, Clocks
from careloop.insight.imports.report import Report
from tests.insight.imports.reading import HERE, mapped

MAPPINGS = HERE.parents[2] / "docs" / "how-to" / "mappings"
TABLES = HERE / "tables"

CONTACTS = """\
mapping: 1
source: calls
zone: {zone}
{more}tables:
  - table: contact
    row:
      contact_id: id
      channel: {{is: voice}}
      direction: {{is: inbound}}
      arrived_at: {arrived}
      outcome: {{is: handled}}
"""


def contacts(*, arrived: str = "{column: at}", zone: str = "UTC", more: str = "") -> str:
    return CONTACTS.format(arrived=arrived, zone=zone, more=more)


def arrivals(mapping: str, csv: str, folder: Path) -> tuple[list[str], Report]:
    facts, report = mapped(mapping, csv.encode(), folder)
    return [row["arrived_at"].astimezone(UTC).strftime("%m-%d %H:%M") for row in facts.get("contact", [])], report


def refusal(mapping: str, folder: Path, csv: bytes = b"id,at\n1,2024-03-01 10:00\n") -> str:
    with pytest.raises(ImportFault) as caught:
        mapped(mapping, csv, folder)
    return str(caught.value)


class TestPublicSets:
    """The mappings of docs/how-to/mappings, on excerpts."""

    def read(self, mapping: str, table: str, folder: Path) -> tuple[dict[str, list[dict[str, Any]]], Report]:
        return mapped((MAPPINGS / mapping).read_text(encoding="utf-8"), TABLES / table, folder)

    def test_a_call_log_with_columns_for_menu_queue_and_service(self, tmp_path: Path) -> None:
        facts, report = self.read("call-log.yaml", "call-log.csv", tmp_path)

        seoul = ZoneInfo("Asia/Seoul")
        outcomes = {row["contact_id"][-5:]: row["outcome"] for row in facts["contact"]}
        assert outcomes == {
            "33116": "abandoned_queue",
            "33117": "abandoned_ivr",
            "33118": "handled",
            "33119": "handled",
            "33147": "handled",
        }
        legs = {row["contact_id"][-5:]: row for row in facts["contact_segment"]}
        assert set(legs) == {"33116", "33118", "33119", "33147"}
        past_midnight = legs["33147"]
        assert past_midnight["queued_at"] == datetime(1999, 9, 1, 23, 59, 50, tzinfo=seoul)
        assert past_midnight["answered_at"] == datetime(1999, 9, 2, 0, 0, 20, tzinfo=seoul)
        assert past_midnight["talk_s"] == 180
        assert (legs["33116"]["answered_at"], legs["33116"]["agent_id"], legs["33116"]["talk_s"]) == (None, None, None)
        assert report.skipped == {"contact": 1, "contact_segment": 2}

    def test_an_incident_log_keeps_every_change(self, tmp_path: Path) -> None:
        facts, report = self.read("itsm-incidents.yaml", "itsm-incidents.csv", tmp_path)

        assert report.lines == 273
        assert report.rejected == {"code_unknown": 5}
        assert {row.value for row in report.examples} == {"-100"}
        case = next(row for row in facts["case"] if row["case_id"] == "INC0000045")
        assert case["opened_at"] == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
        assert case["channel"] == "voice"
        assert case["owner_agent"] is None  # written “?”
        assert case["record_version"] == 5
        states = [row["to_state"] for row in facts["case_event"] if row["case_id"] == "INC0000045"]
        assert states == ["new", "solved", "solved", "closed"]
        assert all(row["resolved_at"] for row in facts["case"])  # the file has no case that is still open

    def test_city_cases_stand_in_local_time_whatever_the_file_calls_it(self, tmp_path: Path) -> None:
        facts, report = self.read("sf311-cases.yaml", "sf311-cases.csv", tmp_path)

        first = min(facts["case"], key=lambda row: row["opened_at"])
        assert first["opened_at"] == datetime(2008, 7, 1, 15, 49, 47, tzinfo=ZoneInfo("America/Los_Angeles"))
        assert report.skipped["case"] == 17  # closed before they opened
        assert len(facts["case"]) == report.lines - 17

    def test_emergency_calls(self, tmp_path: Path) -> None:
        facts, report = self.read("sf-fire-calls.yaml", "sf-fire-calls.csv", tmp_path)

        assert report.skipped == {"contact": 2, "contact_segment": 2}  # sent before they were received
        assert all(row["queued_at"] <= row["answered_at"] for row in facts["contact_segment"])

    def test_american_dates(self, tmp_path: Path) -> None:
        facts, report = self.read("nyc311-requests.yaml", "nyc311-requests.csv", tmp_path)

        first = next(row for row in facts["case"] if row["case_id"] == "45633481")
        assert first["opened_at"] == datetime(2020, 2, 17, 12, 19, tzinfo=ZoneInfo("America/New_York"))
        assert not report.rejected

    def test_counts_become_as_many_calls(self, tmp_path: Path) -> None:
        facts, _report = self.read("bank-call-arrivals.yaml", "bank-calls.csv", tmp_path)

        assert [
            row["arrived_at"].astimezone(ZoneInfo("America/New_York")).strftime("%H:%M:%S") for row in facts["contact"]
        ] == [
            "07:00:00",
            "07:01:40",
            "07:03:20",
            "07:10:00",
            "07:12:30",
        ]


class TestTimes:
    @pytest.mark.parametrize(
        ("written", "form"),
        [
            ("2024-03-01 10:00", ""),
            ("2024-03-01T10:00:00Z", ""),
            ("2024-03-01 19:00:00+09:00", ""),
            ("01/03/2024 10:00", ', format: "%d/%m/%Y %H:%M"'),
            ("03/01/2024 10:00:00 AM", ', format: "%m/%d/%Y %I:%M:%S %p"'),
            ("2024년 03월 01일 10:00", ', format: "%Y년 %m월 %d일 %H:%M"'),
            ("1709287200", ", format: epoch"),
            ("1709287200000", ", format: epoch_ms"),
            ("45352.416666667", ", format: excel"),
            ("01.03.2024 10:00", ', format: ["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"]'),
        ],
    )
    def test_are_read_as_the_mapping_says(self, written: str, form: str, tmp_path: Path) -> None:
        found, _report = arrivals(contacts(arrived="{column: at" + form + "}"), f'id,at\n1,"{written}"\n', tmp_path)

        assert found == ["03-01 10:00"]

    def test_that_clocks_skipped_are_rejected(self, tmp_path: Path) -> None:
        csv = "id,at\n1,2024-03-10 01:59\n2,2024-03-10 02:30\n3,2024-03-10 03:00\n"
        found, report = arrivals(contacts(zone="America/New_York"), csv, tmp_path)

        assert found == ["03-10 06:59", "03-10 07:00"]
        (row,) = report.examples
        assert (row.line, row.reason, row.field, row.value) == (
            3,
            "time_skipped",
            "contact.arrived_at",
            "2024-03-10 02:30",
        )

    @pytest.mark.parametrize(("more", "hour"), [("", "05:30"), ("repeated_hour: second\n", "06:30")])
    def test_that_came_twice_are_taken_as_said_and_reported(self, more: str, hour: str, tmp_path: Path) -> None:
        mapping = contacts(zone="America/New_York", more=more)
        found, report = arrivals(mapping, "id,at\n1,2024-11-03 01:30\n", tmp_path)

        assert found == [f"11-03 {hour}"]
        assert report.repeated == {("America/New_York", "2024-11-03")}

    def test_of_two_zones_in_one_file(self, tmp_path: Path) -> None:
        csv = "id,at,tz\n1,2024-03-01 19:00,Asia/Seoul\n2,2024-03-01 17:00,Asia/Ho_Chi_Minh\n3,2024-03-01 10:00,Mars\n"
        found, report = arrivals(contacts(zone="{column: tz}"), csv, tmp_path)

        assert found == ["03-01 10:00", "03-01 10:00"]
        assert report.rejected == {"zone_unknown": 1}

    @pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Seoul"])
    @settings(max_examples=40, deadline=None)
    @given(seconds=st.lists(st.integers(0, 4_000_000_000), min_size=1, max_size=50), is_second=st.booleans())
    def test_agree_with_the_library_of_zones(self, zone: str, seconds: list[int], is_second: bool) -> None:
        info, clocks = ZoneInfo(zone), Clocks(takes_second=is_second)
        readings = pa.array([second * 1_000_000 for second in seconds], type=pa.int64())
        found = clocks.instants(readings, pa.array([zone] * len(seconds))).to_pylist()

        for second, instant in zip(seconds, found, strict=True):
            local = datetime(1970, 1, 1) + timedelta(seconds=second)  # noqa: DTZ001 - a reading of a clock
            there = local.replace(tzinfo=info, fold=int(is_second)).astimezone(UTC)
            is_skipped = there.astimezone(info).replace(tzinfo=None) != local
            assert instant == (NO_SUCH_TIME if is_skipped else int(there.timestamp()) * 1_000_000)


class TestRows:
    def test_with_bad_values_are_rejected_with_line_field_and_words(self, tmp_path: Path) -> None:
        csv = "id,at\n1,2024-03-01 10:00\n2,yesterday\n,2024-03-01 10:00\n3\n4,2024-03-01 11:00\n"
        found, report = arrivals(contacts(), csv, tmp_path)

        assert found == ["03-01 10:00", "03-01 11:00"]
        assert sorted((row.line, row.reason, row.field, row.value) for row in report.examples) == [
            (3, "not_a_time", "contact.arrived_at", "yesterday"),
            (4, "missing", "contact.contact_id", ""),
            (5, "columns_differ", "", "1 ≠ 2"),
        ]

    def test_are_counted_by_line_even_with_line_breaks_inside_values(self, tmp_path: Path) -> None:
        csv = 'id,at,note\n1,2024-03-01 10:00,"two\nlines"\n2,bad,x\n'
        _found, report = arrivals(contacts(), csv, tmp_path)

        assert [(row.line, row.value) for row in report.examples] == [(4, "bad")]

    def test_a_fault_in_a_branch_not_taken_is_none(self, tmp_path: Path) -> None:
        arrived = 'time(at) if kind == "full" else time(at, "%Y")'
        found, report = arrivals(
            contacts(arrived=f"'{arrived}'"), "id,at,kind\n1,2024-03-01 10:00,full\n2,2024,short\n", tmp_path
        )

        assert found == ["03-01 10:00", "01-01 00:00"]
        assert not report.rejected

    def test_a_second_reading_gives_the_same_under_the_same_key(self, tmp_path: Path) -> None:
        csv = "id,at\n1,2024-03-01 10:00\n"
        assert arrivals(contacts(), csv, tmp_path)[0] == arrivals(contacts(), csv, tmp_path)[0]

    def test_thirty_hours_and_less_than_none_are_numbers_for_the_lake_to_judge(self, tmp_path: Path) -> None:
        mapping = contacts().replace(
            "    row:\n      contact_id: id\n",
            "    row:\n      contact_id: id\n      transfer_count: seconds(length) / 3600\n",
        )
        facts, _report = mapped(
            mapping, b"id,at,length\n1,2024-03-01 10:00,30:00:00\n2,2024-03-01 10:00,-7200\n", tmp_path
        )

        assert [row["transfer_count"] for row in facts["contact"]] == [30, -2]


class TestForms:
    ROWS = (("id", "at"), ("1", "2024-03-01 10:00:00"))

    def test_excel(self, tmp_path: Path) -> None:
        book, kept = openpyxl.Workbook(), BytesIO()
        book.active.append(["id", "at"])
        book.active.append([1, datetime(2024, 3, 1, 10, 0)])  # noqa: DTZ001 - as a sheet holds it
        book.save(kept)
        for name, body in (("t.xlsx", kept.getvalue()), ("t.xlsx.gz", gzip.compress(kept.getvalue()))):
            facts, _report = mapped(contacts(), body, tmp_path, name=name)
            assert [row["contact_id"] for row in facts["contact"]] == ["1"]
            assert facts["contact"][0]["arrived_at"] == datetime(2024, 3, 1, 10, tzinfo=UTC)

    def test_parquet(self, tmp_path: Path) -> None:
        table = pa.table(
            {
                "id": [1],
                "at": pa.array([datetime(2024, 3, 1, 10, tzinfo=UTC)], type=pa.timestamp("us", tz="Asia/Seoul")),
            }
        )
        pq.write_table(table, tmp_path / "t.parquet")
        facts, _report = mapped(contacts(zone="Asia/Seoul"), tmp_path / "t.parquet", tmp_path)

        assert facts["contact"][0]["arrived_at"] == datetime(2024, 3, 1, 10, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("t.csv", "id,at\n1,2024-03-01 10:00\n".encode("utf-8-sig")),
            ("t.csv", b"id;at\n1;2024-03-01 10:00\n"),
            ("t.tsv", b"id\tat\n1\t2024-03-01 10:00\n"),
            ("t.csv.gz", gzip.compress(b"id,at\r\n1,2024-03-01 10:00\r\n", mtime=0)),
        ],
        ids=["marked", "semicolons", "tabs", "packed"],
    )
    def test_separated(self, name: str, body: bytes, tmp_path: Path) -> None:
        facts, _report = mapped(contacts(), body, tmp_path, name=name)

        assert [row["contact_id"] for row in facts["contact"]] == ["1"]

    def test_in_an_old_encoding(self, tmp_path: Path) -> None:
        mapping = contacts(more="file: {encoding: cp949}\n").replace("contact_id: id", "contact_id: 번호")
        facts, _report = mapped(mapping, "번호,at\n가,2024-03-01 10:00\n".encode("cp949"), tmp_path)

        assert facts["contact"][0]["contact_id"] == "가"

    def test_that_are_none_of_these_are_refused(self, tmp_path: Path) -> None:
        assert "cannot be read as parquet" in refusal_of_file(tmp_path, "t.parquet", b"no parquet")
        assert "cannot be read as excel" in refusal_of_file(tmp_path, "t.xlsx", b"no sheet")
        assert "is not written in utf-8" in refusal_of_file(tmp_path, "t.csv", "번호,at\n".encode("cp949"))


def refusal_of_file(folder: Path, name: str, body: bytes) -> str:
    with pytest.raises(ImportFault) as caught:
        mapped(contacts(), body, folder, name=name)
    return str(caught.value)


class TestRefusals:
    def test_an_unknown_column_names_the_line_and_what_is_close(self, tmp_path: Path) -> None:
        said = refusal(contacts(arrived="{column: att}"), tmp_path)

        assert said == "Line 10, tables[1].row.arrived_at: the file has no column “att”. Close to it: at."

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (
                ("contact_id: id", "contact_id: idd"),
                "“idd” is neither a value of this mapping nor a column of the file. Close to it: id.",
            ),
            (("contact_id: id", "contact_id: lowr(id)"), "there is no function “lowr”. Close to it: lower."),
            (("contact_id: id", "contact_id: lower(1)"), "“1” has to be text, and is number."),
            (("contact_id: id", "contact_id: id +"), "“id +” cannot be read here: invalid syntax"),
            (("contact_id: id", "contact_id: __import__('os').system('x')"), "is not part of the language"),
            (("contact_id: id", "contact_idd: id"), "“contact_idd” means nothing here. Close to it: contact_id"),
            (("{is: voice}", "{is: phone}"), "“phone” is not one of the words of channel: voice, chat"),
            (("table: contact", "table: contacts"), "“contacts” means nothing here. Close to it: contact"),
            (("zone: UTC", "zone: Asia/Soul"), "“Asia/Soul” means nothing here. Close to it: Asia/Seoul"),
            (("      outcome: {is: handled}\n", ""), "the table contact needs outcome; say where it comes from."),
            (("mapping: 1", "mapping: 2"), "here has to stand 1, the version of the language."),
            (("arrived_at: {column: at}", "arrived_at: id"), "arrived_at has to be time, and is text."),
            (("{column: at}", "{column: at, colunm: x}"), "“colunm” means nothing here. Close to it: column."),
            (("contact_id: id", 'contact_id: "id if matches(id, \\"(\\") else id"'), "cannot be read here"),
        ],
    )
    def test_say_the_line_and_what_to_do(self, wrong: tuple[str, str], said: str, tmp_path: Path) -> None:
        mapping = contacts().replace(*wrong)
        line = next(
            (
                number
                for number, (one, other) in enumerate(
                    zip(mapping.splitlines(), contacts().splitlines(), strict=False), 1
                )
                if one != other
            ),
            6,
        )

        found = refusal(mapping, tmp_path)
        assert said in found
        assert found.startswith("Line ")
        assert abs(int(found.split()[1].rstrip(",")) - line) <= 7

    @pytest.mark.parametrize(
        "text", ["", "a: [", "- 1", "a: &x [*x]", "a: 1\na: 2", "\t", "mapping: 1\nsource: x\ntables: []\n"]
    )
    def test_of_what_is_no_mapping(self, text: str, tmp_path: Path) -> None:
        assert refusal(text, tmp_path)

    @settings(max_examples=80, deadline=None)
    @given(st.text(alphabet="idat()+-*/<>=!\"',. 0123456789ifelsenotandorNone[]{}:", max_size=40))
    def test_no_expression_does_more_than_be_refused(self, expression: str) -> None:
        with TemporaryDirectory() as folder:
            mapping = contacts().replace("contact_id: id", "contact_id: {value: " + repr_yaml(expression) + "}")
            with suppress(ImportFault):
                facts, _report = mapped(mapping, b"id,at\n1,2024-03-01 10:00\n", Path(folder))
                assert len(facts.get("contact", [])) <= 1


def repr_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class TestPreview:
    def test_shows_the_first_rows_and_keeps_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "map.yaml").write_text(contacts())
        (tmp_path / "t.csv").write_text("id,at\n" + "".join(f"{n},2024-03-01 10:00\n" for n in range(50)))
        mapping = read_mapping(tmp_path / "map.yaml")

        made = preview(tmp_path / "t.csv", mapping, rows=3, hash_key=b"k", folder=tmp_path / "work", report=Report())

        assert made["contact"]["contact_id"].to_pylist() == ["0", "1", "2"]
