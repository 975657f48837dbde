"""Agents at work: signed in through the front door, a list and a case page seen, the live stream held open."""

import re
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

__all__ = ["Agent", "answers"]

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CASE = re.compile(r'href="(/w/[a-z0-9-]+/cases/\d+)')


def answers(address: str) -> bool:
    """Say whether a page answers with 200."""
    try:
        with build_opener().open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (HTTPError, URLError, ConnectionError, TimeoutError):
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A signed-in browser. root: address of the workspace's pages."""

    browser: OpenerDirector
    root: str
    host: str

    @classmethod
    def sign_in(cls, *, host: str, workspace: str, email: str, password: str) -> "Agent":
        """Sign in through the form. Raises RuntimeError when that is refused."""
        cookies = CookieJar()
        browser = build_opener(HTTPCookieProcessor(cookies))
        address = f"{host}/account/sign-in"
        with browser.open(address) as page:
            found = _TOKEN.search(page.read().decode())
        if found is None:
            raise RuntimeError("The sign-in page has no form.")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": found[1]}
        browser.open(Request(address, urlencode(form).encode(), {"Referer": address})).close()
        if not any(cookie.name == "sessionid" for cookie in cookies):
            raise RuntimeError(f"{email} was not let in.")
        return cls(browser=browser, root=f"{host}/w/{workspace}", host=host)

    def look_around(self) -> None:
        """See the list, and the first case in it."""
        with self.browser.open(f"{self.root}/views/all") as page:
            found = _CASE.search(page.read().decode())
        if found is None:
            raise RuntimeError("The list shows no case.")
        self.browser.open(f"{self.host}{found[1]}").read()

    def follow_live(self) -> Any:
        """Open the live stream and return it; it stays open until it is closed."""
        stream = self.browser.open(Request(f"{self.root}/live", headers={"Accept": "text/event-stream"}))
        stream.readline()
        return stream
