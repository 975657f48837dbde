"""Everybody of the demo gets in with the password that is printed, and finds something to read in their own language."""

import re
from typing import Any

import pytest
from django.conf import global_settings
from django.test import Client

from careloop.kernel.actors import Role
from careloop.processes.demo import DEMO_PASSWORD, logins
from careloop.processes.demo.library import operation
from tests.processes.demo.conftest import Ask

pytestmark = pytest.mark.database

LANGUAGE_OF = {person["email"]: person["language"] for person in operation()["people"]}
WORKING = {Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT}
PLACES = {
    "customers/": WORKING | {Role.ANALYST},
    "replies/": WORKING,
    "quarantine/": {Role.OWNER, Role.MANAGER, Role.LEAD},
    "admin/": set(Role) - {Role.CLIENT_VIEWER},
    "cases/new": WORKING,
}


def test_everybody_gets_in_and_finds_cases_in_their_language(week: Ask, settings: Any) -> None:
    # The week was seeded with the hashes of every installation, before this test's quick ones.
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    empty, told, asked = [], {}, 0
    for person in logins(is_new=False).people:
        browser = Client()
        answer = browser.post("/account/sign-in", {"login": person.email, "password": DEMO_PASSWORD})
        assert answer.status_code == 302, person.email
        arrived = browser.get("/", follow=True)
        page = browser.get(f"/w/{person.workspace}/", follow=True).content.decode()

        assert arrived.status_code == 200
        assert re.search(r'<html lang="([\w-]+)"', page)[1] == LANGUAGE_OF[person.email], person.email  # type: ignore[index]
        assert f"/w/{person.workspace}/cases/" in page
        if person.role == Role.COLLEAGUE:
            # They come first to what they are asked to do, and not all of them are asked for something at every moment.
            assert 'id="task-list"' in page, person.email
            asked += len(set(re.findall(r"/tasks/\d+\b", page)))
        elif "data-href" not in page and "cell-main" not in page:
            empty.append(f"{person.email} ({person.role})")
        told[person.email] = {place for place in PLACES if f'href="/w/{person.workspace}/{place}"' in page}
        assert told[person.email] == {place for place, roles in PLACES.items() if person.role in roles}, person

    assert empty == []
    assert asked > 0
