"""A chat becomes facts like any contact: who came, how long they waited, who answered, and what was said to whom."""

from pathlib import Path

import pytest

from careloop.domains.chats.types import ChatRow
from careloop.domains.commitments.states import Measure
from careloop.insight.facts import read
from careloop.insight.kpis import measure
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import leave, pick
from careloop.processes.lake.following import lake_of
from careloop.processes.lake.keys import ours
from careloop.processes.lake.rebuilding import rebuild
from tests.cast import NOW, House
from tests.chatting import answer, begin, later, put_on_site, say
from tests.processes.lake.test_following import LATER, facts_in, follow_all, root, settle
from tests.promising import promise

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


class TestAPromise:
    def test_that_nobody_waits_over_a_minute_is_measured_without_those_who_left_in_time(
        self, house: House, root: Path
    ) -> None:
        every = dict.fromkeys(range(1, 5), 60)
        promise(house, targets={Measure.WAIT: every}, calendar_id=None, levels={Measure.WAIT: 0.8})
        with workspace_scope(house.north):
            widget = put_on_site()
            kept, early, late = (begin(widget, address=f"{name}@customer.example") for name in ("omar", "ina", "jo"))
            pick(chat_id=kept.id, actor=house.actor("ada"), at=later(60))
            leave(chat=early, wants_transcript=False, at=later(59))
            leave(chat=late, wants_transcript=False, at=later(61))
        settle(later(140))

        follow_all(root)

        told = facts_in(root, house.north)
        rows = {row["case_id"]: row for row in told["commitment"]}
        assert [rows[ours("case", chat.case_id)]["outcome"] for chat in (kept, early, late)] == [
            "kept",
            "called_off",
            "missed",
        ]
        assert {(row["measure"], row["kind"], row["share"], row["limit_s"]) for row in rows.values()} == {
            ("wait", "share", 0.8, 60.0)
        }
        # Nothing was promised of the matter itself.
        assert {case["sla_policy_id"] for case in told["case"]} == {None}
        level = measure(read(lake_of(root, house.north).root), "sla_attainment", options={"measure": "wait"}).total
        assert level is not None
        assert (level.numerator, level.denominator) == (1, 2)
        assert (level.low or 0) < 0.5 < (level.high or 0)


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
