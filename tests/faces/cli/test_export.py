"""`careloop export` writes any table of a lake, whole or not at all."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from careloop.faces.cli import exporting
from careloop.faces.cli.kpi.questions import QuestionMakesNoSense
from careloop.insight.facts import read
from tests.lakes import fill_lake

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("that's a lake")
    fill_lake(root, until=NOW, days=4)
    return root


def told(*words: str) -> Any:
    out = io.StringIO()
    call_command("export", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_lists_the_tables_that_have_rows(lake: Path) -> None:
    found = {one["table"]: one["rows"] for one in told("list", "--facts", str(lake))["tables"]}

    assert set(found) == {"contact", "contact_segment"}
    assert found["contact"] == read(lake)["contact"].count().execute()


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_every_format_holds_the_same_rows(lake: Path, tmp_path: Path, form: str) -> None:
    output = tmp_path / f"contacts.{form}"
    days = ("--from", "2026-11-14", "--to", "2026-11-16", "--zone", "Asia/Seoul")

    written = told("contact", "--facts", str(lake), "--format", form, "--output", str(output), *days)

    match form:
        case "csv":
            ids = [row["contact_id"] for row in csv.DictReader(io.StringIO(output.read_text("utf-8-sig")))]
        case "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(output.read_bytes()), read_only=True).active
            assert sheet is not None
            ids = [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)]
        case _:
            ids = pq.read_table(output)["contact_id"].to_pylist()
    since, until = (datetime.fromisoformat(f"2026-11-{day}T00:00:00+09:00") for day in (14, 16))
    contacts = read(lake)["contact"]
    by_hand = contacts.filter(contacts.arrived_at >= since, contacts.arrived_at < until).order_by("arrived_at")
    assert ids == by_hand.contact_id.execute().tolist()
    assert written == {
        "table": "contact", "format": form, "rows": len(ids), "zone": "Asia/Seoul", "output": str(output),
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("happiness",), "called “happiness”; there are contact"),
        (("pulse_answer",), "called “pulse_answer”"),
        (("contact", "--zone", "Mars/Olympus"), "Mars/Olympus is no time zone"),
        (("contact", "--from", "soon"), "--from is “soon”"),
        (("contact", "--output", "/nowhere/at/all.csv"), "cannot be written"),
    ],
)
def test_says_what_is_wrong(lake: Path, tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    output = () if "--output" in words else ("--output", str(tmp_path / "x.csv"))

    with pytest.raises(QuestionMakesNoSense, match=sentence):
        told(*words, "--facts", str(lake), *output)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_facts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionMakesNoSense, match="There are no facts in"):
        told("list", "--facts", str(tmp_path))


def test_a_sheet_that_would_be_too_long_is_not_begun(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_SHEET_ROWS", 10)

    with pytest.raises(QuestionMakesNoSense, match="1,048,575"):
        told("contact", "--facts", str(lake), "--format", "xlsx", "--output", str(tmp_path / "x.xlsx"))

    assert list(tmp_path.iterdir()) == []


def test_only_csv_goes_to_standard_output(lake: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    call_command("export", "contact", "--facts", str(lake))

    assert capsysbinary.readouterr().out.count(b"\n") > 100
    with pytest.raises(QuestionMakesNoSense, match="--output"):
        call_command("export", "contact", "--facts", str(lake), "--format", "parquet")
