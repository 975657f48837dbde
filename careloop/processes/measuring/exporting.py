"""Facts as files, made while they are sent: a file of ten million rows costs no more memory than one of ten thousand.

CSV and Excel tell moments in the reader's zone, Parquet in UTC. Nothing in them is a formula.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from careloop.processes.measuring.errors import QuestionUnclear

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMULA_STARTS", "MEDIA_TYPES", "MOST_SHEET_ROWS", "FileFormat", "harmless", "pieces_of", "table_pieces"]

PIECE: Final = 64 * 1024
# What a sheet holds at most, its head left out.
MOST_SHEET_ROWS: Final = 1_048_575
FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
UTC_NAME: Final = "UTC"


class FileFormat(StrEnum):
    CSV = "csv"
    EXCEL = "xlsx"
    PARQUET = "parquet"


MEDIA_TYPES: Final = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PARQUET: "application/vnd.apache.parquet",
}


def table_pieces(table: "pa.Table", file_format: FileFormat, *, zone: str) -> Iterator[bytes]:
    """Return a table that is in memory as a file, piece by piece. zone: see `pieces_of`. Raises QuestionUnclear."""
    if file_format is FileFormat.EXCEL and table.num_rows > MOST_SHEET_ROWS:
        raise QuestionUnclear(
            _("An Excel sheet holds 1,048,575 rows, and these are more. Choose a shorter period, or CSV or Parquet.")
        )
    return pieces_of(table.schema, iter(table.to_batches()), file_format, zone=zone)


def pieces_of(
    schema: "pa.Schema",
    batches: Iterator["pa.RecordBatch"],
    file_format: FileFormat,
    *,
    zone: str = UTC_NAME,
    done: Callable[[int], None] = lambda _count: None,
) -> Iterator[bytes]:
    """Return batches of a schema as a file, piece by piece.

    zone: IANA name of the one in which CSV and Excel tell moments. done: told how many rows there were so far, after every batch.
    """
    match file_format:
        case FileFormat.CSV:
            return _csv(schema.names, batches, ZoneInfo(zone), done)
        case FileFormat.EXCEL:
            return _excel(schema, batches, ZoneInfo(zone), done)
        case FileFormat.PARQUET:
            return _parquet(schema, batches, done)


def harmless(text: str) -> str:
    """Return words that no spreadsheet takes for a formula, which it would run, also after blanks."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _csv(
    names: Sequence[str], batches: Iterator["pa.RecordBatch"], zone: ZoneInfo, done: Callable[[int], None]
) -> Iterator[bytes]:
    yield "\ufeff".encode() + _lines([names])
    written = 0
    for batch in batches:
        yield _lines([_text(value, zone) for value in row.values()] for row in batch.to_pylist())
        written += batch.num_rows
        done(written)


def _excel(
    schema: "pa.Schema", batches: Iterator["pa.RecordBatch"], zone: ZoneInfo, done: Callable[[int], None]
) -> Iterator[bytes]:
    from openpyxl import Workbook  # needed by whoever saves a sheet only
    from pyarrow.types import is_timestamp

    book = Workbook(write_only=True)
    sheet = book.create_sheet("facts")
    # A cell knows no zone, so the head of its column names it.
    sheet.append([f"{field.name} ({zone.key})" if is_timestamp(field.type) else field.name for field in schema])
    written = 0
    for batch in batches:
        for row in batch.slice(0, MOST_SHEET_ROWS - written).to_pylist():
            sheet.append([_cell(value, zone) for value in row.values()])
        written = min(written + batch.num_rows, MOST_SHEET_ROWS)
        # Nothing can be sent before the end, but whoever left is noticed.
        yield b""
        done(written)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _from_start(file)


def _parquet(schema: "pa.Schema", batches: Iterator["pa.RecordBatch"], done: Callable[[int], None]) -> Iterator[bytes]:
    import pyarrow.parquet as pq

    written = 0
    with tempfile.TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch.cast(schema))
                written += batch.num_rows
                yield b""
                done(written)
        yield from _from_start(file)


def _from_start(file: Any) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _lines(rows: Any) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _text(value: object, zone: ZoneInfo) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            local = value.astimezone(zone).isoformat()
            return f"{local.removesuffix('+00:00')}Z" if zone.key == UTC_NAME else local
        case date():
            return value.isoformat()
        case list():
            return harmless(" ".join(map(str, value)))
        case str():
            return harmless(value)
    return value


def _cell(value: object, zone: ZoneInfo) -> object:
    match value:
        case datetime():
            return value.astimezone(zone).replace(tzinfo=None)
        case float() if value != value or value in (float("inf"), float("-inf")):
            return ""
        case list() | str():
            return _text(value, zone)
        case Decimal():
            return float(value)
    return value
