"""People at work."""

import pytest

from tests.cast import House, open_house
from tests.fixtures import house, quick_passwords
from tests.processes.conftest import ready
from tests.routing import Floor

__all__ = ["house", "quick_passwords"]


@pytest.fixture
def floor(house: House) -> Floor:
    """The cast, ready for cases, with nobody at work yet."""
    ready(house)
    return Floor(house)


@pytest.fixture
def floor_for_real(committed: None) -> Floor:
    """The same in real transactions, which other connections can see."""
    house = open_house()
    ready(house)
    return Floor(house)
