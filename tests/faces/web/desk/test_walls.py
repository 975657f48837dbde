"""Every page of the desk answers somebody of another workspace as if there were nothing."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
EVERYBODY = frozenset({"olga", "mina", "anh", "grace", "ada", "cole", "vera"})
WORKING = frozenset({"olga", "mina", "grace", "ada"})
KEEPING = frozenset({"olga", "mina"})
PAGES = {
    "cases/": EVERYBODY,
    "views/": EVERYBODY,
    "views/all": EVERYBODY,
    "views/counts": EVERYBODY,
    "views/all/conditions": EVERYBODY,
    "views/all/form": EVERYBODY,
    "views/all/cases.csv": EVERYBODY,
    "search": EVERYBODY,
    "notices/": EVERYBODY,
    "notices/bell": EVERYBODY,
    "customers/": WORKING | {"anh"},
    "customers/options": EVERYBODY,
    "customers/new": WORKING,
    "organizations/": WORKING | {"anh"},
    "cases/new": WORKING,
    "mails/new": WORKING,
    "replies/": WORKING,
    "replies/new": WORKING,
    "admin/statuses": KEEPING,
    "admin/types": KEEPING,
    "admin/reasons": KEEPING,
}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_opens_for_the_roles_it_is_meant_for(house: House, signed_in: Browsers, name: str) -> None:
    browser = signed_in(name)

    opened = {page for page in PAGES if browser.get(f"/w/north/{page}").status_code == 200}

    assert opened == {page for page, names in PAGES.items() if name in names}


@pytest.mark.parametrize("page", PAGES)
def test_answers_a_stranger_as_if_there_were_nothing(house: House, signed_in: Browsers, page: str) -> None:
    browser = signed_in("ines")

    hidden, missing = browser.get(f"/w/north/{page}"), browser.get(f"/w/nowhere/{page}")

    assert hidden.status_code == missing.status_code == 404
    assert _without_csrf_token(hidden.content) == _without_csrf_token(missing.content)


@pytest.mark.parametrize("page", PAGES)
def test_leads_the_unknown_to_sign_in(client: Client, house: House, page: str) -> None:
    answer = client.get(f"/w/north/{page}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in?next=")


def test_a_filter_names_nobody_of_another_workspace(house: House, signed_in: Browsers) -> None:
    asked = {"field": "assignee", "operator": "is", "value": house.ids["ines"]}

    shown = signed_in("ada").get("/w/north/views/all", {"filter": json.dumps({"and": [asked]})}).content.decode()

    assert "somebody or something that is gone" in shown
    assert "Ines" not in shown


def _without_csrf_token(page: bytes) -> bytes:
    return re.sub(rb'"X-CSRFToken": "\w+"', b"", page)
