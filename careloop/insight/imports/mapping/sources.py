"""Tables in files, as batches of texts: CSV, TSV, Parquet and Excel, plain or gzip."""

import csv
import gzip
import io
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from careloop.insight.imports.errors import FileUnreadable
from careloop.insight.imports.files import is_gzip, opened
from careloop.insight.imports.mapping.errors import AmbiguousFile, EncodingFault
from careloop.insight.imports.mapping.language import FileForm, FileLook
from careloop.insight.imports.report import Rejected, Report

__all__ = ["LINE", "Source", "source_of"]

LINE = "careloop_line"
BLOCK_BYTES = 8 * 1024 * 1024
BATCH_ROWS = 50_000
MARKS = ",;\t|"
SAMPLE_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table in a file.

    columns: its names as the file has them. batches: gives tables of texts, columns c1, c2, … in that order and LINE, the line
    of each row in the file. position: how many bytes of the file have been read.
    """

    columns: Sequence[str]
    batches: Callable[[Report], Iterator[pa.Table]]
    position: Callable[[], int]


@contextmanager
def source_of(path: Path, look: FileLook) -> Iterator[Source]:
    """Open a file. Raises FileUnreadable, EncodingFault or AmbiguousFile, here or while its batches are read."""
    form = look.form or _form_by_name(path)
    with ExitStack() as stack:
        with _told(path, form, look):
            plain = stack.enter_context(_unpacked(path, form))
            match form:
                case FileForm.PARQUET:
                    source = _parquet(stack.enter_context(plain.open("rb")))
                case FileForm.EXCEL:
                    source = _excel(stack.enter_context(plain.open("rb")), look, path)
                case FileForm.CSV | FileForm.TSV:
                    source = _csv(path, look, "\t" if form is FileForm.TSV else None)

        def batches(report: Report) -> Iterator[pa.Table]:
            with _told(path, form, look):
                yield from source.batches(report)

        yield replace(source, batches=batches)


@contextmanager
def _told(path: Path, form: FileForm, look: FileLook) -> Iterator[None]:
    """Say in a sentence what is wrong with a file."""
    try:
        yield
    except OSError as problem:
        raise FileUnreadable(file=path.name, reason=problem.strerror or str(problem)) from None
    except UnicodeDecodeError:
        raise EncodingFault(file=path.name, encoding=look.encoding) from None
    except (pa.ArrowInvalid, LookupError, zipfile.BadZipFile, csv.Error) as problem:
        raise AmbiguousFile(file=path.name, format=form, problem=str(problem)) from None


def _form_by_name(path: Path) -> FileForm:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".parquet", ".pq")):
        return FileForm.PARQUET
    if name.endswith((".xlsx", ".xlsm")):
        return FileForm.EXCEL
    return FileForm.TSV if name.endswith((".tsv", ".tab")) else FileForm.CSV


@contextmanager
def _unpacked(path: Path, form: FileForm) -> Iterator[Path]:
    """Parquet and Excel are read from their end, so a packed one is unpacked beside."""
    if form in (FileForm.CSV, FileForm.TSV) or not is_gzip(path):
        yield path
        return
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "plain"
        with gzip.open(path, "rb") as packed, plain.open("wb") as file:
            shutil.copyfileobj(packed, file)
        yield plain


def _csv(path: Path, look: FileLook, mark: str | None) -> Source:
    encoding = "utf-8-sig" if look.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else look.encoding
    with opened(path) as binary, io.TextIOWrapper(binary, encoding=encoding, newline="") as text:
        for _line in range(look.skip):
            text.readline()
        sample = text.read(SAMPLE_BYTES)
    delimiter = look.delimiter or mark or _mark_of(sample)
    first = next(csv.reader(io.StringIO(sample), delimiter=delimiter), [])
    names = look.header or tuple(name.strip() for name in first)
    if not names:
        raise AmbiguousFile(file=path.name, format="csv", problem="it has no line with the names of its columns")
    opened_now: list[BinaryIO] = []
    head = look.skip + (0 if look.header else 1 + sum(name.count("\n") for name in first))
    internal = [f"c{number}" for number in range(1, len(names) + 1)]

    def batches(report: Report) -> Iterator[pa.Table]:
        wrong: list[int] = []

        def skip(row: Any) -> str:
            wrong.append(row.number)
            value = f"{row.actual_columns} ≠ {row.expected_columns}"
            report.reject(Rejected(line=row.number, reason="columns_differ", value=value))
            return "skip"

        with path.open("rb") as raw:
            opened_now.append(raw)
            stream: Any = pa.CompressedInputStream(raw, "gzip") if is_gzip(path) else raw
            reader = pacsv.open_csv(
                stream,
                read_options=pacsv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=internal,
                    skip_rows=head,
                    encoding="utf-8" if encoding == "utf-8-sig" else encoding,
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(internal, pa.string()), strings_can_be_null=False
                ),
            )
            yield from _numbered((pa.Table.from_batches([batch]) for batch in reader), head=head, wrong=wrong)

    def position() -> int:
        return opened_now[-1].tell() if opened_now and not opened_now[-1].closed else 0

    return Source(columns=names, batches=batches, position=position)


def _numbered(tables: Iterable[pa.Table], *, head: int, wrong: list[int]) -> Iterator[pa.Table]:
    """Give each row its line in the file, whatever lines were left out and whatever line breaks stand inside quotes."""
    count, breaks = 0, 0
    for table in tables:
        rows = np.arange(count, count + len(table))
        shifted = np.array(wrong, dtype=np.int64) - head - 1 - np.arange(len(wrong))
        lines = rows + np.searchsorted(shifted, rows, side="right") + head + 1
        inside = _breaks(table)
        if inside is not None:
            lines = lines + breaks + np.cumsum(inside) - inside
            breaks += int(inside.sum())
        else:
            lines = lines + breaks
        count += len(table)
        yield table.append_column(LINE, pa.array(lines))


def _breaks(table: pa.Table) -> Any:
    """Return how many line breaks stand inside the values of each row, None for none at all."""
    found = None
    for column in table.columns:
        if any(_has_break(chunk) for chunk in column.chunks):
            counts = np.asarray(pc.count_substring(column, "\n"))
            found = counts if found is None else found + counts
    return found


def _has_break(chunk: pa.Array) -> bool:
    data = chunk.buffers()[2]
    return data is not None and bool((np.frombuffer(data, dtype=np.uint8) == ord("\n")).any())


def _mark_of(sample: str) -> str:
    """Return what most likely stands between the columns: the mark that is most often in the first line."""
    line = sample.partition("\n")[0]
    return max(MARKS, key=lambda mark: (line.count(mark), mark == ","))


def _parquet(opened_file: BinaryIO) -> Source:
    file = pq.ParquetFile(opened_file)
    names = file.schema_arrow.names

    def batches(_report: Report) -> Iterator[pa.Table]:
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            line = 0
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                table = pa.Table.from_batches([batch]).rename_columns([f"c{n}" for n in range(1, len(names) + 1)])
                connection.register("batch", table)
                texts = connection.execute("select columns(*)::varchar from batch").to_arrow_table()
                connection.unregister("batch")
                texts = texts.rename_columns(table.column_names)
                yield texts.append_column(LINE, pa.array(np.arange(line + 1, line + 1 + len(texts))))
                line += len(texts)

    return Source(columns=names, batches=batches, position=lambda: 0)


def _excel(file: BinaryIO, look: FileLook, path: Path) -> Source:
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    if look.sheet is not None and look.sheet not in book.sheetnames:
        problem = f"it has no sheet “{look.sheet}”, but {', '.join(book.sheetnames)}"
        raise AmbiguousFile(file=path.name, format="excel", problem=problem)
    rows = (book[look.sheet] if look.sheet else book.worksheets[0]).iter_rows(min_row=look.skip + 1, values_only=True)
    names = look.header or tuple(_cell(value) or "" for value in next(rows, ()))

    def batches(_report: Report) -> Iterator[pa.Table]:
        line = look.skip + (0 if look.header else 1)
        while part := [row for row, _number in zip(rows, range(BATCH_ROWS), strict=False)]:
            columns = {
                f"c{place}": pa.array(
                    [_cell(row[place - 1]) if len(row) >= place else None for row in part], type=pa.string()
                )
                for place in range(1, len(names) + 1)
            }
            yield pa.table({**columns, LINE: np.arange(line + 1, line + 1 + len(part))})
            line += len(part)
        book.close()

    return Source(columns=names, batches=batches, position=lambda: 0)


def _cell(value: object) -> str | None:
    """Write a cell as a CSV would have it."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        case time():
            return value.isoformat()
        case timedelta():
            seconds = value.total_seconds()
            return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02}:{seconds % 60:02.0f}"
    return str(value)
