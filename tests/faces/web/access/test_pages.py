"""Every page of this room opens for those it is meant for, and for nobody else."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import House

Browsers = Callable[[str], Client]

ACCOUNT_PAGES = (
    "/account/settings",
    "/account/sessions",
    "/account/password",
    "/account/second-factor",
    "/account/sign-out",
)
EVERYBODY = frozenset({"olga", "mina", "anh", "grace", "ada", "cole", "vera"})
STAFF_PAGES = {
    "/w/north/admin/people": EVERYBODY,
    "/w/north/admin/teams": EVERYBODY,
    "/w/north/admin/tokens": EVERYBODY,
    "/w/north/admin/invitations": frozenset({"olga", "mina"}),
    "/w/north/admin/settings": frozenset({"olga", "mina"}),
    "/w/north/admin/audit": frozenset({"olga", "mina"}),
    "/w/north/admin/audit.csv": frozenset({"olga", "mina"}),
}


@pytest.mark.parametrize("address", ACCOUNT_PAGES)
def test_opens_pages_of_ones_own_account(signed_in: Browsers, address: str) -> None:
    answer = signed_in("ada").get(address)

    assert answer.status_code == 200, answer.content.decode()


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_opens_pages_of_a_workspace_for_their_roles_only(signed_in: Browsers, address: str) -> None:
    for name in sorted(EVERYBODY):
        answer = signed_in(name).get(address)

        assert answer.status_code == (200 if name in STAFF_PAGES[address] else 403), name


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_answers_a_stranger_as_if_there_were_nothing(signed_in: Browsers, address: str) -> None:
    browser = signed_in("ines")

    hidden, missing = browser.get(address), browser.get(address.replace("north", "nowhere"))

    assert hidden.status_code == missing.status_code == 404
    assert _without_csrf_token(hidden.content) == _without_csrf_token(missing.content)


def _without_csrf_token(page: bytes) -> bytes:
    return re.sub(rb'"X-CSRFToken": "\w+"', b"", page)


@pytest.mark.parametrize("address", [*STAFF_PAGES, *ACCOUNT_PAGES[:-1], "/"])
def test_leads_the_unknown_to_sign_in(client: Client, house: House, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in?next=")


@pytest.mark.parametrize("address", ["/account/sign-in", "/account/password/reset", "/account/sign-up"])
def test_shows_the_doors_to_everybody(client: Client, house: House, address: str) -> None:
    assert client.get(address).status_code == 200


def test_says_what_is_wrong_with_a_broken_request(client: Client, house: House) -> None:
    answer = client.get("/account/sign-in", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "This request cannot be read" in answer.content.decode()


def test_says_what_to_do_with_a_form_that_is_too_old(house: House) -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/sign-in", {"login": "x", "password": "y"})

    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_stands_even_when_something_breaks(client: Client, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("careloop.faces.web.access.views.invitation.open_invitation", broken)
    client.raise_request_exception = False

    answer = client.get("/account/invitations/x")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "broken on purpose" not in answer.content.decode()


def test_serves_a_brands_colors_to_everybody(client: Client) -> None:
    answer = client.get("/brand/2f6f5e.css")

    assert answer["Content-Type"].startswith("text/css")
    assert "--brand-accent" in answer.content.decode()
    assert client.get("/brand/nonsense.css").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("ko", "ko"), ("zh-CN", "zh-hans"), ("vi", "vi"), ("fr", "en")])
def test_speaks_what_the_browser_asks_for(client: Client, house: House, language: str, word: str) -> None:
    answer = client.get("/account/sign-in", headers={"Accept-Language": language})

    assert answer["Content-Language"] == word
