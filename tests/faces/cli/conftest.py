"""Homes with a private database of their own, and the command line as another process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from careloop.gateways.postgres import Cluster
from tests.fixtures import house, quick_passwords

__all__ = ["house", "quick_passwords"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A CARELOOP_HOME of its own; its server is gone after the test."""
    yield tmp_path / "home"
    Cluster(tmp_path / "home").destroy()


def started(*arguments: str, home: Path, **environment: str) -> "subprocess.Popen[str]":
    """Start one command line with the private database of `home`."""
    clean = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PUBLIC_URL", "SECRET_KEY"}}
    return subprocess.Popen(
        [sys.executable, "-m", "careloop", *arguments],
        env={**clean, "CARELOOP_HOME": str(home), "LANG": "C.UTF-8", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def careloop(*arguments: str, home: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run one command line to its end."""
    process = started(*arguments, home=home, **environment)
    said, complained = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, said, complained)
