"""kill -9 of the database server between any two steps of intake and of sending, and what is there after its restart."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from careloop.gateways.postgres import Cluster
from tests.faces.cli.conftest import careloop, home
from tests.faults.test_crashes import EARLY_DEATHS, INTAKE_DEATHS, LATE_DEATHS

__all__ = ["home"]

pytestmark = pytest.mark.database


def functions(deaths: list[str]) -> list[str]:
    """Return the functions around which something dies, each once and in order."""
    return list(dict.fromkeys(death.rpartition(":")[0] for death in deaths))


INTAKE, EARLY, LATE = functions(INTAKE_DEATHS), functions(EARLY_DEATHS), functions(LATE_DEATHS)


def test_the_server_may_die_at_any_step_of_intake(home: Path) -> None:
    told = through_deaths(home, "take_in_through_deaths", "mailbox_id", INTAKE)

    for step, (function, there) in enumerate(told.items(), start=1):
        assert there["said"] == [["customer", "house"]] * 2 * step, f"after {function}"
        assert there["waiting"] == [], f"after {function}"
    # Behind the last step there is nothing left to be lost.
    assert [function for function, there in told.items() if not there["has_noticed"]] in ([], INTAKE[-1:])
    assert list(told) == INTAKE


def test_the_server_may_die_at_any_step_of_sending(home: Path) -> None:
    told = through_deaths(home, "send_through_deaths", "ada_id", [*EARLY, *LATE])

    assert all(there["has_noticed"] for there in told.values())
    # What is read before the wire is read in vain when its server dies; from the first word on the wire the mail may be out.
    reading = "careloop.processes.sending:outgoing"
    assert {function: (there["left"], there["state"]) for function, there in told.items()} == {
        **dict.fromkeys(EARLY, (1, "sent")),
        **dict.fromkeys(LATE, (1, "uncertain")),
        reading: (0, "uncertain"),
    }


def through_deaths(home: Path, act: str, second: str, steps: list[str]) -> dict[str, Any]:
    """Do something once for each step in a house of its own, whose server dies behind that step, and return what it told."""
    migrated = careloop("migrate", home=home)
    assert migrated.returncode == 0, migrated.stderr
    with Cluster(home).running():
        ids = json.loads(mortal(home, "never", "found"))
        return dict(json.loads(mortal(home, "never", act, str(ids["workspace_id"]), str(ids[second]), *steps)))


def mortal(home: Path, *arguments: str) -> str:
    clean = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PUBLIC_URL", "SECRET_KEY"}}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.mortal", *arguments],
        env={**clean, "CARELOOP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
