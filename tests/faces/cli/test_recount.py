"""`careloop recount` comes to the same figures from the beginning of the log."""

import io
import json

import pytest
from django.core.management import call_command

from careloop.domains.workspaces.errors import WorkspaceNotFound
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.wallboards.floor import open_floor, read_all
from tests.domains.wallboards.test_counting import kept
from tests.fixtures import house, quick_passwords

__all__ = ["house", "quick_passwords"]

pytestmark = pytest.mark.database


def test_comes_to_the_same_figures(house: House) -> None:
    with workspace_scope(house.north):
        floor = open_floor(house)
        floor.writes(0, at=NOW)
        floor.answers(0, at=NOW)
        floor.writes(1, at=NOW)
    read_all()
    before, out = kept(house.north), io.StringIO()

    call_command("recount", workspace="north", as_json=True, stdout=out)

    assert kept(house.north) == before
    assert json.loads(out.getvalue())["events"] > 0


def test_names_a_workspace_that_is_none(house: House) -> None:
    with pytest.raises(WorkspaceNotFound, match="nowhere"):
        call_command("recount", workspace="nowhere", stdout=io.StringIO())
