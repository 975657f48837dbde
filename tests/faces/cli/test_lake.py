"""`careloop lake` says where the facts stand and makes them again."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from careloop.insight.kpis import checks
from careloop.kernel.errors import NotFound
from tests.cast import House

pytestmark = pytest.mark.database


def answered(*words: str) -> Any:
    out = io.StringIO()
    call_command("lake", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(autouse=True)
def lake_root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.LAKE_ROOT = tmp_path / "lake"
    return tmp_path / "lake"


class TestLake:
    def test_a_rebuild_reads_the_log_and_the_status_says_where_the_files_lie(
        self, house: House, lake_root: Path
    ) -> None:
        before = answered("status", "--workspace", "north")
        rebuilt = answered("rebuild", "--workspace", "north")
        after = answered("status", "--workspace", "north")

        (was,), (read,), (now,) = before["workspaces"], rebuilt["workspaces"], after["workspaces"]
        assert read["events"] > 0
        assert (was["files"], was["complete_through"]) == (0, None)
        assert now["files"] > 0
        assert now["complete_through"] is not None
        assert now["folder"] == str(lake_root / str(house.north))

    def test_a_refresh_brings_boards_up_to_the_facts_and_makes_the_checks_and_the_status_says_so(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checks, "CHECKS", {"short_talk_share": checks.CHECKS["short_talk_share"]})
        answered("rebuild", "--workspace", "north")
        before = answered("status", "--workspace", "north")["workspaces"][0]
        (made,) = answered("refresh", "--workspace", "north")["workspaces"]
        after = answered("status", "--workspace", "north")["workspaces"][0]
        (again,) = answered("refresh", "--workspace", "north")["workspaces"]

        assert (before["cells_taken_at"], before["cells_lag_facts"]) == (None, True)
        assert made["is_complete"]
        assert after["cells_taken_at"] is not None
        assert not after["cells_lag_facts"]
        assert again["scanned"] == 0
        assert (made["flags_opened"], again["flags_opened"]) == (0, 0)
        assert (before["examined_at"], before["examination_is_complete"]) == (None, False)
        assert after["examined_at"] is not None
        assert after["examination_is_complete"]

    def test_a_check_finds_nothing_wrong_with_our_own_facts(self, house: House) -> None:
        answered("rebuild", "--workspace", "north")

        assert answered("check", "--workspace", "north")["workspaces"] == [
            {"workspace": "north", "findings": [], "quarantined": []}
        ]

    def test_a_workspace_that_is_not_there_is_refused_in_a_sentence(self, house: House) -> None:
        with pytest.raises(NotFound, match="There is no workspace “nowhere”"):
            answered("status", "--workspace", "nowhere")
