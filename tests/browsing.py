"""Chromium for every test that needs a page looked at: one process, however many rooms ask."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

__all__ = ["browser", "tab"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, where there is one."""
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("Chromium is not installed, so no page was looked at in a browser.")
    # Playwright leaves an event loop running in this thread, beside which Django keeps other connections. What was open
    # before would come to light again in a forked child, where no loop runs, as a connection shared with its parent.
    connections.close_all()
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page that complains in its console of nothing but what is `expected`, once for each time it is named."""
    complaints: list[str] = []
    wanted: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def open_page(url: str, *, expected: Sequence[str] = (), **options: Any) -> Page:
        wanted.extend(expected)
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.goto(url)
        return page

    yield open_page
    # The server may be gone by now, of which pages that are still open complain as they are closed.
    heard_in_test = sorted(complaints)
    for context in contexts:
        context.close()
    assert heard_in_test == sorted(wanted), heard_in_test
