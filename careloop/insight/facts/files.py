"""Rows of a DuckDB table written as the Parquet files of a lake, and files read as relations."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from careloop.insight.facts import views
from careloop.insight.facts.columns import quoted
from careloop.insight.facts.manifest import Entry, Manifest, Role, settle
from careloop.insight.facts.merging import derived_columns
from careloop.insight.facts.moments import end_of_day
from careloop.insight.facts.tables import ENVELOPE, TABLES, Table

__all__ = ["columns_of", "connected", "new_entry", "queries_of", "relation_of", "settled", "write_files"]


@contextmanager
def connected(root: Path, *, memory_mb: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB that keeps to a limit of memory and spills beside the lake."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix=".spill-", dir=root) as spill:
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": spill,
            "preserve_insertion_order": False,
        }
        with duckdb.connect(":memory:", config=limits) as db:
            db.execute("SET TimeZone = 'UTC'")
            yield db


def relation_of(root: Path, table: Table, entries: Sequence[Entry]) -> str | None:
    """Return the relation over some files of a table, None over none. What older files lack is null."""
    if not entries:
        return None
    layouts = {entry.layout for entry in entries}
    lying = views.relation([str(root / entry.path) for entry in entries], is_uniform=len(layouts) == 1)
    if layouts <= {_layout(columns_of(table, role)) for role in Role}:
        return lying
    return f"(SELECT * FROM {lying} UNION ALL BY NAME SELECT {views.nulls(table)} WHERE false)"  # noqa: S608


def queries_of(root: Path, manifest: Manifest, *, as_of: date | None) -> dict[str, str]:
    """Return the SQL of each table that has files, by its name; see `read`."""
    asked = {name: _query(root, manifest, table, as_of=as_of) for name, table in TABLES.items()}
    return {name: query for name, query in asked.items() if query is not None}


def _query(root: Path, manifest: Manifest, table: Table, *, as_of: date | None) -> str | None:
    base = relation_of(root, table, manifest.of(table.name, Role.BASE))
    later = manifest.of(table.name, Role.LATER) if as_of is None else manifest.of(table.name, Role.LATER, Role.PAST)
    if base is None and not later:
        return None
    stored = (table.instant,) if table.instant else ()
    if as_of is None:
        return views.current(table, base=base, later=relation_of(root, table, later), stored=stored)
    until = end_of_day(as_of).isoformat()
    return views.known_then(table, base=base, later=relation_of(root, table, later), until=until, stored=stored)


def write_files(db: duckdb.DuckDBPyConnection, root: Path, table: Table, *, number: int) -> list[Entry]:
    """Write the rows of `written`, one file for each role and day, and return what they are. The files are on disk for good.

    number: of the manifest that will name them. What no longer holds also says in `superseded_us` since when.
    """
    order = f" ORDER BY {quoted(table.instant)}" if table.instant else ""
    key = f"{quoted(table.key[0])}::VARCHAR"
    parts = db.execute(
        f"SELECT _role, _day, count(*), min({key}), max({key}), list(DISTINCT _from_day::VARCHAR) FILTER (_from_day IS NOT NULL) "  # noqa: S608
        "FROM written GROUP BY _role, _day ORDER BY _role, _day"
    ).fetchall()
    entries = []
    for role, day, rows, least, greatest, moved_from in parts:
        entry = new_entry(
            table,
            Role(role),
            str(day or ""),
            rows=rows,
            least=least,
            greatest=greatest,
            moved_from=tuple(sorted(moved_from or ())),
            number=number,
        )
        file = root / entry.path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        where = "_day IS NULL" if day is None else f"_day = DATE '{day}'"
        listed = ", ".join(quoted(name) for name in columns_of(table, role))
        target = str(file).replace("'", "''")
        db.execute(
            f"COPY (SELECT {listed}{derived_columns(table)} FROM written WHERE _role = '{role}' AND {where}{order}) "  # noqa: S608
            f"TO '{target}' (FORMAT parquet, COMPRESSION lz4)"
        )
        entries.append(entry)
    settled(root, entries)
    return entries


def new_entry(
    table: Table,
    role: Role,
    day: str,
    *,
    rows: int,
    least: str,
    greatest: str,
    number: int,
    moved_from: tuple[str, ...] = (),
) -> Entry:
    """Return what describes a file yet to be written; see Entry. number: of the manifest that will name it."""
    return Entry(
        path=f"{table.name}/{f'day={day}' if day else 'all'}/{number:08d}-{role}.parquet",
        table=table.name,
        day=day,
        role=role,
        rows=rows,
        layout=_layout(columns_of(table, role)),
        least=least,
        greatest=greatest,
        moved_from=moved_from,
    )


def settled(root: Path, entries: Iterable[Entry]) -> None:
    """Make sure that files are on disk for good, and their names."""
    files = [root / entry.path for entry in entries]
    for file in files:
        settle(file)
    for folder in {file.parent for file in files}:
        settle(folder)
        settle(folder.parent)


def columns_of(table: Table, role: str) -> list[str]:
    """Return the columns of a table's files of a role, but for those worked out."""
    own = [column.name for column in (*table.columns, *ENVELOPE)]
    return [*own, "superseded_us"] if role == Role.PAST else own


def _layout(columns: Sequence[str]) -> str:
    return f"{zlib.crc32(','.join(columns).encode()):08x}"
