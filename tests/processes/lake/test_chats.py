"""A chat becomes facts like any contact: who came, how long they waited, who answered, and what was said to whom."""

from pathlib import Path

import pytest

from careloop.domains.chats.types import ChatRow
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import leave, pick
from careloop.processes.lake.following import lake_of
from careloop.processes.lake.keys import ours
from careloop.processes.lake.rebuilding import rebuild
from tests.cast import NOW, House
from tests.chatting import answer, begin, later, put_on_site, say
from tests.processes.lake.test_following import LATER, facts_in, follow_all, root, settle

__all__ = ["root"]

pytestmark = pytest.mark.database


@pytest.fixture
def chats(house: House) -> tuple[ChatRow, ChatRow]:
    """A chat that Ada took after a minute, and one whose visitor did not wait for her."""
    with workspace_scope(house.north):
        widget = put_on_site()
        answered, left = begin(widget), begin(widget, address="ina@customer.example")
        pick(chat_id=answered.id, actor=house.actor("ada"), at=later(60))
        answer(house, answered, "It comes tomorrow.", at=later(90))
        say(answered, "Thank you!", at=later(100))
        for chat, seconds in ((left, 120), (answered, 130)):
            leave(chat=chat, wants_transcript=False, at=later(seconds))
    settle(later(140))
    return answered, left


class TestAChat:
    def test_is_a_contact_of_its_own_channel(self, house: House, chats: tuple[ChatRow, ChatRow], root: Path) -> None:
        follow_all(root)

        told = facts_in(root, house.north)
        by_end = {contact["outcome"]: contact for contact in told["contact"]}
        assert set(by_end) == {"handled", "abandoned_queue"}
        assert {contact["channel"] for contact in told["contact"]} == {"chat"}
        assert {contact["arrived_at"] for contact in told["contact"]} == {NOW}
        segments = {one["contact_id"]: one for one in told["contact_segment"]}
        answered = segments[by_end["handled"]["contact_id"]]
        assert (answered["exit"], answered["wait_s"], answered["agent_id"]) == (
            "answered",
            90.0,
            ours("user", house.ids["ada"]),
        )
        assert segments[by_end["abandoned_queue"]["contact_id"]]["exit"] == "abandoned"
        assert {case["channel"] for case in told["case"]} == {"chat"}
        case_id = by_end["handled"]["case_id"]
        said = [row["sender"] for row in told["message"] if row["case_id"] == case_id]
        assert sorted(said) == ["agent", "customer", "customer"]
        assert lake_of(root, house.north).quarantined() == {}
        assert lake_of(root, house.north).check(at=LATER).findings == ()

    def test_is_the_same_when_the_lake_is_rebuilt(
        self, house: House, chats: tuple[ChatRow, ChatRow], root: Path, tmp_path: Path
    ) -> None:
        follow_all(root)

        rebuild(tmp_path / "other", house.north, at=LATER)

        assert facts_in(tmp_path / "other", house.north) == facts_in(root, house.north)
