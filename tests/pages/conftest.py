"""A town that is built once for a module, served on a port, and visited in Chromium by everybody who may."""

import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import pytest
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page

from careloop.domains.sign_ins.services import issue_link
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import PASSWORD
from tests.conftest import _empty_house
from tests.faces.web.access.test_sign_in import code_for
from tests.pages.atlas import CUSTOMER, STRANGER, Place
from tests.pages.looking import SIZES
from tests.pages.town import MINSEO, SECOND_FACTOR, Town, build
from tests.serving import serving

__all__ = ["BROWSED", "Visit"]

Visit = Callable[[Place, str], AbstractContextManager[Page]]

BROWSED: Final = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns; a page that is left while one
    # is on its way leaves the file open.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The town, in committed rows, for as long as a module looks at it."""
    settled = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Who signed in for the first page is still asked for nothing on the last, an hour later on a slow machine.
        ACCOUNT_REAUTHENTICATION_TIMEOUT=86_400,
    )
    with django_db_blocker.unblock(), settled:
        yield build()
        connections["default"].close()
        _empty_house()
        connections["owner"].close()


@pytest.fixture(scope="module")
def visit(town: Town, browser: Browser) -> Iterator[Visit]:
    """Go to a place as whoever looks at it there, on a screen of that size; a complaint in the console fails."""
    cookies: dict[str, dict[str, str]] = {}
    contexts: dict[tuple[str, str], BrowserContext] = {}
    with serving() as port:
        base = f"http://127.0.0.1:{port}"

        def opened(who: str, size: str) -> BrowserContext:
            if who not in cookies:
                cookies[who] = _signed_in(town, who)
            context = browser.new_context(**SIZES[size], locale="en-US", reduced_motion="reduce", base_url=base)
            context.set_default_timeout(10_000)
            context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies[who].items()])
            return context

        @contextmanager
        def visiting(place: Place, size: str) -> Iterator[Page]:
            context = contexts.get((place.who, size)) or opened(place.who, size)
            if place.who != STRANGER:  # a stranger is a new one each time
                contexts[place.who, size] = context
            page = context.new_page()
            complaints: list[str] = []
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda fault: complaints.append(str(fault)))
            page.goto(place.address(town))
            for step in place.steps:
                step(page)
            yield page
            (page if place.who else context).close()
            # A refused form and a missing page are what the place is about.
            assert [said for said in complaints if "with a status of 4" not in said] == []

        yield visiting
        for context in contexts.values():
            context.close()
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


def _signed_in(town: Town, who: str) -> dict[str, str]:
    """Sign somebody in, freshly enough for the pages that ask for the password again, and return the cookies."""
    browser = Client()
    if who == CUSTOMER:
        with workspace_scope(town.house.north):
            token = issue_link(customer_id=town.customer, address=MINSEO, next_path="", actor=HOUSE, at=clock.now())
        browser.post(f"/help/north/sign-in/links/{token}")
    elif who != STRANGER:
        browser.post("/account/sign-in", {"login": f"{who}@example.com", "password": PASSWORD})
        if who == "olga":
            browser.post("/account/second-factor/code", {"code": code_for(SECOND_FACTOR)})
        browser.post("/account/confirmation", {"password": PASSWORD})
    return {name: cookie.value for name, cookie in browser.cookies.items()}
