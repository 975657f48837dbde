"""One request: to an address that was looked at, within one time limit, and no further than it says.

The name is resolved here and the connection goes to the address that was judged, so that a name cannot lead elsewhere between
the two. One limit holds for everything from the connection to the last byte: a server that drips cannot hold a worker. Redirects
are answers like any other. HTTP itself is httpcore's.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore

from careloop.gateways.asking.types import Answer, Problem
from careloop.kernel.outside import is_outside

__all__ = ["TIME_LIMIT_S", "ask", "origin_of"]

TIME_LIMIT_S: Final = 10.0
PORTS: Final = {"https": 443, "http": 80}


class _Inside(Exception):
    """The address lies where nothing is asked."""


_FAILURES: Final = (
    _Inside,
    OSError,
    ValueError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
)


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    trusts: bool,
    most_bytes: int = 0,
    time_limit_s: float = TIME_LIMIT_S,
) -> Answer:
    """Ask for something and return what was answered, or why nothing was. Never raises for what the other side does.

    headers: besides Host, Content-Length and User-Agent. trusts: the address is the operator's own word and may lead inside our
    own network. most_bytes: of the answer's body; a longer one is read one byte further. 0: none of it is read.
    """
    begun = time.monotonic()
    network = _Network(until=begun + time_limit_s, trusts=trusts)
    problem: Problem | None = None
    code: int | None = None
    told: dict[str, str] = {}
    found = b""
    try:
        scheme, _host, _port = origin_of(url)
        lines = {"host": urlsplit(url).netloc, "user-agent": "Careloop", "accept": "*/*", "connection": "close"}
        lines |= {**headers, "content-length": str(len(body))}
        trusted = ssl.create_default_context() if scheme == "https" else None
        with (
            httpcore.ConnectionPool(ssl_context=trusted, network_backend=network) as pool,
            pool.stream(method, url, headers=list(lines.items()), content=body) as answer,
        ):
            code = answer.status
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            for piece in answer.iter_stream() if most_bytes else ():
                found += piece
                if len(found) > most_bytes:
                    break
    except _FAILURES as failed:
        code, told, found, problem = None, {}, b"", _problem(failed, was_sent=network.was_sent)
    took_ms = int((time.monotonic() - begun) * 1000)
    found = found[: most_bytes + 1]
    return Answer(code=code, problem=problem, took_ms=took_ms, was_sent=network.was_sent, headers=told, body=found)


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address. Raises ValueError for what is none."""
    parts = urlsplit(url)
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not is_plain or parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError("no address")
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


def _problem(failed: Exception, *, was_sent: bool) -> Problem:
    match failed:
        case _Inside():
            return Problem.INSIDE
        case TimeoutError() | httpcore.TimeoutException():
            return Problem.TIMEOUT
        case httpcore.ConnectError(__cause__=ssl.SSLCertVerificationError()):
            return Problem.UNTRUSTED
    if was_sent:
        return Problem.NO_ANSWER
    return Problem.NOT_FOUND if isinstance(failed, (socket.gaierror, ValueError)) else Problem.UNREACHABLE


class _Network(httpcore.NetworkBackend):
    """A way out that ends at a moment, and leads inside only where that is trusted. was_sent: something was written."""

    def __init__(self, *, until: float, trusts: bool) -> None:
        self._until, self._trusts = until, trusts
        self.was_sent = False

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        # One address inside is enough: a name that leads to both is not to be trusted.
        if not self._trusts and not all(is_outside(one) for one in addresses):
            raise _Inside
        return _Stream(httpcore.SyncBackend().connect_tcp(addresses[0], port, self.left()), self)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, network: _Network) -> None:
        self._stream, self._network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._network.was_sent = True
        self._stream.write(buffer, self._network.left())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._network.left()), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
