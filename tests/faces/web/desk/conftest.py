"""The cast in workspaces that are ready for cases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import House
from tests.processes.conftest import bare_house
from tests.processes.conftest import house as equipped_house

__all__ = ["bare_house", "counted", "equipped_house", "house"]


@pytest.fixture
def house(equipped_house: House) -> House:
    return equipped_house


@pytest.fixture
def counted() -> Callable[[], Any]:
    """Count the statements of a page, without those that open and close transactions."""

    @contextmanager
    def count() -> Iterator[Callable[[], int]]:
        with CaptureQueriesContext(connection) as captured:
            yield lambda: sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)

    return count
