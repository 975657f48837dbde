"""The cast in real transactions."""

import pytest

from tests.cast import House, open_house
from tests.processes.conftest import ready


@pytest.fixture
def open_for_real(committed: None) -> House:
    """The cast in real transactions, which other connections can see."""
    house = open_house()
    ready(house)
    return house
