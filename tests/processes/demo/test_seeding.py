"""The demo is the same every time, and stays away from installations that serve customers."""

from typing import Any

import pytest

from careloop.domains.workspaces.services import create_operation
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import operation_scope
from careloop.processes.demo import DemoRefused, seed
from careloop.processes.demo.library import StepKind, house_of, matters_of
from tests.conftest import _empty_house
from tests.processes.demo.conftest import UNTIL, ask

pytestmark = pytest.mark.database

EVERYTHING = (
    "SELECT w.key, m.at, m.text FROM conversations_message m JOIN workspaces_workspace w ON w.id = m.workspace_id "
    "WHERE NOT m.is_auto UNION ALL SELECT w.key, n.at, n.text FROM cases_note n JOIN workspaces_workspace w "
    "ON w.id = n.workspace_id ORDER BY 1, 2, 3"
)
COUNTS = "SELECT name, count(*) FROM kernel_event GROUP BY 1 ORDER BY 1"


class TestSeed:
    def test_is_the_same_every_time(self, committed: None) -> None:
        seed(days=1, until=UNTIL)
        first = ask(EVERYTHING), ask(COUNTS)
        _empty_house()

        seed(days=1, until=UNTIL)

        assert (ask(EVERYTHING), ask(COUNTS)) == first
        assert len(first[0]) > 20

    def test_refuses_an_installation_that_is_open_to_others(self, settings: Any) -> None:
        settings.IS_PRODUCTION = True

        with pytest.raises(DemoRefused):
            seed(days=1, until=UNTIL)

    def test_refuses_to_move_in_beside_other_workspaces(self, db: None) -> None:
        with operation_scope():
            create_operation(name="Somebody's own", actor=HOUSE, at=UNTIL)

        with pytest.raises(DemoRefused):
            seed(days=1, until=UNTIL)


class TestTexts:
    def test_there_is_enough_to_say(self) -> None:
        assert len(matters_of("hanbit")) >= 57
        assert len(matters_of("mekong")) >= 57

    @pytest.mark.parametrize("key", ["hanbit", "mekong"])
    def test_every_matter_fits_its_workspace(self, key: str) -> None:
        house = house_of(key)
        reasons = {branch["code"] for reason in house["reasons"] for branch in reason["under"]}
        statuses = {*house["statuses"], *(status["key"] for status in house["own_statuses"]), ""}
        matters = matters_of(key)

        assert len({matter.code for matter in matters}) == len(matters)
        for matter in matters:
            assert matter.team in house["mailboxes"], matter.code
            assert matter.reason in reasons or matter.is_spam, matter.code
            assert matter.steps[0].kind is StepKind.CUSTOMER, matter.code
            for step in matter.steps:
                assert step.ends in statuses, (matter.code, step.ends)
                assert step.saved in {"", *(reply["name"] for reply in house["saved_replies"])}, matter.code
                if step.kind in {StepKind.NOTE, StepKind.COLLEAGUE}:
                    assert step.to in house["teams"], matter.code
                if step.kind is StepKind.FORWARD:
                    assert step.to in house["partners"], matter.code
