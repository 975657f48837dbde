"""A mapping begun from a file is one that can be finished, and often needs no more."""

from pathlib import Path

import pytest

from careloop.insight.imports.mapping import read_mapping
from careloop.insight.imports.suggesting import suggest
from careloop.insight.imports.suggesting.shapes import fitting_formats
from tests.insight.imports.reading import HERE, mapped

FILES = {
    "ko": "통화번호,인입시간,전화번호,상담그룹,상담원,대기시간,통화시간,통화결과\n"
    "7,2024.03.01 10:00,010-1,청구,김,12,300,응답\n"
    "8,2024.03.01 10:01,010-2,청구,,40,,포기\n",
    "zh": "通话编号,来电时间,主叫号码,队列,坐席,等待时长,通话时长,结果\n"
    "7,2024年03月01日 10:00,1390,账单,王,12,300,接通\n"
    "8,2024年03月01日 10:01,1391,账单,,40,,放弃\n",
    "vi": "Mã cuộc gọi;Thời gian gọi;Số điện thoại;Hàng đợi;Nhân viên;Thời gian chờ;Thời lượng;Kết quả\n"
    "7;01.03.2024 10:00;090;Hóa đơn;An;12;300;Trả lời\n8;01.03.2024 10:01;091;Hóa đơn;;40;;Nhỡ\n",
    "en": "Call ID,Start Time,Caller Number,Queue,Agent,Wait Time,Talk Time,Result\n"
    "7,2024-03-01T10:00:00Z,555,Billing,Ada,12,300,Answered\n8,2024-03-01T10:01:00Z,556,Billing,,40,,Abandoned\n",
}


@pytest.mark.parametrize("language", FILES)
def test_a_call_list_in_any_of_our_languages_becomes_facts_at_once(language: str, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(FILES[language], encoding="utf-8")

    begun = suggest(tmp_path / "calls.csv", zone="UTC")
    facts, report = mapped(begun, tmp_path / "calls.csv", tmp_path)

    assert {row["contact_id"]: row["outcome"] for row in facts["contact"]} == {"7": "handled", "8": "abandoned_queue"}
    assert {row["arrived_at"].strftime("%m-%d %H:%M") for row in facts["contact"]} == {"03-01 10:00", "03-01 10:01"}
    assert all(len(row["contact_point_hash"]) == 32 for row in facts["contact"])
    assert {row["wait_s"] for row in facts["contact_segment"]} == {12, 40}
    assert not report.rejected


@pytest.mark.parametrize("name", ["sf311-cases.csv", "nyc311-requests.csv", "itsm-incidents.csv"])
def test_a_list_of_cases_begins_a_mapping_of_cases(name: str, tmp_path: Path) -> None:
    begun = suggest(HERE / "tables" / name, zone="America/New_York")
    (tmp_path / "map.yaml").write_text(begun, encoding="utf-8")

    (table,) = read_mapping(tmp_path / "map.yaml").tables
    columns = {given.name: given.column for given in table.row}
    assert table.table.name == "case"
    assert columns["opened_at"] in ("created_date", "opened_at")
    assert columns["closed_at"] in ("closed_date", "closed_at")
    assert columns["case_id"] in ("unique_key", "number")


def test_what_is_not_found_is_left_to_the_person(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("a,b\n1,2\n")

    begun = suggest(tmp_path / "calls.csv", zone="UTC")

    assert "# contact_id: ?" in begun
    assert '#   a: numbers, such as "1"' in begun


def test_an_empty_file_is_begun_too(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("call id,start time\n")

    assert "contact_id: {column: call id}" in suggest(tmp_path / "calls.csv", zone="UTC")


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["2024-03-01 10:00"], ""),
        (["13/02/2024 10:00"], "%d/%m/%Y %H:%M"),
        (["02/13/2024 10:00"], "%m/%d/%Y %H:%M"),
        (["1709287200"], "epoch"),
    ],
)
def test_formats_are_told_by_values(values: list[str], first: str) -> None:
    assert fitting_formats(values)[0] == first


def test_day_and_month_that_could_be_either_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("call id,start time\n1,01/02/2024 10:00\n")

    assert '# ? or "%m/%d/%Y %H:%M"' in suggest(tmp_path / "calls.csv", zone="UTC")


def test_a_sign_of_a_code_begins_a_word(tmp_path: Path) -> None:
    calls = "Call ID,Start Time,Agent,Channel,Result\n"
    rows = (("ONLINE", "Unanswered"), ("Email", "Answered"), ("LINE", "Abandoned"))
    calls += "".join(f"{n},2024-03-01T10:0{n}:00Z,Ada,{way},{result}\n" for n, (way, result) in enumerate(rows))
    (tmp_path / "calls.csv").write_text(calls, encoding="utf-8")

    begun = suggest(tmp_path / "calls.csv", zone="UTC")

    assert "ONLINE: web_form" in begun
    assert "Email: email" in begun
    assert "LINE: messaging" in begun
    assert "Answered: handled" in begun
    assert "Unanswered: handled" not in begun
