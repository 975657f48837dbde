"""A private PostgreSQL for one test, in a folder that its system user can reach."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from careloop.gateways.postgres import Cluster


@pytest.fixture
def home() -> Iterator[Path]:
    """A short, empty home through which every user may pass; its server is gone after the test."""
    folder = Path(tempfile.mkdtemp(prefix="careloop-test-"))
    folder.chmod(0o711)
    yield folder
    Cluster(folder).destroy()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> Cluster:
    """The cluster of `home`, not started."""
    return Cluster(home, fsync=False)
