"""SQL of the facts as readers see them: the versions that hold, with what is derived from them.

`base` names relations in which each key stands once, in its first version or as compaction left it; `later` those with versions
that came afterwards. A row of `base` holds unless `later` knows a higher version of its key, so a lake without corrections is
read as it lies, and one with few pays for the few.
"""

from collections.abc import Iterable

from careloop.insight.facts.columns import DUCKDB, quoted
from careloop.insight.facts.tables import ENVELOPE, SLOT_SECONDS, Table

__all__ = ["current", "derived", "known_then", "nulls", "relation", "worked_out"]


def relation(paths: Iterable[str], *, is_uniform: bool) -> str:
    """Return a relation over Parquet files. is_uniform: all have the same columns."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], union_by_name = {'false' if is_uniform else 'true'})"


def derived(table: Table, *, but: Iterable[str] = ()) -> list[str]:
    """Return the derived columns of every instant as SQL, except of those named."""
    left_out = set(but)
    micros = SLOT_SECONDS * 1_000_000
    return [
        sql
        for name in (*table.instants, "ingested_at")
        if name not in left_out
        for sql in (
            f"epoch_us({quoted(name)}) AS {quoted(name + '_us')}",
            f"epoch_us({quoted(name)}) // {micros} * {SLOT_SECONDS} AS {quoted(name + '_slot')}",
        )
    ]


def nulls(table: Table) -> str:
    """Return all columns of a table, each a null of its type."""
    return ", ".join(f"NULL::{DUCKDB[column.kind]} AS {quoted(column.name)}" for column in (*table.columns, *ENVELOPE))


def current(table: Table, *, base: str | None, later: str | None, stored: Iterable[str]) -> str:
    """Return the query of the rows that hold now.

    base, later: relations, None where there is none. stored: the instants whose derived columns lie in the files.
    """
    keys = ", ".join(quoted(name) for name in table.key)
    same = " AND ".join(f"b.{quoted(name)} = l.{quoted(name)}" for name in table.key)
    if later is None:
        rows = f"SELECT * FROM {base}"  # noqa: S608
    else:
        # The row that stands where another of the same version was taken away goes first: it was moved to another day.
        heads = (
            f"SELECT * FROM {later} QUALIFY row_number() OVER "  # noqa: S608
            f"(PARTITION BY {keys} ORDER BY record_version DESC, is_retracted) = 1"
        )
        rows = f"SELECT * FROM ({heads}) WHERE NOT is_retracted"  # noqa: S608
        if base is not None:
            newest = f"SELECT {keys}, max(record_version) AS record_version FROM {later} GROUP BY {keys}"  # noqa: S608
            rows = (
                f"SELECT b.* FROM {base} AS b ANTI JOIN ({newest}) AS l "  # noqa: S608
                f"ON {same} AND b.record_version < l.record_version UNION ALL BY NAME {rows}"
            )
    return _select(table, rows, stored=stored)


def known_then(table: Table, *, base: str | None, later: str | None, until: str, stored: Iterable[str]) -> str:
    """Return the query of the rows that held at a moment. until: that moment, as an ISO text in UTC.

    later: all that is not in base, superseded versions included.
    """
    keys = ", ".join(quoted(name) for name in table.key)
    known = f"ingested_at < TIMESTAMPTZ '{until}'"
    if later is None:
        return _select(table, f"SELECT * FROM {base} WHERE {known}", stored=stored)  # noqa: S608
    using = f"SELECT DISTINCT {keys} FROM {later}"  # noqa: S608
    several = f"SELECT * FROM {later} WHERE {known}"  # noqa: S608
    rows = ""
    if base is not None:
        rows = f"SELECT b.* FROM {base} AS b ANTI JOIN ({using}) AS s USING ({keys}) WHERE b.{known} UNION ALL BY NAME "  # noqa: S608
        several = f"{several} UNION ALL BY NAME SELECT b.* FROM {base} AS b SEMI JOIN ({using}) AS s USING ({keys}) WHERE b.{known}"  # noqa: S608
    heads = (
        f"SELECT * FROM ({several}) QUALIFY row_number() OVER "  # noqa: S608
        f"(PARTITION BY {keys} ORDER BY record_version DESC, is_retracted) = 1"
    )
    return _select(table, f"{rows}SELECT * FROM ({heads}) WHERE NOT is_retracted", stored=stored)  # noqa: S608


def _select(table: Table, rows: str, *, stored: Iterable[str]) -> str:
    own = [quoted(column.name) for column in (*table.columns, *ENVELOPE)]
    lying = [quoted(f"{name}_{part}") for name in stored for part in ("us", "slot")]
    return f"SELECT {', '.join([*own, *lying, *derived(table, but=stored)])} FROM ({rows})"  # noqa: S608


def worked_out(table: Table) -> str:
    """Return what the store works out of other columns, as further items of a REPLACE."""
    if table.name != "contact_segment":
        return ""
    left = "coalesce(left_queue_at, answered_at)"
    return f", {left} AS left_queue_at, coalesce(wait_s, (epoch_us({left}) - epoch_us(queued_at)) / 1e6) AS wait_s"
