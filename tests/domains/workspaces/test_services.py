"""The operation, its workspaces and their settings."""

from dataclasses import replace
from typing import Any

import pytest

from careloop.domains.workspaces import queries, services
from careloop.domains.workspaces.errors import (
    BadHost,
    BadKey,
    BadSettings,
    HostTaken,
    KeyTaken,
    MayNotChangeSettings,
    MayNotManageWorkspaces,
    NoOperation,
    NothingChanged,
    OperationExists,
)
from careloop.domains.workspaces.types import Language, WorkspaceFacts
from careloop.kernel.actors import HOUSE, Actor, ActorKind, Role
from careloop.kernel.events import history, subject, trail
from careloop.kernel.scope import operation_scope, workspace_scope
from tests.cast import NOW, House

MAKING: dict[str, Any] = {
    "key": "east",
    "name": "East",
    "language": "ko",
    "time_zone": "Asia/Seoul",
    "accent_color": "#2F6F5E",
    "may_send": False,
    "actor": HOUSE,
    "at": NOW,
}
PERSON = Actor(kind=ActorKind.USER, id=1, role=Role.OWNER)


def _north(house: House) -> WorkspaceFacts:
    found = queries.workspace_of_id(house.north)
    assert found is not None
    return found


class TestCreateOperation:
    def test_is_made_once(self, house: House) -> None:
        with pytest.raises(OperationExists), operation_scope():
            services.create_operation(name="Another", actor=HOUSE, at=NOW)

    def test_is_for_the_house_alone(self, db: None) -> None:
        with pytest.raises(MayNotManageWorkspaces), operation_scope():
            services.create_operation(name="Mine", actor=PERSON, at=NOW)

        assert queries.operation_id() is None


class TestCreateWorkspace:
    def test_makes_what_was_asked_for(self, house: House) -> None:
        with operation_scope():
            made = services.create_workspace(**MAKING)
            (recorded,) = history([subject("workspace", made)], limit=5)

        found = queries.workspace_of_key("east")
        assert found is not None
        assert (found.id, found.name, found.language, found.may_send) == (made, "East", "ko", False)
        assert found.settings.accent_color == "#2f6f5e"
        assert recorded.name == "workspace.created"

    def test_needs_the_operation_first(self, db: None) -> None:
        with pytest.raises(NoOperation), operation_scope():
            services.create_workspace(**MAKING)

    def test_is_for_the_house_alone(self, house: House) -> None:
        with pytest.raises(MayNotManageWorkspaces), operation_scope():
            services.create_workspace(**{**MAKING, "actor": PERSON})

    @pytest.mark.parametrize("key", ["", "-east", "east-", "East", "ea st", "동쪽", "a" * 41, "a/b", "a\n"])
    def test_refuses_keys_that_cannot_stand_in_an_address(self, house: House, key: str) -> None:
        with pytest.raises(BadKey), operation_scope():
            services.create_workspace(**{**MAKING, "key": key})

    def test_refuses_a_key_twice(self, house: House) -> None:
        with pytest.raises(KeyTaken), operation_scope():
            services.create_workspace(**{**MAKING, "key": "north"})

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", " "),
            ("name", "x" * 121),
            ("language", "de"),
            ("time_zone", "Mars/Olympus"),
            ("time_zone", "../../etc/passwd"),
            ("accent_color", "red"),
            ("accent_color", "#12345"),
        ],
    )
    def test_names_the_field_that_makes_no_sense(self, house: House, field: str, value: str) -> None:
        with pytest.raises(BadSettings) as refused, operation_scope():
            services.create_workspace(**{**MAKING, field: value})

        assert set(refused.value.fields) == {field}
        assert queries.workspace_of_key("east") is None


class TestChangeSettings:
    def test_keeps_before_and_after_in_the_log(self, north: House) -> None:
        wanted = replace(_north(north).settings, undo_send_seconds=30, language="vi")

        services.change_workspace_settings(settings=wanted, actor=north.actor("mina"), at=NOW)

        assert _north(north).settings == wanted
        (recorded,) = trail(names=["workspace.settings_changed"], limit=5)
        assert recorded.event.before == {"language": "en", "undo_send_seconds": 10}  # type: ignore[attr-defined]
        assert recorded.event.after == {"language": "vi", "undo_send_seconds": 30}  # type: ignore[attr-defined]

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_for_owners_and_managers(self, north: House, name: str) -> None:
        wanted = replace(_north(north).settings, undo_send_seconds=30)

        with pytest.raises(MayNotChangeSettings):
            services.change_workspace_settings(settings=wanted, actor=north.actor(name), at=NOW)

        assert _north(north).settings.undo_send_seconds == 10

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("undo_send_seconds", 121),
            ("undo_send_seconds", -1),
            ("contact_quiet_hours", 0),
            ("day_begins", "05:15"),
            ("day_begins", "24:00"),
        ],
    )
    def test_refuses_what_is_out_of_bounds(self, north: House, field: str, value: int | str) -> None:
        numbers: dict[str, Any] = {field: value}

        with pytest.raises(BadSettings) as refused:
            services.change_workspace_settings(
                settings=replace(_north(north).settings, **numbers), actor=north.actor("olga"), at=NOW
            )

        assert set(refused.value.fields) == {field}

    def test_says_when_nothing_changes(self, north: House) -> None:
        with pytest.raises(NothingChanged):
            services.change_workspace_settings(settings=_north(north).settings, actor=north.actor("olga"), at=NOW)


class TestHosts:
    def test_leads_to_the_workspace_whatever_port_and_case(self, north: House) -> None:
        services.add_host(host="Help.Example.com", actor=north.actor("olga"), at=NOW)

        found = queries.workspace_of_host("HELP.example.com:8443")
        assert found is not None
        assert found.id == north.north
        assert queries.workspace_of_host("other.example.com") is None

    @pytest.mark.parametrize(
        "host", ["", "localhost", "https://a.example.com", "a.example.com:80", "a b.com", "-a.com"]
    )
    def test_refuses_what_is_no_host_name(self, north: House, host: str) -> None:
        with pytest.raises(BadHost):
            services.add_host(host=host, actor=north.actor("olga"), at=NOW)

    def test_belongs_to_one_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            services.add_host(host="help.example.com", actor=house.actor("olga"), at=NOW)
        with pytest.raises(HostTaken), workspace_scope(house.south):
            services.add_host(host="help.example.com", actor=house.actor("ines"), at=NOW)

    def test_is_not_taken_away_by_strangers(self, house: House) -> None:
        with workspace_scope(house.north):
            services.add_host(host="help.example.com", actor=house.actor("olga"), at=NOW)
        with pytest.raises(NothingChanged), workspace_scope(house.south):
            services.remove_host(host="help.example.com", actor=house.actor("ines"), at=NOW)

        assert queries.hosts_of(house.north) == ["help.example.com"]

    def test_can_be_removed(self, north: House) -> None:
        services.add_host(host="help.example.com", actor=north.actor("olga"), at=NOW)

        services.remove_host(host="help.example.com", actor=north.actor("olga"), at=NOW)

        assert queries.hosts_of(north.north) == []


def test_the_house_speaks_the_languages_of_its_settings(settings: Any) -> None:
    assert {code for code, _words in settings.LANGUAGES} == set(Language)
