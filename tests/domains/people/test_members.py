"""Who is in a workspace, and as what."""

import pytest

from careloop.domains.people import queries, services
from careloop.domains.people.errors import (
    AlreadyMember,
    LastOwner,
    MayNotAdministerPeople,
    NothingChanged,
    PersonNotFound,
)
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House


class TestAddMember:
    def test_refuses_somebody_twice(self, north: House) -> None:
        with pytest.raises(AlreadyMember):
            services.add_member(user_id=north.ids["ada"], role=Role.AGENT, actor=HOUSE, at=NOW)

    def test_is_for_the_house_alone(self, north: House) -> None:
        with pytest.raises(MayNotAdministerPeople):
            services.add_member(user_id=north.ids["ines"], role=Role.AGENT, actor=north.actor("olga"), at=NOW)

    def test_takes_back_somebody_who_left(self, north: House) -> None:
        services.end_membership(user_id=north.ids["ada"], actor=north.actor("ada"), at=NOW)

        services.add_member(user_id=north.ids["ada"], role=Role.LEAD, actor=HOUSE, at=NOW)

        assert north.actor("ada").role is Role.LEAD

    def test_refuses_who_does_not_exist(self, north: House) -> None:
        with pytest.raises(PersonNotFound):
            services.add_member(user_id=999_999, role=Role.AGENT, actor=HOUSE, at=NOW)


class TestChangeRole:
    def test_is_recorded_with_both_roles(self, north: House) -> None:
        services.change_role(user_id=north.ids["ada"], role=Role.LEAD, actor=north.actor("mina"), at=NOW)

        assert north.actor("ada").role is Role.LEAD
        (recorded,) = trail(names=["person.role_changed"], limit=5)
        assert (recorded.event.was, recorded.event.role) == ("agent", "lead")  # type: ignore[attr-defined]

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_for_owners_and_managers(self, north: House, name: str) -> None:
        with pytest.raises(MayNotAdministerPeople):
            services.change_role(user_id=north.ids["ada"], role=Role.COLLEAGUE, actor=north.actor(name), at=NOW)

        assert north.actor("ada").role is Role.AGENT

    @pytest.mark.parametrize(("whose", "role"), [("ada", Role.OWNER), ("mina", Role.OWNER), ("olga", Role.AGENT)])
    def test_lets_nobody_reach_above_themselves(self, north: House, whose: str, role: Role) -> None:
        before = north.actor(whose).role

        with pytest.raises(MayNotAdministerPeople):
            services.change_role(user_id=north.ids[whose], role=role, actor=north.actor("mina"), at=NOW)

        assert north.actor(whose).role is before

    def test_keeps_the_last_owner(self, north: House) -> None:
        with pytest.raises(LastOwner):
            services.change_role(user_id=north.ids["olga"], role=Role.AGENT, actor=north.actor("olga"), at=NOW)

    def test_lets_an_owner_step_down_beside_another(self, north: House) -> None:
        services.change_role(user_id=north.ids["mina"], role=Role.OWNER, actor=north.actor("olga"), at=NOW)

        services.change_role(user_id=north.ids["olga"], role=Role.AGENT, actor=north.actor("olga"), at=NOW)

        assert north.actor("olga").role is Role.AGENT

    def test_says_when_nothing_changes(self, north: House) -> None:
        with pytest.raises(NothingChanged):
            services.change_role(user_id=north.ids["ada"], role=Role.AGENT, actor=north.actor("olga"), at=NOW)

    def test_does_not_find_people_of_another_workspace(self, north: House) -> None:
        with pytest.raises(PersonNotFound):
            services.change_role(user_id=north.ids["ines"], role=Role.AGENT, actor=north.actor("olga"), at=NOW)


class TestEndMembership:
    def test_ends_teams_and_tokens_too(self, north: House) -> None:
        team = services.create_team(name="Billing", actor=north.actor("olga"), at=NOW)
        services.add_to_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("olga"), at=NOW)

        services.end_membership(user_id=north.ids["ada"], actor=north.actor("mina"), at=NOW)

        assert queries.actor_for(north.ids["ada"], north.north) is None
        assert queries.actor_for(north.ids["ada"], north.north) is None
        (team_row,) = queries.teams_of(north.actor("olga"))
        assert team_row.member_ids == frozenset()

    def test_lets_everybody_leave(self, north: House) -> None:
        for name in ("mina", "anh", "grace", "ada", "cole", "vera"):
            services.end_membership(user_id=north.ids[name], actor=north.actor(name), at=NOW)

        assert [person.name for person in queries.people_of(north.actor("olga"))] == ["Olga"]

    def test_keeps_the_last_owner(self, north: House) -> None:
        with pytest.raises(LastOwner):
            services.end_membership(user_id=north.ids["olga"], actor=north.actor("olga"), at=NOW)

    @pytest.mark.parametrize(("who", "whom"), [("mina", "olga"), ("ada", "cole"), ("grace", "ada")])
    def test_refuses_who_may_not(self, north: House, who: str, whom: str) -> None:
        with pytest.raises(MayNotAdministerPeople):
            services.end_membership(user_id=north.ids[whom], actor=north.actor(who), at=NOW)

        assert north.actor(whom).role is not None

    def test_does_not_reach_into_another_workspace(self, house: House) -> None:
        with pytest.raises(PersonNotFound), workspace_scope(house.north):
            services.end_membership(user_id=house.ids["ines"], actor=house.actor("olga"), at=NOW)

        assert house.south in {place.workspace_id for place in queries.memberships_of(house.ids["ines"])}


class TestDirectory:
    def test_shows_people_to_everybody_but_the_clients_reader(self, north: House) -> None:
        assert len(queries.people_of(north.actor("cole"))) == 7
        assert queries.people_of(north.actor("vera")) == []

    def test_finds_by_a_part_of_the_name(self, north: House) -> None:
        assert [person.name for person in queries.people_of(north.actor("ada"), matching="gra")] == ["Grace"]

    def test_never_shows_people_of_another_workspace(self, north: House) -> None:
        names = {person.name for person in queries.people_of(north.actor("olga"))}

        assert "Ines" not in names

    def test_pages_through_everybody_once(self, north: House) -> None:
        seen, cursor = [], None
        while True:
            page = queries.people_page(north.actor("ada"), cursor=cursor, limit=3)
            seen += [person.name for person in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break

        assert seen == ["Ada", "Anh", "Cole", "Grace", "Mina", "Olga", "Vera"]
