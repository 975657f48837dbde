"""Rows from outside made into relations of DuckDB, each with what it breaks."""

from collections.abc import Iterator
from datetime import datetime

import duckdb
import pyarrow as pa

from careloop.insight.facts.adding import find_odd
from careloop.insight.facts.columns import DUCKDB, Rows, as_batches, given_schema, quoted
from careloop.insight.facts.merging import judged
from careloop.insight.facts.moments import micros
from careloop.insight.facts.tables import ENVELOPE, Table

__all__ = ["take_in"]


def take_in(db: duckdb.DuckDBPyConnection, table: Table, rows: Rows, *, source: str, at: datetime) -> bool:
    """Make `judged` of the rows. True where they came whole, and `odd` says which cannot just be written down.

    False where they came as a stream, and are all `incoming`, however many they are.
    """
    query = judged(table, source=source, at_us=micros(at))
    if isinstance(rows, list | pa.Table | pa.RecordBatch):
        _register(db, table, pa.Table.from_batches(as_batches(table, rows), schema=given_schema(table)))
        db.execute(f"CREATE TEMP VIEW judged AS {query}")
        find_odd(db, table)
        return True
    _stream_in(db, table, rows, query)
    return False


def _register(db: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table) -> None:
    """Make `given` of rows. A column without a value is written as a null, so that DuckDB asks no rule about it."""
    brought = [name for name in rows.column_names if name == "_seq" or rows[name].null_count < len(rows)]
    types = {column.name: DUCKDB[column.kind] for column in (*table.columns, *ENVELOPE)}
    columns = (
        quoted(name) if name in brought else f"NULL::{types.get(name, 'VARCHAR')} AS {quoted(name)}"
        for name in rows.column_names
    )
    db.register("brought", rows.select(brought))
    db.execute(f"CREATE TEMP VIEW given AS SELECT {', '.join(columns)} FROM brought")  # noqa: S608


def _stream_in(db: duckdb.DuckDBPyConnection, table: Table, rows: Rows, query: str) -> None:
    """Let DuckDB pull the rows, batch by batch. What goes wrong in them is raised as it is, not as DuckDB wraps it."""
    failed: list[Exception] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from as_batches(table, rows)
        except Exception as wrong:
            failed.append(wrong)
            raise

    db.register("given", pa.RecordBatchReader.from_batches(given_schema(table), batches()))
    try:
        db.execute(f"CREATE TEMP TABLE incoming AS {query}")
        db.execute("CREATE TEMP VIEW judged AS SELECT * FROM incoming")
    except duckdb.Error:
        if failed:
            raise failed[0] from None
        raise
    finally:
        db.unregister("given")
