"""API tokens: their maker, made smaller."""

from datetime import timedelta
from typing import Any

import pytest

from careloop.domains.people import queries, services
from careloop.domains.people.errors import BadToken, MayNotAdministerTokens, TokenNotFound, TokenNotValid
from careloop.domains.people.types import IssuedToken, Scope
from careloop.kernel.actors import Role
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

MONTH = NOW + timedelta(days=30)


def _made(house: House, who: str = "ada", **changes: Any) -> IssuedToken:
    asked = {"name": "Reporting", "scopes": [Scope.CASES_READ], "expires_at": MONTH, "at": NOW}
    return services.make_token(actor=house.actor(who), **{**asked, **changes})


class TestMake:
    def test_keeps_only_a_hash(self, north: House, sql: Any) -> None:
        issued = _made(north)

        assert issued.raw.startswith("careloop_")
        assert issued.raw not in str(sql("SELECT * FROM people_apitoken"))
        (row,) = queries.tokens_of(north.actor("ada"))
        assert issued.raw.endswith(row.hint)

    @pytest.mark.parametrize("name", ["cole", "vera"])
    def test_is_not_for_colleagues_and_client_viewers(self, north: House, name: str) -> None:
        with pytest.raises(MayNotAdministerTokens):
            _made(north, name)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["cases:read", "everything"]}, "scopes"),
            ({"expires_at": NOW}, "expires_at"),
            ({"expires_at": NOW + timedelta(days=400)}, "expires_at"),
        ],
    )
    def test_names_the_field_that_makes_no_sense(self, north: House, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(BadToken) as refused:
            _made(north, **changes)

        assert set(refused.value.fields) == {field}
        assert queries.tokens_of(north.actor("ada")) == []


class TestUse:
    def test_acts_as_its_maker_within_its_scopes(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house)

        grant = services.use_token(raw=issued.raw, at=NOW)

        assert grant.workspace_id == house.north
        with workspace_scope(grant.workspace_id):
            actor = queries.actor_of_grant(grant)
        assert actor is not None
        assert (actor.user_id, actor.role) == (house.ids["ada"], Role.AGENT)
        assert actor.allows("cases:read")
        assert not actor.allows("cases:write")

    def test_opens_its_own_workspace_only(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house, "olga")
        grant = services.use_token(raw=issued.raw, at=NOW)

        with workspace_scope(house.south):
            assert queries.actor_for(grant.user_id, house.south) is None

    def test_works_until_it_expires(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house)

        services.use_token(raw=issued.raw, at=MONTH - timedelta(seconds=1))
        with pytest.raises(TokenNotValid) as refused:
            services.use_token(raw=issued.raw, at=MONTH)
        assert refused.value.status == 401

    def test_works_until_it_is_revoked(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house)
            services.revoke_token(token_id=issued.id, actor=house.actor("ada"), at=NOW)

        with pytest.raises(TokenNotValid):
            services.use_token(raw=issued.raw, at=NOW)

    def test_works_until_its_maker_leaves(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house)
            services.end_membership(user_id=house.ids["ada"], actor=house.actor("olga"), at=NOW)

        with pytest.raises(TokenNotValid):
            services.use_token(raw=issued.raw, at=NOW)

    @pytest.mark.parametrize("raw", ["", "careloop_guess", "\x00", "x" * 10_000])
    def test_refuses_a_guess(self, house: House, raw: str) -> None:
        with pytest.raises(TokenNotValid):
            services.use_token(raw=raw, at=NOW)

    def test_notes_its_use_once_a_minute(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house)

        moments = []
        for seconds in (0, 59, 60):
            services.use_token(raw=issued.raw, at=NOW + timedelta(seconds=seconds))
            with workspace_scope(house.north):
                moments.append(queries.tokens_of(house.actor("ada"))[0].last_used_at)

        assert moments == [NOW, NOW, NOW + timedelta(seconds=60)]


class TestRevoke:
    def test_lets_administrators_revoke_anybodys(self, north: House) -> None:
        issued = _made(north)

        services.revoke_token(token_id=issued.id, actor=north.actor("mina"), at=NOW)

        assert [recorded.name for recorded in trail(limit=1)] == ["token.revoked"]

    def test_hides_other_peoples_tokens_from_agents(self, north: House) -> None:
        issued = _made(north, "olga")

        with pytest.raises(TokenNotFound):
            services.revoke_token(token_id=issued.id, actor=north.actor("ada"), at=NOW)
        assert queries.tokens_of(north.actor("ada")) == []

    def test_does_not_reach_into_another_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            issued = _made(house)
        with pytest.raises(TokenNotFound), workspace_scope(house.south):
            services.revoke_token(token_id=issued.id, actor=house.actor("ines"), at=NOW)

        services.use_token(raw=issued.raw, at=NOW)
