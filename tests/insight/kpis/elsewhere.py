"""Facts in other databases: the same tables in PostgreSQL and in an embedded ClickHouse, asked by the same expressions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.sql.datatypes import ClickHouseType, PostgresType
from psycopg import sql

from careloop.insight.facts import Facts
from careloop.insight.facts.tables import TABLES

__all__ = ["DuckDB", "Elsewhere", "Engine", "clickhouse", "postgres", "written"]

# Ibis writes standard SQL and leaves to whoever connects that ClickHouse read it so: what a join does not find is null, a name is
# a column before it is an alias, and words are words. A server gets the same as settings of the connection.
CLICKHOUSE_SETTINGS = {
    "join_use_nulls": 1,
    "prefer_column_name_to_alias": 1,
    "output_format_arrow_string_as_string": 1,
    "session_timezone": "'UTC'",
}


class Elsewhere(Facts):
    """The facts of a world as tables of another database, known by their names only."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(
            backend=facts.backend,
            queries=facts._queries,
            zone=facts.zone,
            watermarks=facts.watermarks,
            given=facts._given,
        )

    def __getitem__(self, name: str) -> ir.Table:
        return ibis.table(super().__getitem__(name).schema(), name=name)


class Engine(Protocol):
    """A database that facts can be put into and asked in."""

    name: str

    def load(self, facts: Facts) -> None:
        """Let these facts take the place of those before."""

    def run(self, query: str, expression: ir.Table) -> pa.Table:
        """Run what `written` made of an expression."""


def _filled(facts: Facts) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables that have rows."""
    for name in TABLES:
        if facts.has(name) and (rows := facts[name].to_pyarrow()).num_rows:
            yield name, rows


def _promised(expression: ir.Table, answer: pa.Table) -> pa.Table:
    """Give columns the types that Ibis promised."""
    return answer.rename_columns(list(expression.columns)).cast(expression.schema().to_pyarrow())


class DuckDB:
    """Where facts are read as ever; their views have the names of their tables."""

    name = "duckdb"

    def load(self, facts: Facts) -> None:
        self._con = facts.backend.con

    def run(self, query: str, expression: ir.Table) -> pa.Table:
        return _promised(expression, self._con.sql(query).to_arrow_table())


class _PostgreSQL:
    name = "postgres"

    def __init__(self, cursor: "psycopg.Cursor[Any]") -> None:
        self._cursor = cursor
        self._filled: list[str] = []
        empty = Facts.of({})
        cursor.execute("SET TIME ZONE 'UTC'")
        for name in TABLES:
            schema = empty[name].schema()
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(PostgresType.to_string(kind)))
                for column, kind in schema.items()
            )
            cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(sql.Identifier(name), columns))

    def load(self, facts: Facts) -> None:
        if self._filled:
            tables = sql.SQL(", ").join(map(sql.Identifier, self._filled))
            self._cursor.execute(sql.SQL("TRUNCATE {}").format(tables))
        self._filled = []
        for name, rows in _filled(facts):
            self._filled.append(name)
            with self._cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                for values in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                    copy.write_row(values)

    def run(self, query: str, expression: ir.Table) -> pa.Table:
        self._cursor.execute(query.encode())
        columns = list(zip(*self._cursor.fetchall(), strict=True)) or [()] * len(expression.columns)
        kinds = expression.schema().to_pyarrow().types
        return pa.table(
            [
                pa.array([float(v) if isinstance(v, Decimal) else v for v in column], type=kind)
                for column, kind in zip(columns, kinds, strict=True)
            ],
            names=list(expression.columns),
        )


class _ClickHouse:
    name = "clickhouse"

    def __init__(self, ask: Callable[[str, str], bytes], folder: Path) -> None:
        self._ask = ask
        self._folder = folder
        self._numbers = count()
        self._views: set[str] = set()
        self._nothing = Facts.of({})
        for name, value in CLICKHOUSE_SETTINGS.items():
            ask(f"SET {name} = {value}", "CSV")
        for name in TABLES:
            self._look_at(name, self._nothing[name].to_pyarrow())

    def load(self, facts: Facts) -> None:
        stale = set(self._views)
        self._views.clear()
        for name, rows in _filled(facts):
            self._look_at(name, rows)
            self._views.add(name)
        for name in stale - self._views:
            self._look_at(name, self._nothing[name].to_pyarrow())

    def _look_at(self, name: str, rows: pa.Table) -> None:
        # A new file each time: ClickHouse remembers what it read of a file by its name.
        file = self._folder / f"{name}-{next(self._numbers)}.parquet"
        pq.write_table(rows, file)
        columns = ", ".join(
            f'"{column}" {ClickHouseType.to_string(kind)}' for column, kind in self._nothing[name].schema().items()
        ).replace("'", "''")
        source = f"file('{file}', Parquet, '{columns}')"
        self._ask(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM {source}', "CSV")

    def run(self, query: str, expression: ir.Table) -> pa.Table:
        answer = self._ask(query, "Arrow")
        if not answer:
            return expression.schema().to_pyarrow().empty_table()
        return _promised(expression, pa.ipc.open_file(pa.BufferReader(answer)).read_all())


@cache
def written(expression: ir.Table, dialect: str) -> str:
    """Write an expression in the words of a database; equal expressions once, because writing takes longer than running."""
    return str(ibis.to_sql(expression, dialect=dialect, pretty=False))


@contextmanager
def postgres(url: str) -> Iterator[Engine]:
    """Lend a PostgreSQL with temporary tables for all facts."""
    with psycopg.connect(url, autocommit=True) as connected, connected.cursor() as cursor:
        yield _PostgreSQL(cursor)


@contextmanager
def clickhouse(folder: Path) -> Iterator[Engine]:
    """Lend an embedded ClickHouse that reads facts from Parquet files in a folder.

    It runs in a process of its own: once it has started in one, what that process forks may never get on.
    """
    apart = get_context("spawn")
    here, there = apart.Pipe()

    def ask(query: str, form: str) -> bytes:
        here.send((query, form))
        is_answer, told = here.recv()
        if not is_answer:
            raise RuntimeError(told)
        return bytes(told)

    process = apart.Process(target=_answering, args=(there, str(folder / "clickhouse")), daemon=True)
    process.start()
    there.close()
    try:
        yield _ClickHouse(ask, folder)
    finally:
        here.send(None)
        process.join()
        here.close()


def _answering(pipe: Any, folder: str) -> None:
    """Answer queries until there are no more."""
    from chdb.session import Session  # starts an engine of some hundred megabytes

    session: Any = Session(folder)  # type: ignore[no-untyped-call]
    while (asked := pipe.recv()) is not None:
        try:
            pipe.send((True, session.query(*asked).bytes() or b""))
        except RuntimeError as refusal:
            pipe.send((False, str(refusal)))
    session.close()
