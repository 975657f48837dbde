"""Peers live in environments of their own, which stay for the next run."""

import subprocess
import sys
from pathlib import Path

from bench.stage.house import FOLDER
from bench.stage.report import say

__all__ = ["own_environment"]


def own_environment(package: str, version: str, *more: str) -> Path:
    """Install a package in one version, and `more` beside it, unless that is done already; return its Python."""
    folder = FOLDER / f"{package}-{version}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        say(f"Installing {package} {version} into an environment of its own")
        uv = _uv()
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
        subprocess.run(
            [*uv, "pip", "install", "--quiet", "--python", python, f"{package}=={version}", *more], check=True
        )
        (folder / "ready").touch()
    return python


def _uv() -> list[str]:
    own = Path(sys.executable).with_name("uv")
    return [str(own)] if own.exists() else ["uv"]
