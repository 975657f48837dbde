"""Accounts and what their owners change about them."""

from typing import Any

import pytest

from careloop.domains.people import services
from careloop.domains.people.errors import BadAccount, EmailTaken, NothingChanged, NotSignedIn, WeakPassword
from careloop.domains.people.types import PersonalSettings
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.events import history, subject
from careloop.kernel.scope import operation_scope
from tests.cast import NOW, PASSWORD, House

MAKING: dict[str, Any] = {
    "email": "Minh@Example.com",
    "name": "Minh",
    "password": PASSWORD,
    "language": "vi",
    "time_zone": "Asia/Ho_Chi_Minh",
    "actor": HOUSE,
    "at": NOW,
}
SETTINGS: dict[str, Any] = {
    "name": "Ada",
    "language": "en",
    "time_zone": "UTC",
    "theme": "auto",
    "signature": "",
    "mails_notifications": True,
}


class TestCreate:
    def test_takes_an_address_once_whatever_its_case(self, db: None) -> None:
        with operation_scope():
            services.create_user(**MAKING)
        with pytest.raises(EmailTaken), operation_scope():
            services.create_user(**{**MAKING, "email": "minh@example.COM"})

    @pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "minh@example.com"])
    def test_refuses_what_is_easily_guessed(self, db: None, password: str) -> None:
        with pytest.raises(WeakPassword), operation_scope():
            services.create_user(**{**MAKING, "password": password})

    @pytest.mark.parametrize(
        ("field", "value"), [("email", "minh"), ("name", ""), ("language", "xx"), ("time_zone", "Nowhere")]
    )
    def test_names_the_field_that_makes_no_sense(self, db: None, field: str, value: str) -> None:
        with pytest.raises(BadAccount) as refused, operation_scope():
            services.create_user(**{**MAKING, field: value})

        assert set(refused.value.fields) == {field}


class TestPersonalSettings:
    def test_records_which_changed_and_not_what_they_say(self, house: House) -> None:
        ada = Actor(kind=ActorKind.USER, id=house.ids["ada"])
        wanted = PersonalSettings(**{**SETTINGS, "signature": "Ada\r\nNorth", "theme": "dark"})

        with operation_scope():
            services.change_personal_settings(settings=wanted, actor=ada, at=NOW)
            recorded = history([subject("user", ada.id)], limit=1)[0]

        assert recorded.name == "account.settings_changed"
        assert recorded.event.changed == {"signature", "theme"}  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("theme", "pink"), ("language", "de"), ("time_zone", ""), ("signature", "x" * 2001), ("signature", "\x00")],
    )
    def test_names_the_field_that_makes_no_sense(self, house: House, field: str, value: str) -> None:
        ada = Actor(kind=ActorKind.USER, id=house.ids["ada"])

        with pytest.raises(BadAccount) as refused, operation_scope():
            services.change_personal_settings(
                settings=PersonalSettings(**{**SETTINGS, field: value}), actor=ada, at=NOW
            )

        assert set(refused.value.fields) == {field}

    def test_says_when_nothing_changes(self, house: House) -> None:
        with pytest.raises(NothingChanged), operation_scope():
            services.change_personal_settings(
                settings=PersonalSettings(**SETTINGS),
                actor=Actor(kind=ActorKind.USER, id=house.ids["ada"]),
                at=NOW,
            )

    def test_is_not_for_tokens(self, house: House) -> None:
        token = Actor(kind=ActorKind.USER, id=house.ids["ada"], scopes=frozenset({"settings:write"}))

        with pytest.raises(NotSignedIn), operation_scope():
            services.change_personal_settings(settings=PersonalSettings(**SETTINGS), actor=token, at=NOW)
