"""A question that tells about people is answered to those who lead them, and one's own to oneself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from careloop.domains.boards.errors import MayNotSeeNumbers
from careloop.domains.people.services import add_member, add_to_team, create_team, create_user
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.keys import ours
from careloop.processes.measuring.policy import allowed, of_reader, of_team
from careloop.processes.measuring.types import Question
from tests.cast import NOW, PASSWORD, House

pytestmark = pytest.mark.database
LEVEL = Question(metric="service_level", since=NOW - timedelta(days=7), until=NOW)
ABOUT_ONE = {"field": "agent", "operator": "is", "value": "7"}


@pytest.mark.parametrize(
    "question",
    [
        replace(LEVEL, by=("agent",)),
        replace(LEVEL, by=("day", "supervisor")),
        replace(LEVEL, conditions=ABOUT_ONE),
        replace(LEVEL, conditions={"and": [{"not": {"or": [ABOUT_ONE, ABOUT_ONE]}}]}),
    ],
)
def test_people_are_for_those_who_lead_them(house: House, question: Question) -> None:
    with workspace_scope(house.north):
        for name in ("olga", "mina", "anh", "grace"):
            assert allowed(question, viewer=house.actor(name)) == question
        for name in ("ada", "vera", "cole"):
            with pytest.raises(MayNotSeeNumbers):
                allowed(question, viewer=house.actor(name))


def test_ones_own_number_is_narrowed_to_oneself(house: House) -> None:
    with workspace_scope(house.north):
        ada = house.actor("ada")

        mine = of_reader(replace(LEVEL, conditions={"field": "channel", "operator": "is", "value": "chat"}), viewer=ada)

        assert mine.conditions["and"][1] == {"field": "agent", "operator": "is", "value": ours("user", ada.id)}
        for name in ("vera", "cole"):
            with pytest.raises(MayNotSeeNumbers):
                of_reader(LEVEL, viewer=house.actor(name))


def test_a_small_team_has_no_number_beside_ones_own(house: House) -> None:
    """With fewer than five, one's own number and the team's would tell the others'."""
    with workspace_scope(house.north):
        mina = house.actor("mina")
        team_id = create_team(name="Billing", actor=mina, at=NOW)
        people = [house.ids["ada"], house.ids["grace"]]
        for number in range(3):
            people.append(
                create_user(
                    email=f"agent{number}@example.com", name="Agent", password=PASSWORD, language="en",
                    time_zone="UTC", actor=HOUSE, at=NOW,
                )
            )  # fmt: skip
            add_member(user_id=people[-1], role=Role.AGENT, actor=HOUSE, at=NOW)
        found = []
        for user_id in people:
            add_to_team(team_id=team_id, user_id=user_id, actor=mina, at=NOW)
            found.append(of_team(LEVEL, viewer=house.actor("ada")))

    assert [question is not None for question in found] == [False] * 4 + [True]
    assert found[-1] is not None
    assert found[-1].conditions == {"field": "team", "operator": "any_of", "value": [ours("team", team_id)]}
