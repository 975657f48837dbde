"""What was said in a call is taken down here, and measured where the call was."""

from pathlib import Path
from typing import Any

import pytest

from careloop.domains.customers.services import create_customer
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import open_by_hand
from careloop.processes.answering.types import Words
from careloop.processes.calling import open_case_for_call
from tests.calling import SEAT, connect, talked
from tests.cast import NOW, House
from tests.processes.lake.test_following import facts_in, follow_all, root, settle

__all__ = ["root"]

pytestmark = pytest.mark.database


class TestCalls:
    def test_are_no_second_contact(self, house: House, root: Path) -> None:
        words = Words(text="Where is my parcel?", html="<p>Where is my parcel?</p>")
        with workspace_scope(house.north):
            people, ada = {SEAT: house.ids["ada"]}, house.actor("ada")
            call_id = talked(connect(user_id=house.ids["ada"], at=NOW), people=people, at=NOW)
            customer_id = create_customer(
                name="Minseo", kind="phone", value="+15550001111", language="", source="by_hand", actor=HOUSE, at=NOW
            )
            matter: dict[str, Any] = {
                "channel": "voice",
                "customer_id": customer_id,
                "subject_line": "",
                "words": words,
                "team_id": None,
                "assignee_id": None,
                "actor": ada,
                "at": NOW,
            }
            open_by_hand(**matter)
            open_case_for_call(call_id=call_id, **matter)
        settle(NOW)
        follow_all(root)

        facts = facts_in(root, house.north)
        assert (len(facts["case"]), len(facts["contact"]), len(facts["contact_segment"])) == (2, 1, 1)
