"""Every page of the desk answers somebody of another workspace as if there were nothing."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
PAGES = ("cases/", "views/all", "views/counts")


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


def _without_csrf_token(page: bytes) -> bytes:
    return re.sub(rb'"X-CSRFToken": "\w+"', b"", page)
