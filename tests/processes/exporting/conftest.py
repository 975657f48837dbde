"""The cast, with a lake for north and none for south, and blobs of this test's own."""

from pathlib import Path
from typing import Any

import pytest

from tests.processes.measuring.conftest import bare_house, house, lakes, quick_passwords, written

__all__ = ["bare_house", "house", "lakes", "quick_passwords", "written"]


@pytest.fixture(autouse=True)
def blob_root(tmp_path: Path, settings: Any) -> Path:
    settings.BLOB_ROOT = tmp_path / "blobs"
    return tmp_path / "blobs"
