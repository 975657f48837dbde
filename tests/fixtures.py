"""Fixtures that several rooms share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from careloop.kernel.scope import workspace_scope
from tests.cast import PASSWORD, House, open_house

__all__ = ["house", "north", "quick_passwords", "signed_in"]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hash cheaply: what a slow hash costs is Django's promise, not ours."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house(db: None) -> House:
    """Two workspaces with their people."""
    return open_house()


@pytest.fixture
def north(house: House) -> Iterator[House]:
    """The same, with the workspace north in scope."""
    with workspace_scope(house.north):
        yield house


@pytest.fixture
def signed_in(house: House) -> Callable[[str], Client]:
    """Sign somebody of the cast in through the front door and return their browser."""

    def browser_of(name: str) -> Client:
        browser = Client()
        answer = browser.post("/account/sign-in", {"login": f"{name}@example.com", "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return browser_of
