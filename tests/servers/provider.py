"""A provider of text messages as its documentation describes it: takes messages, gives out files, and can be told to fail."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

__all__ = ["Provider", "provider"]


@dataclass(slots=True)
class Provider:
    """What it was asked and how it answers.

    sent: the messages it took, field by field. tokens: the Authorization of each call, by path. answers: (status, body) to the
    next messages; files: by path (status, headers, body). drops: close the line after a message instead of answering.
    """

    base: str
    sent: list[dict[str, str]] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    files: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    drops: bool = False


@contextmanager
def provider() -> Iterator[Provider]:
    """Run one on a free local port until the block ends."""
    state = Provider(base="")

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.tokens.append((self.path, self.headers.get("Authorization", "")))
            status, headers, body = state.files.get(self.path, (200, {}, b'{"status": "active"}'))
            self._say(status, headers, body)

        def do_POST(self) -> None:
            told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
            state.tokens.append((self.path, self.headers.get("Authorization", "")))
            state.sent.append({name: values[0] for name, values in told.items()})
            if state.drops:
                self.close_connection = True
                return
            sid = f"SM{len(state.sent):032x}"
            status, body = state.answers.pop(0) if state.answers else (201, {"sid": sid, "status": "queued"})
            self._say(status, {"Content-Type": "application/json"}, json.dumps(body).encode())

        def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    state.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
