"""The scripts do what their names say, from any folder."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [*sorted((ROOT / "script").iterdir()), ROOT / ".ci" / "run"]


def run(script: str, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    clean = {key: value for key, value in os.environ.items() if key not in {"TERM", "PYTHONPATH"}}
    return subprocess.run(
        [ROOT / "script" / script, *arguments],
        cwd=folder,
        env={**clean, "CARELOOP_HOME": str(folder / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_run_and_says_what_for(script: Path) -> None:
    first, second = script.read_text().splitlines()[:2]

    assert os.access(script, os.X_OK)
    assert first in {"#!/bin/sh", "#!/usr/bin/env bash"}
    assert second.startswith("# ")


def test_careloop_answers_from_any_folder(tmp_path: Path) -> None:
    done = run("careloop", "help", "backup", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "prove by restoring it" in " ".join(done.stdout.split())


def test_an_unknown_benchmark_is_refused_by_name(tmp_path: Path) -> None:
    done = run("bench", "no_such_benchmark", folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("There is no benchmark called no_such_benchmark.")


def test_bootstrap_refuses_what_it_cannot_install(tmp_path: Path) -> None:
    done = run("bootstrap", "nonsense", folder=tmp_path)

    assert done.returncode == 1
    assert done.stderr == "There is no requirements/nonsense.txt; say serve or develop.\n"
