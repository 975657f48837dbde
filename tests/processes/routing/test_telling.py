"""Why something was offered, in words; and what people do, told to every workspace they serve and to the lake."""

from datetime import timedelta

import pytest
from django.utils import translation

from careloop.domains.people.services import add_member
from careloop.domains.queues.states import Choice
from careloop.domains.queues.types import Why
from careloop.domains.workforce.events import PresenceChanged
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.events import Recorded, history, subject
from careloop.processes.lake.presence import states_of
from careloop.processes.routing.presence import tell
from careloop.processes.routing.wording import reasons_of
from tests.cast import NOW
from tests.routing import Floor, later

WHY = Why(waited_s=40, language="ko", levels={3: 2}, chosen_by=Choice.LONGEST_IDLE, rivals=4, idle_s=90)


class TestWording:
    def test_says_it_to_who_was_asked_and_to_others(self) -> None:
        skills = {3: "Billing"}

        assert reasons_of(WHY, skills=skills, people={}, is_own=True) == [
            "waited 40 s",
            "Korean",
            "Billing level 2",
            "you were idle longest",
        ]
        assert reasons_of(WHY, skills=skills, people={}, is_own=False)[-1] == "was idle longest"

    def test_says_it_in_the_readers_language(self) -> None:
        with translation.override("ko"):
            said = reasons_of(WHY, skills={3: "청구"}, people={}, is_own=True)

        assert said == ["40초 대기", "한국어", "청구 2단계", "가장 오래 쉬고 계셨습니다"]

    def test_says_what_was_agreed_between_programs_and_what_is_worth_more(self) -> None:
        why = Why(waited_s=600, is_same_agent=True, ahead_s=120, overflow_count=2, given_share=0.1, agreed_share=0.25)

        assert reasons_of(why, skills={}, people={}, is_own=True) == [
            "waited 10 min",
            "you served the customer last",
            "priority worth 2 min of waiting",
            "passed on by 2 queues",
            "this program had 10% of 25% agreed",
        ]

    def test_says_who_gave_it(self) -> None:
        why = Why(waited_s=5, moved_by_id=7)

        assert reasons_of(why, skills={}, people={7: "Grace"}, is_own=True) == ["waited 5 s", "given by Grace"]


def changed(number: int, was: str, now: str, *, since: float, at: float, reason: str = "") -> Recorded:
    event = PresenceChanged(
        subject="seat:5",
        actor="user:5",
        at=later(at),
        state=now,
        reason=reason,
        forced_by="",
        was=was,
        was_reason="",
        since=later(since),
    )
    return Recorded(
        id=number, position=number, workspace_id=1, name="presence.changed", event=event, recorded_at=later(at)
    )


class TestFacts:
    STORY = (
        changed(1, "offline", "available", since=0, at=0),
        changed(2, "available", "contact", since=0, at=10),
        changed(3, "contact", "break", since=10, at=30, reason="meal"),
    )

    def test_stretches_lie_end_to_end(self) -> None:
        rows = states_of(self.STORY)

        assert [(row["state"], row["started_at"], row["ended_at"], row["reason"]) for row in rows] == [
            ("available", later(0), later(10), None),
            ("contact", later(10), later(30), None),
            ("break", later(30), None, "meal"),
        ]

    def test_a_part_says_the_same_as_the_whole(self) -> None:
        whole = {row["agent_state_id"]: row for row in states_of(self.STORY)}

        for row in states_of(self.STORY[1:]):
            assert whole[row["agent_state_id"]] == row


@pytest.mark.database
def test_what_somebody_does_is_told_where_they_also_serve(floor: Floor) -> None:
    ada = floor.house.ids["ada"]
    with floor.scope(south=True):
        add_member(user_id=ada, role=Role.AGENT, actor=HOUSE, at=NOW)
    floor.works("ada", at=later(5))
    with floor.scope():
        (mine,) = [one for one in history([subject("seat", ada)], limit=9) if isinstance(one.event, PresenceChanged)]

    tell(workspace_id=floor.house.south, from_workspace_id=floor.house.north, event_id=mine.id)

    with floor.scope(south=True):
        (told,) = [one.event for one in history([subject("seat", ada)], limit=9)]
    assert isinstance(told, PresenceChanged)
    assert (told.state, told.at, told.is_told) == ("available", later(5), True)


@pytest.mark.database
def test_a_person_of_two_programs_is_offered_work_of_the_one_that_got_less(floor: Floor) -> None:
    from careloop.domains.workforce.services import note_given, set_share

    with floor.scope(south=True):
        add_member(user_id=floor.house.ids["ada"], role=Role.AGENT, actor=HOUSE, at=NOW)
        set_share(agreed=3.0, actor=HOUSE, at=NOW)
        note_given(weight=4, at=NOW)
    with floor.scope():
        set_share(agreed=1.0, actor=HOUSE, at=NOW)
        note_given(weight=2, at=NOW)
    north, south = floor.queue(), floor.queue(south=True)
    floor.comes(north, at=NOW - timedelta(hours=1))
    floor.comes(south, at=NOW, south=True)
    floor.route(1)
    floor.works("ada", at=later(2))

    assert floor.route(3) == 1

    offer = floor.offer_to("ada", south=True)
    assert offer is not None
    assert offer.why.given_share == pytest.approx(2 / 3, abs=0.01)
    assert offer.why.agreed_share == 0.75
