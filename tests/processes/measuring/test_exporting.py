"""Files hold every row once, in any format, moments in the reader's zone, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.processes.measuring import exporting
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.measuring.exporting import FORMULA_STARTS, FileFormat, harmless, pieces_of, table_pieces

# On both sides of the hour that repeats in Berlin.
MOMENTS = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
# As the first one stands on a clock in Seoul; a sheet knows no zones.
LOCAL = datetime.fromisoformat("2026-10-25T09:30")
DAY = datetime.fromisoformat("2026-10-25")
TABLE = pa.table(
    {
        "at": pa.array(MOMENTS, pa.timestamp("us", "UTC")),
        "on": pa.array([date(2026, 10, 25), None]),
        "words": ["=1+1", None],
        "skills": [["@home", "ko"], []],
        "paid": [Decimal("1.2500"), None],
        "is_test": [True, None],
    }
)


def saved(file_format: FileFormat, *, zone: str = "Europe/Berlin") -> bytes:
    return b"".join(table_pieces(TABLE, file_format, zone=zone))


def cells(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def test_a_csv_tells_moments_with_their_offset_in_the_zone_of_the_reader() -> None:
    first, second = csv.DictReader(io.StringIO(saved(FileFormat.CSV).decode("utf-8-sig")))

    assert first == {
        "at": "2026-10-25T02:30:00+02:00", "on": "2026-10-25", "words": "'=1+1", "skills": "'@home ko", "paid": "1.2500",
        "is_test": "true",
    }  # fmt: skip
    assert second["at"] == "2026-10-25T02:30:00+01:00"
    assert {second[name] for name in ("on", "words", "paid", "is_test", "skills")} == {""}
    assert b"2026-10-25T00:30:00Z" in saved(FileFormat.CSV, zone="UTC")


def test_a_sheet_names_the_zone_in_its_head_and_holds_no_formula() -> None:
    head, first, second = cells(saved(FileFormat.EXCEL, zone="Asia/Seoul"))

    assert head == ("at (Asia/Seoul)", "on", "words", "skills", "paid", "is_test")
    assert first == (LOCAL, DAY, "'=1+1", "'@home ko", 1.25, True)
    assert second[0] == LOCAL.replace(hour=10)
    book = openpyxl.load_workbook(io.BytesIO(saved(FileFormat.EXCEL)))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_parquet_keeps_types_words_and_utc() -> None:
    assert pq.read_table(io.BytesIO(saved(FileFormat.PARQUET))).equals(TABLE)


def test_tells_after_each_batch_how_far_it_is_and_reads_no_further_than_asked() -> None:
    read: list[int] = []
    told: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(100):
            read.append(number)
            yield TABLE.to_batches()[0]

    pieces = pieces_of(TABLE.schema, batches(), FileFormat.CSV, done=told.append)
    for _ in range(3):
        next(pieces)

    assert (read, told) == ([0, 1], [2])
    assert sum(1 for _ in pieces) == 98
    assert told[-1] == 200


def test_refuses_what_a_sheet_cannot_hold_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_SHEET_ROWS", 1)

    with pytest.raises(QuestionUnclear, match="1,048,575 rows"):
        saved(FileFormat.EXCEL)
    assert saved(FileFormat.CSV)


@given(blanks=st.text(" ", max_size=3), start=st.sampled_from(FORMULA_STARTS), rest=st.text(max_size=20))
def test_whatever_begins_like_a_formula_becomes_words(blanks: str, start: str, rest: str) -> None:
    assert harmless(blanks + start + rest) == "'" + blanks + start + rest


@given(text=st.text(st.characters(categories=["L", "N"]), max_size=20))
def test_other_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
