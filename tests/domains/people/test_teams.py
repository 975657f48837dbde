"""Teams and who is in them."""

import pytest

from careloop.domains.people import queries, services
from careloop.domains.people.errors import (
    AlreadyMember,
    BadTeam,
    MayNotAdministerTeams,
    NothingChanged,
    PersonNotFound,
    TeamNameTaken,
    TeamNotFound,
)
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House


def _billing(house: House) -> int:
    return services.create_team(name="Billing", actor=house.actor("olga"), at=NOW)


class TestTeam:
    def test_is_made_renamed_and_retired(self, north: House) -> None:
        mina = north.actor("mina")
        team = _billing(north)

        services.rename_team(team_id=team, name="Accounts", actor=mina, at=NOW)
        services.retire_team(team_id=team, actor=mina, at=NOW)

        assert queries.teams_of(mina) == []
        assert queries.team_names_of([team]) == {team: "Accounts"}
        assert [recorded.name for recorded in trail(limit=3)] == ["team.retired", "team.renamed", "team.created"]

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_for_owners_and_managers(self, north: House, name: str) -> None:
        team = _billing(north)

        with pytest.raises(MayNotAdministerTeams):
            services.create_team(name="Mine", actor=north.actor(name), at=NOW)
        with pytest.raises(MayNotAdministerTeams):
            services.rename_team(team_id=team, name="Mine", actor=north.actor(name), at=NOW)
        with pytest.raises(MayNotAdministerTeams):
            services.retire_team(team_id=team, actor=north.actor(name), at=NOW)

        assert [row.name for row in queries.teams_of(north.actor("olga"))] == ["Billing"]

    def test_has_a_name_of_its_own_while_in_use(self, north: House) -> None:
        team = _billing(north)

        with pytest.raises(TeamNameTaken):
            _billing(north)

        services.retire_team(team_id=team, actor=north.actor("olga"), at=NOW)
        assert _billing(north) != team

    @pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
    def test_refuses_names_that_make_no_sense(self, north: House, name: str) -> None:
        with pytest.raises(BadTeam):
            services.create_team(name=name, actor=north.actor("olga"), at=NOW)

    def test_says_when_the_name_stays(self, north: House) -> None:
        with pytest.raises(NothingChanged):
            services.rename_team(team_id=_billing(north), name="Billing ", actor=north.actor("olga"), at=NOW)

    def test_is_not_found_from_another_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            team = _billing(house)
        with pytest.raises(TeamNotFound), workspace_scope(house.south):
            services.rename_team(team_id=team, name="Mine", actor=house.actor("ines"), at=NOW)


class TestMembers:
    def test_belong_to_the_team_from_then_on(self, north: House) -> None:
        team = _billing(north)

        services.add_to_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("olga"), at=NOW)
        assert north.actor("ada").team_ids == {team}

        services.remove_from_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("olga"), at=NOW)
        assert north.actor("ada").team_ids == frozenset()

    def test_are_the_leads_business_in_their_own_team_only(self, north: House) -> None:
        team = _billing(north)
        with pytest.raises(MayNotAdministerTeams):
            services.add_to_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("grace"), at=NOW)
        services.add_to_team(team_id=team, user_id=north.ids["grace"], actor=north.actor("olga"), at=NOW)

        services.add_to_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("grace"), at=NOW)

        assert north.actor("ada").team_ids == {team}

    def test_come_once(self, north: House) -> None:
        team = _billing(north)
        services.add_to_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("olga"), at=NOW)

        with pytest.raises(AlreadyMember):
            services.add_to_team(team_id=team, user_id=north.ids["ada"], actor=north.actor("olga"), at=NOW)

    def test_are_people_of_the_workspace(self, north: House) -> None:
        with pytest.raises(PersonNotFound):
            services.add_to_team(team_id=_billing(north), user_id=north.ids["ines"], actor=north.actor("olga"), at=NOW)

    def test_are_taken_out_only_when_in(self, north: House) -> None:
        with pytest.raises(PersonNotFound):
            services.remove_from_team(
                team_id=_billing(north), user_id=north.ids["ada"], actor=north.actor("olga"), at=NOW
            )
