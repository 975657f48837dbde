"""A page to look at, and a browser to look with."""

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


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the pattern pages are served for the browser. Their settings must be gone before another room is tested."""
    closing.clear()
    with override_settings(**SETTINGS, DEBUG=False):
        application = StaticFilesHandler(WSGIHandler())
        server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        closing.set()
        server.shutdown()
        server.server_close()
