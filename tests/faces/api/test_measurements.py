"""Numbers for machines: one period held against another, days that begin later, and the definition of an earlier day."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from careloop.domains.workspaces.services import change_workspace_settings
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.workspace import workspace_facts
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.processes.measuring.conftest import lakes, written

__all__ = ["lakes", "written"]

MachineOf = Callable[..., Machine]
WEEK = "since=2026-11-09T00:00:00%2B09:00&until=2026-11-14T00:00:00%2B09:00"


@pytest.fixture
def grace(house: House, written: Path, lakes: Path, machine_of: MachineOf) -> Machine:
    (lakes / str(house.north)).symlink_to(written)
    return machine_of("grace")


def asked(machine: Machine, query: str) -> Any:
    answer = machine.get(f"/measurements?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


class TestComparison:
    def test_tells_change_mix_and_rate(self, grace: Machine) -> None:
        found = asked(grace, f"metric=answer_rate&by=queue&{WEEK}&compare=previous")["comparison"]

        total = found["total"]
        assert found["since"].startswith("2026-11-04")
        assert total["difference"] == pytest.approx(total["value"] - total["before"])
        assert total["mix"] + total["rate"] == pytest.approx(total["difference"])
        assert sum(row["mix"] + row["rate"] for row in found["rows"]) == pytest.approx(total["difference"])

    def test_is_not_there_unless_asked_for(self, grace: Machine) -> None:
        assert asked(grace, f"metric=answer_rate&{WEEK}")["comparison"] is None

    @pytest.mark.parametrize(
        "other", ["2026-11-09T00:00Z..2026-11-08T00:00Z", "2026-11-01..2026-11-02", "1..2", "yesterday"]
    )
    def test_refuses_a_period_that_is_none(self, grace: Machine, other: str) -> None:
        answer = grace.get(f"/measurements?metric=answer_rate&{WEEK}&compare={other}")

        assert answer.status_code == 422
        assert "compare" in answer.json()["error"]["fields"]


def test_a_definition_that_has_changed_since_is_told(grace: Machine) -> None:
    then = asked(grace, f"metric=staffing_gap&{WEEK}&as_of=2026-11-01")
    now = asked(grace, f"metric=staffing_gap&{WEEK}")

    assert (then["version"], then["newest_version"]) == (1, 2)
    assert (now["version"], now["newest_version"]) == (2, 2)


def test_days_begin_when_operation_does(grace: Machine) -> None:
    midnight, noon = (
        asked(grace, f"metric=contact_volume&by=day&{WEEK}&day_begins={begins}")["rows"]
        for begins in ("00:00", "12:00")
    )

    assert sum(row["value"] for row in midnight) == sum(row["value"] for row in noon)
    assert [row["value"] for row in midnight] != [row["value"] for row in noon]


def test_days_begin_as_the_workspace_says_where_nobody_else_does(grace: Machine, house: House) -> None:
    with workspace_scope(house.north):
        settings = replace(workspace_facts().settings, day_begins="12:00")
        change_workspace_settings(settings=settings, actor=house.actor("olga"), at=clock.now())

    unsaid, noon, midnight = (
        asked(grace, f"metric=contact_volume&by=day&{WEEK}{said}")["rows"]
        for said in ("", "&day_begins=12:00", "&day_begins=00:00")
    )

    assert unsaid == noon != midnight
