"""One seeded week that several tests look at, in a database of its own for as long."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections

from careloop.processes.demo import seed
from tests.conftest import _empty_house

Ask = Callable[[str], list[tuple[Any, ...]]]

UNTIL = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
"""A Friday afternoon in Seoul."""


@pytest.fixture(scope="module")
def week(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ask]:
    """Seed a week, and answer questions in SQL about all workspaces at once."""
    with django_db_blocker.unblock():
        seed(days=7, until=UNTIL)
        yield ask
        connections["default"].close()
        _empty_house()
        connections["owner"].close()


def ask(question: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())
