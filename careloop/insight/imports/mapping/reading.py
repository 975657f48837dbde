"""Rows of a file to rows of fact tables, by a mapping."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import PythonUDFType

from careloop.insight.imports.files import content_digest
from careloop.insight.imports.mapping.compiling import FAULT, GIVEN, LEFT_OUT, ROWS, Query, queries
from careloop.insight.imports.mapping.errors import ExpressionFault
from careloop.insight.imports.mapping.language import Map
from careloop.insight.imports.mapping.pieces import INSTANT
from careloop.insight.imports.mapping.sources import LINE, Source, source_of
from careloop.insight.imports.mapping.zones import Clocks
from careloop.insight.imports.memory import working
from careloop.insight.imports.report import KEPT_EXAMPLES, Rejected, Report
from careloop.insight.imports.steps import Batch, Progress, Step, ahead

__all__ = ["preview", "read_facts"]

STEP_ROWS = 500_000
"""Rows of the file whose facts are handed over together: few large files serve a lake better than many small ones."""


def read_facts(
    path: Path,
    mapping: Map,
    *,
    hash_key: bytes,
    folder: Path,
    report: Report,
    progress: Progress = lambda _read, _whole: None,
) -> Generator[Step, None, None]:
    """Read a file and yield facts a step at a time.

    hash_key: secret for hash(). folder: where the work may spill to. report: filled while reading.

    The key of a step comes from the content of file and mapping: a second run gives the same steps under the same keys.
    Raises MappingFault, FileUnreadable or AmbiguousFile.
    """
    return ahead(_steps(path, mapping, hash_key=hash_key, folder=folder, report=report, progress=progress))


def _steps(
    path: Path, mapping: Map, *, hash_key: bytes, folder: Path, report: Report, progress: Progress
) -> Generator[Step, None, None]:
    name = f"{content_digest(path)[:20]}:{mapping.digest[:20]}"
    whole = path.stat().st_size
    with _opened(path, mapping, hash_key=hash_key, folder=folder, report=report) as (source, work):
        gathered: dict[str, list[pa.Table]] = {}
        rows, number = 0, 0
        for table in source.batches(report):
            _take(work, table, gathered, report)
            rows += len(table)
            progress(source.position(), whole)
            if rows >= STEP_ROWS:
                yield _step(f"{name}:{number}", gathered)
                gathered, rows, number = {}, 0, number + 1
        yield _step(f"{name}:{number}", gathered)
        progress(whole, whole)


def preview(
    path: Path, mapping: Map, *, rows: int, hash_key: bytes, folder: Path, report: Report
) -> Mapping[str, pa.Table]:
    """Return what the first rows of a file become, by fact table; nothing is kept of it. As read_facts."""
    gathered: dict[str, list[pa.Table]] = {}
    with _opened(path, mapping, hash_key=hash_key, folder=folder, report=report) as (source, work):
        for table in islice(source.batches(report), 1):
            _take(work, table.slice(0, rows), gathered, report)
    return {name: pa.concat_tables(parts, promote_options="default") for name, parts in gathered.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    connection: duckdb.DuckDBPyConnection
    clocks: Clocks
    asked: Sequence[Query]

    def answer(self, query: Query, rows: pa.Table) -> pa.Table:
        """Run a query on rows of the file; clocks are asked first, for all of them at once."""
        self.connection.register(ROWS, rows)
        for reading in query.readings:
            local, zones = self.connection.execute(reading.sql).to_arrow_table().columns
            rows = rows.append_column(reading.name, self.clocks.instants(_whole(local), _whole(zones)))
            self.connection.register(ROWS, rows)
        made = self.connection.execute(query.sql).to_arrow_table()
        self.connection.unregister(ROWS)
        return made


@contextmanager
def _opened(
    path: Path, mapping: Map, *, hash_key: bytes, folder: Path, report: Report
) -> Iterator[tuple[Source, _Work]]:
    clocks = Clocks(takes_second=mapping.takes_second)
    with source_of(path, mapping.look) as source, working(None, folder=folder) as connection:
        connection.execute("set preserve_insertion_order = true")
        # Our own function holds Python's lock: a second thread would wait for it and cost as much again.
        connection.execute("set threads = 1")
        connection.create_function(
            INSTANT,
            lambda readings, zones: clocks.instants(_whole(readings), _whole(zones)),
            ["bigint", "varchar"],
            "bigint",
            type=PythonUDFType.ARROW,
        )
        work = _Work(
            connection=connection, clocks=clocks, asked=queries(mapping, source.columns, hash_key=hash_key.hex())
        )
        _try_out(work, source, mapping)
        yield source, work
    report.repeated |= clocks.repeated


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _try_out(work: _Work, source: Source, mapping: Map) -> None:
    """Run every query on no rows: what only the database can tell, such as a broken pattern, is told before any work."""
    empty = pa.table(
        {
            **{f"c{number}": pa.array([], type=pa.string()) for number in range(1, len(source.columns) + 1)},
            LINE: pa.array([], type=pa.int64()),
        }
    )
    for query, table in zip(work.asked, mapping.tables, strict=True):
        try:
            work.answer(query, empty)
        except duckdb.Error as problem:
            words = str(problem).partition("\n")[0]
            raise ExpressionFault(line=table.line, field=table.place, expression=query.table, problem=words) from None


def _take(work: _Work, rows: pa.Table, gathered: dict[str, list[pa.Table]], report: Report) -> None:
    report.lines += len(rows)
    for query in work.asked:
        made = work.answer(query, rows)
        if made[FAULT].null_count < len(made):
            made = _sort_out(made, query, report)
        gathered.setdefault(query.table, []).append(made.drop_columns([LINE, FAULT, GIVEN]))


def _sort_out(made: pa.Table, query: Query, report: Report) -> pa.Table:
    """Count what was left out and what was rejected, and return the rest."""
    for found in pc.value_counts(made[FAULT].drop_null()).to_pylist():
        if found["values"] == LEFT_OUT:
            report.skipped[query.table] += found["counts"]
            continue
        reason, column = query.reasons[found["values"]]
        report.rejected[reason] += found["counts"]
        room = max(0, KEPT_EXAMPLES - len(report.examples))
        for row in made.filter(pc.equal(made[FAULT], found["values"])).slice(0, room).to_pylist():
            value = "" if row[GIVEN] is None else str(row[GIVEN])
            field = f"{query.table}.{column}"
            report.examples.append(Rejected(line=row[LINE], reason=reason, field=field, value=value))
    return made.filter(pc.is_null(made[FAULT]))


def _step(key: str, gathered: Mapping[str, list[pa.Table]]) -> Step:
    batches: list[Batch] = [
        (name, pa.concat_tables(parts, promote_options="default")) for name, parts in gathered.items()
    ]
    return Step(key=key, batches=[batch for batch in batches if len(batch[1])])
