"""The cast, with a lake for the workspace north and none for south."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import NOW, House
from tests.fixtures import house as bare_house
from tests.fixtures import quick_passwords
from tests.lakes import fill_lake

__all__ = ["bare_house", "house", "lakes", "quick_passwords"]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that was written once; tests read it."""
    root = tmp_path_factory.mktemp("lake") / "north"
    fill_lake(root, until=NOW + timedelta(minutes=20), days=20)
    return root


@pytest.fixture
def lakes(tmp_path: Path, settings: Any) -> Path:
    """Where lakes lie in this test."""
    settings.LAKE_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def house(bare_house: House, written: Path, lakes: Path) -> House:
    (lakes / str(bare_house.north)).symlink_to(written)
    return bare_house
