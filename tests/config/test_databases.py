"""What keeps the number of connections of a web process bounded."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper

from careloop.config.databases import MOST_CONNECTIONS, share_among_requests

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> Iterator[dict[str, Any]]:
    """The serving role's settings as a web process has them."""
    serving = deepcopy(settings.DATABASES["default"])
    share_among_requests(serving)
    yield serving
    DatabaseWrapper(serving, alias="shared").close_pool()


def _a_request(serving: dict[str, Any], number: int) -> tuple[int, str]:
    """Do what a request does, in a thread of its own, and say over which connection and what was left there."""
    connection = DatabaseWrapper(serving, alias="shared")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), current_setting('careloop.workspace', true), pg_sleep(0.01)")
            pid, left, _slept = cursor.fetchone()
            cursor.execute("BEGIN")
            cursor.execute("SELECT set_config('careloop.workspace', %s, true)", [str(number)])
        return pid, left or ""
    finally:
        connection.close()


def test_requests_take_turns_on_a_few_connections(shared: dict[str, Any]) -> None:
    with ThreadPoolExecutor(max_workers=3 * MOST_CONNECTIONS) as threads:
        answers = list(threads.map(lambda number: _a_request(shared, number), range(5 * MOST_CONNECTIONS)))

    assert len({pid for pid, _left in answers}) <= MOST_CONNECTIONS
    assert {left for _pid, left in answers} == {""}, "A request saw the workspace of the one before."
