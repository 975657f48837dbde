"""Search functions, on a table of their own that is gone again after each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from careloop.kernel.search import NEWEST, search_function_sql

pytestmark = pytest.mark.database

ROWS = 6 * NEWEST
"""In the workspace in scope; every third holds "common", only the third one "rare"."""


@pytest.fixture
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[str, int], list[int]]]:
    """Search a table of many rows of workspace 1, and some of workspace 2, as its owner."""
    with django_db_blocker.unblock(), transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE probe (id bigint PRIMARY KEY, workspace_id bigint, search tsvector, words text)")
        cursor.execute(
            "INSERT INTO probe SELECT n, CASE WHEN n %% 10 = 0 THEN 2 ELSE 1 END, (CASE WHEN n %% 3 = 0 THEN 'common' "
            "ELSE 'other' END || CASE WHEN n = 3 OR n = 10 THEN ' rare' ELSE '' END)::tsvector, repeat('x', 500) "
            "FROM generate_series(1, %s) n",
            [ROWS],
        )
        cursor.execute("CREATE INDEX probe_search ON probe USING gin (search)")
        cursor.execute("ANALYZE probe")
        cursor.execute(search_function_sql("probe", "probe"))
        cursor.execute("SELECT set_config('careloop.workspace', '1', true)")

        def search(words: str, most: int) -> list[int]:
            cursor.execute("SELECT * FROM careloop_search_probe(%s::tsquery, %s)", [words, most])
            return [row[0] for row in cursor.fetchall()]

        yield search
        transaction.set_rollback(True, "owner")


Search = Callable[[str, int], list[int]]


def test_gives_the_newest_of_a_common_word(found: Search) -> None:
    newest = [n for n in range(ROWS, 0, -1) if n % 3 == 0 and n % 10][:20]

    assert found("common", 20) == newest


def test_finds_a_rare_word_in_the_oldest_rows_of_this_workspace_only(found: Search) -> None:
    assert found("rare", 20) == [3]


def test_finds_all_of_a_word_that_is_common_but_not_so_common(found: Search) -> None:
    assert len(found("common", ROWS)) == sum(n % 3 == 0 and n % 10 > 0 for n in range(1, ROWS + 1))


@pytest.mark.parametrize("words", ["rare", "unheard", "'unh':*"])
def test_walks_no_more_than_the_newest_rows(found: Search, words: str) -> None:
    """The planner by itself takes an unknown word for a common one, and walks them all."""
    before = _read()

    found(words, 20)

    assert _read() - before < ROWS / 2


def _read() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables "
            "WHERE relname = 'probe'"
        )
        return int(cursor.fetchone()[0])
