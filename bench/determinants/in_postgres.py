"""The answer of the same SQL in PostgreSQL, from tables that were loaded before."""

import psycopg
import pyarrow as pa

from bench.determinants.question import FCR_SQL, QUEUE_SQL, answer


def _ask(address: str) -> tuple[pa.Table, pa.Table]:
    with psycopg.connect(address) as connection:
        connection.execute("SET work_mem = '512MB'")
        connection.execute("SET TimeZone = 'UTC'")
        return _table(connection, QUEUE_SQL), _table(connection, FCR_SQL)


def _table(connection: psycopg.Connection, sql: str) -> pa.Table:
    cursor = connection.execute(sql)
    assert cursor.description is not None
    columns = zip(*cursor.fetchall(), strict=True)
    return pa.table({column.name: list(values) for column, values in zip(cursor.description, columns, strict=True)})


if __name__ == "__main__":
    answer(_ask)
