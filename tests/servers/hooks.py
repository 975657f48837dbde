"""A system that is told things: it answers what it is told to answer, and writes down what came."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Came", "Hooked", "hooked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(slots=True, kw_only=True)
class Hooked:
    """answers: a status for each request in turn, the last one for all that follow; 0 hangs until the block ends.

    A status of 300 to 399 points back to the same address.
    """

    answers: list[int]
    url: str = ""
    came: list[Came] = field(default_factory=list)


@contextmanager
def hooked(*answers: int) -> Iterator[Hooked]:
    """Run such a system on this machine until the block ends."""
    state, over = Hooked(answers=list(answers) or [200]), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.came.append(Came(path=self.path, headers=headers, body=body))
            code = state.answers[min(len(state.came), len(state.answers)) - 1]
            if code == 0:
                over.wait(30)
                return
            self.send_response(code)
            if 300 <= code < 400:
                self.send_header("Location", state.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """Keep quiet: whoever looks at the test looks at `came`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/told"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
