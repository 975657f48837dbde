"""One request: to an address that was looked at, within one time limit, and no further than it says.

The name is resolved here and the connection goes to the address that was judged, so that a name cannot lead elsewhere between
the two. One limit holds for everything from the connection to the last byte: a server that drips cannot hold a worker. Redirects
are answers like any other.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPException, parse_headers
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from careloop.gateways.asking.types import Answer, Problem
from careloop.kernel.outside import is_outside

__all__ = ["TIME_LIMIT_S", "ask", "origin_of"]

TIME_LIMIT_S: Final = 10.0
PORTS: Final = {"https": 443, "http": 80}
_STRANGE: Final = re.compile(r"[^\x21-\x7e]")
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n")
_SIZE: Final = re.compile(rb"([0-9a-fA-F]{1,8})\s*(?:;[^\r\n]*)?\r?\n")
_LONGEST_LINE: Final = 64 * 1024
_MOST_GREETINGS: Final = 20


class _Inside(Exception):
    """The address lies where nothing is asked."""


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
    own network. most_bytes: of the answer's body; a longer one is read one byte further. 0: only the status is read.
    """
    begun, was_sent = time.monotonic(), False
    until = begun + time_limit_s
    problem: Problem | None = None
    code: int | None = None
    told: Mapping[str, str] = {}
    found = b""
    try:
        with _connected(url, trusts=trusts, until=until) as wire:
            was_sent = True
            _send(wire, _head(method, url, headers, len(body)) + body, until)
            with io.BufferedReader(_Reading(wire, until)) as answer:
                code, told, found = _answer(answer, most_bytes)
    except _Inside:
        problem = Problem.INSIDE
    except TimeoutError:
        problem = Problem.TIMEOUT
    except ssl.SSLCertVerificationError:
        problem = Problem.UNTRUSTED
    except (OSError, ValueError, HTTPException) as failed:
        is_unnamed = not was_sent and isinstance(failed, (socket.gaierror, ValueError))
        problem = Problem.NO_ANSWER if was_sent else Problem.NOT_FOUND if is_unnamed else Problem.UNREACHABLE
    took_ms = int((time.monotonic() - begun) * 1000)
    return Answer(code=code, problem=problem, took_ms=took_ms, was_sent=was_sent, headers=told, body=found)


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address. Raises ValueError for what is none."""
    parts = urlsplit(url)
    if _STRANGE.search(url) or parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError("no address")
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


def _connected(url: str, *, trusts: bool, until: float) -> socket.socket:
    scheme, host, port = origin_of(url)
    addresses = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    # One address inside is enough: a name that leads to both is not to be trusted.
    if not trusts and not all(is_outside(one) for one in addresses):
        raise _Inside
    wire = socket.create_connection((addresses[0], port), timeout=_left(until))
    if scheme != "https":
        return wire
    try:
        wire.settimeout(_left(until))
        return ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    except BaseException:
        wire.close()
        raise


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(wire: socket.socket, content: bytes, until: float) -> None:
    rest = memoryview(content)
    while rest:
        wire.settimeout(_left(until))
        rest = rest[wire.send(rest) :]


class _Reading(io.RawIOBase):
    """What comes over a line, until a moment."""

    def __init__(self, wire: socket.socket, until: float) -> None:
        self._wire, self._until = wire, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._wire.settimeout(_left(self._until))
        return self._wire.recv_into(buffer)


def _head(method: str, url: str, headers: Mapping[str, str], length: int) -> bytes:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = {
        "host": parts.netloc,
        "user-agent": "Careloop",
        "accept": "*/*",
        "connection": "close",
        **headers,
        "content-length": str(length),
    }
    written = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{written}\r\n".encode("ascii")


def _answer(answer: BinaryIO, most_bytes: int) -> tuple[int, Mapping[str, str], bytes]:
    """Read an answer, past what is only a greeting (100 to 199). Raises ValueError for what is none."""
    for _greeting in range(_MOST_GREETINGS):
        status = _STATUS.fullmatch(answer.readline(_LONGEST_LINE))
        if status is None:
            break
        code = int(status.group(1))
        if code >= 200 and not most_bytes:
            return code, {}, b""
        told = {name.lower(): value for name, value in parse_headers(answer).items()}
        if code >= 200:
            return code, told, b"" if code in {204, 304} else _body(answer, told, most_bytes + 1)
    raise ValueError("no answer")


def _body(answer: BinaryIO, told: Mapping[str, str], most: int) -> bytes:
    if told.get("transfer-encoding", "").strip().lower() == "chunked":
        return _pieces(answer, most)
    length = told.get("content-length")
    if length is None:
        return answer.read(most)
    if not (length.isascii() and length.isdigit()):
        raise ValueError("no length")
    return _whole(answer, min(int(length), most))


def _pieces(answer: BinaryIO, most: int) -> bytes:
    found = b""
    while True:
        size = _SIZE.fullmatch(answer.readline(_LONGEST_LINE))
        if size is None:
            raise ValueError("no piece")
        piece = _whole(answer, min(int(size.group(1), 16), most - len(found)))
        found += piece
        if not piece or len(found) == most:
            return found
        answer.readline(_LONGEST_LINE)


def _whole(answer: BinaryIO, count: int) -> bytes:
    found = answer.read(count)
    if len(found) < count:
        raise ValueError("cut off")
    return found
