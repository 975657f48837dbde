"""The facts of a lake in tables of PostgreSQL: the columns that the question needs, copied as CSV."""

import io
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pyarrow.csv as csv
import pyarrow.parquet as pq

__all__ = ["load"]

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "contact": {
        "contact_id": "text",
        "customer_id": "text",
        "parent_contact_id": "text",
        "reason_group": "text",
        "reason_code": "text",
        "arrived_at": "timestamptz",
        "ended_at": "timestamptz",
        "direction": "text",
        "outcome": "text",
        "disposition": "text",
        "is_test": "boolean",
        "is_ghost": "boolean",
        "is_duplicate_dial": "boolean",
    },
    "contact_segment": {
        "contact_id": "text",
        "queue_id": "text",
        "channel": "text",
        "queued_at_slot": "bigint",
        "seq": "bigint",
        "exit": "text",
        "wait_s": "double precision",
        "talk_s": "double precision",
        "wrap_s": "double precision",
    },
}


def load(lake: Path, address: str) -> None:
    """Make the tables and copy all facts, then let the planner look at them."""
    with psycopg.connect(address, autocommit=True) as connection:
        for table, columns in COLUMNS.items():
            described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            # As fast as PostgreSQL loads: nobody needs these tables after a crash.
            connection.execute(f"CREATE UNLOGGED TABLE {table} ({described})")
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
                for file in sorted((lake / table).glob("*/*.parquet")):
                    rows = pq.read_table(file, columns=list(columns), partitioning=None)
                    text = io.BytesIO()
                    csv.write_csv(rows, text, csv.WriteOptions(include_header=False))
                    copy.write(text.getvalue())
            connection.execute(f"VACUUM ANALYZE {table}")
