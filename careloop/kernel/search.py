"""Full-text search through the walls' one gate: an owner function that filters by the workspace in scope itself.

Under row-level security PostgreSQL may not use a text index for a workspace's rows, because its operators could leak what
they saw; the function may (docs/reasons/walls.md).
"""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Lookup

from careloop.kernel.text import query

__all__ = ["Holds", "matching_ids", "search_function_sql"]

NEWEST = 5_000
"""So many rows of a workspace are walked for a common word before the text index is asked."""


@SearchVectorField.register_lookup
class Holds(Lookup):
    """`column__holds=expression`: rows that hold what `careloop.kernel.text` made of somebody's words."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_values = self.process_lhs(compiler, connection)
        rhs, rhs_values = self.process_rhs(compiler, connection)
        return f"{lhs} @@ {rhs}::tsquery", (*lhs_values, *rhs_values)


def matching_ids(domain: str, text: str, *, limit: int) -> list[int]:
    """Return the ids of the newest rows that hold the words, newest first; none when there is nothing to search for.

    domain: which search function to ask, such as "customers" for careloop_search_customers.
    """
    expression = query(text)
    if expression is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM careloop_search_{domain}(%s::tsquery, %s)", [expression, limit])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def search_function_sql(domain: str, table: str) -> str:
    """Return the statement that makes a table's search function, for its migration; rows are taken newest first by id."""
    # The planner takes a word it has never seen for a common one and walks a million rows for nothing. So the newest rows
    # are walked for what is common, and what is not common there is asked of the text index (docs/reasons/speed.md).
    return f"""
CREATE FUNCTION careloop_search_{domain}(words tsquery, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here bigint := current_setting('careloop.workspace')::bigint;
    found bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(id) FROM (SELECT id FROM
        (SELECT id, search FROM {table} WHERE workspace_id = $1 ORDER BY id DESC LIMIT {NEWEST}) newest
        WHERE search @@ $2 ORDER BY id DESC LIMIT $3) common' INTO found USING here, words, most;
    IF cardinality(found) = most THEN
        RETURN QUERY SELECT unnest(found);
    ELSE
        RETURN QUERY EXECUTE 'WITH rare AS MATERIALIZED
            (SELECT id FROM {table} WHERE workspace_id = $1 AND search @@ $2)
            SELECT id FROM rare ORDER BY id DESC LIMIT $3' USING here, words, most;
    END IF;
END $$;
"""  # noqa: S608
