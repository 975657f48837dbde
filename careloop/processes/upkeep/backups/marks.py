"""Row counts and content sums of every table, so that what came back can be compared with what was saved."""

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from careloop.processes.upkeep.backups.archive import TableMark

__all__ = ["is_empty", "table_marks"]

# A row's text depends on these; they are the same on both sides.
SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}

# Unlogged tables hold what may be lost at any time, and are not saved.
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p' ORDER BY 1
"""

# The sum is of 60 bits of each row's MD5: independent of order, changed by any row that changes.
MARK = """
    SELECT count(*), coalesce(sum(('x' || substr(md5(marked_row::text), 1, 15))::bit(60)::bigint), 0)::text
    FROM public.{table} AS marked_row
"""


def table_marks(connection: BaseDatabaseWrapper) -> dict[str, TableMark]:
    """Return the mark of every table that a dump holds.

    connection: as the owner, to whom no wall hides a row.
    """
    with connection.cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
        cursor.execute(TABLES)
        marks = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL(MARK).format(table=sql.Identifier(table)))
            rows, total = cursor.fetchone()
            marks[table] = TableMark(rows=rows, sum=total)
    return marks


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Say whether the database has no table at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p'))"
        )
        return not cursor.fetchone()[0]
