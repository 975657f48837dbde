"""A real server on a real port, because a stream is only proven over a wire."""

import http.client
import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client

from tests.cast import PASSWORD, House, open_house
from tests.fixtures import quick_passwords
from tests.processes.conftest import house
from tests.serving import PATIENCE_SECONDS, serving

__all__ = ["Listen", "Listening", "bare_house", "house", "listen", "port", "quick_passwords"]


class Listening:
    """One open stream; `hear` waits for an event by its name."""

    def __init__(self, port: int, *, cookie: str, key: str, last_id: str = "") -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._queue: queue.Queue[tuple[str, dict[str, Any]] | None] = queue.Queue()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        headers = {"Cookie": cookie, "Accept": "text/event-stream", **({"Last-Event-ID": last_id} if last_id else {})}
        self._connection.request("GET", f"/w/{key}/live", headers=headers)
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self._thread = threading.Thread(target=self._read, daemon=True)
        if self.status == 200:
            assert self._answer.readline() == b"retry: 2000\n"
            self._thread.start()

    def _read(self) -> None:
        event_id = ""
        with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            while line := self._answer.readline():
                if line.startswith(b"id: "):
                    event_id = line[4:].decode().strip()
                elif line.startswith(b"data: "):
                    self._queue.put((event_id, json.loads(line[6:])))
                    event_id = ""
        self._queue.put(None)

    def hear(self, name: str) -> tuple[str, dict[str, Any]]:
        """Wait for an event of this name and return its id and detail; what came before it stands in `heard`."""
        while True:
            item = self._queue.get(timeout=PATIENCE_SECONDS)
            assert item is not None, f"The stream ended before {name}; it said {self.heard}."
            self.heard.append(item)
            if item[1]["name"] == name:
                return item

    def ends(self) -> bool:
        """Wait for the end of the stream."""
        while self._queue.get(timeout=PATIENCE_SECONDS) is not None:
            pass
        return True

    def close(self) -> None:
        """Hang up."""
        if self._connection.sock is not None:
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)
        self._answer.close()
        self._connection.close()


Listen = Callable[..., Listening]


@pytest.fixture
def bare_house(committed: None) -> House:
    """Two workspaces with their people, really committed."""
    return open_house()


@pytest.fixture
def port(house: House) -> Iterator[int]:
    """A server of our own, on a free port."""
    with serving() as chosen:
        yield chosen


@pytest.fixture
def listen(port: int) -> Iterator[Listen]:
    """Sign somebody in and listen to a workspace."""
    cookies: dict[str, str] = {}
    opened: list[Listening] = []

    def listening(name: str, *, key: str = "north", last_id: str = "") -> Listening:
        if name not in cookies:
            browser = Client()
            assert (
                browser.post("/account/sign-in", {"login": f"{name}@example.com", "password": PASSWORD}).status_code
                == 302
            )
            cookies[name] = "; ".join(f"{k}={morsel.value}" for k, morsel in browser.cookies.items())
        opened.append(Listening(port, cookie=cookies[name], key=key, last_id=last_id))
        return opened[-1]

    yield listening
    for stream in opened:
        stream.close()
