"""Rows that are sound and new, written as they come: what an import brings, but for few of its rows.

They need no version but the first and nothing of what lies in the lake, so Arrow sorts and writes them, at a fraction of what the
long way (`merging`) costs. What is broken, retracts, stands twice among the rows or lies in the lake already goes that way.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from careloop.insight.facts.columns import quoted
from careloop.insight.facts.files import columns_of, new_entry, settled
from careloop.insight.facts.manifest import Entry, Role
from careloop.insight.facts.merging import derived_columns
from careloop.insight.facts.tables import ENVELOPE, Kind, Table

__all__ = ["add_plain", "find_odd"]

GROUP_ROWS = 122_880
"""Rows of a file that DuckDB reads at a time."""
REPEATING = frozenset({Kind.CODE, Kind.ENUM, Kind.ID, Kind.TEXT, Kind.BOOL, Kind.COUNT})
DAY_US = 86_400_000_000


def find_odd(db: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make `odd` of the places in `judged` of the rows that need the long way, whatever lies in the lake."""
    keys = _keys(table)
    db.execute(
        "CREATE TEMP TABLE odd AS SELECT _seq FROM judged WHERE _broken IS NOT NULL OR is_retracted "  # noqa: S608
        f"UNION SELECT _seq FROM judged SEMI JOIN (SELECT {keys} FROM judged GROUP BY {keys} HAVING count(*) > 1) USING ({keys})"
    )


def add_plain(
    db: duckdb.DuckDBPyConnection, root: Path, table: Table, *, lying: str | None, number: int
) -> tuple[list[Entry], int]:
    """Write the rows of `judged` that nothing is odd about, and return their files and how many they are.

    lying: the relation of the files that may hold their keys, None when there are none. number: of the manifest to come.

    Makes `incoming` of the others.
    """
    keys = _keys(table)
    if lying:
        db.execute(f"CREATE TEMP TABLE known AS SELECT {keys} FROM {lying} SEMI JOIN judged USING ({keys})")  # noqa: S608
        if _count(db, "known"):
            db.execute(
                f"INSERT INTO odd SELECT _seq FROM judged SEMI JOIN known USING ({keys}) ANTI JOIN odd USING (_seq)"  # noqa: S608
            )
    odd = _count(db, "odd")
    db.execute(
        f"CREATE TEMP TABLE incoming AS SELECT * FROM judged {'SEMI JOIN odd USING (_seq)' if odd else 'LIMIT 0'}"  # noqa: S608
    )
    listed = ", ".join(quoted(name) for name in columns_of(table, Role.BASE))
    rows = db.execute(
        f"SELECT {listed}{derived_columns(table)}, {quoted(table.key[0])}::VARCHAR AS _key FROM (SELECT * "  # noqa: S608
        "REPLACE (coalesce(record_version, 1) AS record_version), NULL::VARCHAR AS quarantine_reason FROM judged "
        f"{'ANTI JOIN odd USING (_seq)' if odd else ''})"
    ).to_arrow_table()
    entries = [_written(root, table, day, part, number=number) for day, part in _by_day(table, rows)]
    settled(root, entries)
    return entries, len(rows)


def _by_day(table: Table, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Yield each UTC day with its rows, in the order of their instant; all rows under no day where a table has none."""
    if not len(rows):
        return
    if table.instant is None:
        yield "", rows
        return
    stamps = np.asarray(rows[f"{table.instant}_us"])
    if (np.diff(stamps) < 0).any():
        order = np.argsort(stamps, kind="stable")
        rows, stamps = rows.take(pa.array(order)), stamps[order]
    days = stamps // DAY_US
    starts = [0, *(np.flatnonzero(np.diff(days)) + 1), len(rows)]
    for start, end in pairwise(starts):
        yield str(np.datetime64(int(days[start]), "D")), rows.slice(start, end - start)


def _written(root: Path, table: Table, day: str, rows: pa.Table, *, number: int) -> Entry:
    ends = pc.min_max(rows["_key"])
    entry = new_entry(
        table,
        Role.BASE,
        day,
        rows=len(rows),
        least=ends["min"].as_py(),
        greatest=ends["max"].as_py(),
        number=number,
    )
    file = root / entry.path
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pq.write_table(
        rows.drop_columns("_key"),
        file,
        compression="lz4",
        row_group_size=GROUP_ROWS,
        use_dictionary=_repeating(table),
        store_schema=False,
    )
    return entry


def _repeating(table: Table) -> list[str]:
    """Return the columns whose values come again and again, so that writing them as numbers of a dictionary pays."""
    own = [column.name for column in table.columns if column.kind in REPEATING and column.name not in table.key]
    return [*own, *(column.name for column in ENVELOPE)]


def _keys(table: Table) -> str:
    return ", ".join(quoted(name) for name in table.key)


def _count(db: duckdb.DuckDBPyConnection, name: str) -> int:
    ((count,),) = db.execute(f"SELECT count(*) FROM {name}").fetchall()  # noqa: S608
    return int(count)
