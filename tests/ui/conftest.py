"""A page to look at, and a browser to look with."""

import shutil
import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.template import engines
from django.test import override_settings
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.ui.pages import SETTINGS, closing


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The language of the expectations, whatever a page before was asked for."""
    with translation.override("en"):
        yield


@pytest.fixture
def kit() -> Iterator[None]:
    """The kit's own settings for the length of a test."""
    with override_settings(**SETTINGS):
        yield


@pytest.fixture
def printed(kit: None) -> Callable[..., str]:
    """Print a scrap of template as a page would, with what it is told."""

    def show(source: str, **context: Any) -> str:
        # Cotton reads its tags when a template is loaded; a scrap is read here.
        return str(engines["django"].from_string(CottonCompiler().process(source)).render(context))

    return show


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by the standard library
        pass


class Server(ThreadingMixIn, WSGIServer):
    """Answers a browser's many requests at once."""

    daemon_threads = True


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the pattern pages are served for the browser."""
    with override_settings(**SETTINGS, DEBUG=False):
        application = StaticFilesHandler(WSGIHandler())
        server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        closing.set()
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, where there is one."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed, so no page was looked at in a browser.")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page that must not complain in its console."""
    complaints: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def open_page(url: str, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
