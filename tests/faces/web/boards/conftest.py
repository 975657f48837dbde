"""The cast in workspaces that are ready for cases, with facts in north and none in south."""

from pathlib import Path

import pytest

from tests.cast import House
from tests.processes.conftest import bare_house
from tests.processes.conftest import house as equipped_house
from tests.processes.measuring.conftest import lakes, written

__all__ = ["bare_house", "equipped_house", "house", "lakes", "written"]


@pytest.fixture
def house(equipped_house: House, written: Path, lakes: Path) -> House:
    (lakes / str(equipped_house.north)).symlink_to(written)
    return equipped_house
