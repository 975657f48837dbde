"""The answer of SQL written by hand, in DuckDB over the same Parquet files."""

import duckdb
import pyarrow as pa

from bench.determinants.question import FCR_SQL, QUEUE_SQL, answer


def _ask(root: str) -> tuple[pa.Table, pa.Table]:
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        for table in ("contact", "contact_segment"):
            db.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{root}/{table}/*/*.parquet')")
        return db.execute(QUEUE_SQL).to_arrow_table(), db.execute(FCR_SQL).to_arrow_table()


if __name__ == "__main__":
    answer(_ask)
