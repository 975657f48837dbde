"""One POST: to an address that was looked at, within one time limit, and no further than it says.

The name is resolved here and the connection goes to the address that was judged, so that a name cannot lead elsewhere between
the two. One limit holds for everything from the name to the answer's first line: a server that drips cannot hold a worker.
The answer's body is not read, and redirects are answers like any other.
"""

import asyncio
import re
import socket
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from careloop.gateways.webhooks.types import Answer, Problem
from careloop.kernel.outside import is_outside

__all__ = ["TIME_LIMIT_S", "post"]

TIME_LIMIT_S: Final = 10.0
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n")
_MOST_LINES: Final = 200


class _Unanswered(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def post(url: str, *, headers: Mapping[str, str], body: bytes, time_limit_s: float = TIME_LIMIT_S) -> Answer:
    """Post some bytes and return what was answered, or why nothing was. Never raises for what the other side does.

    url: http or https, as it was checked when it was kept. headers: besides Host, Content-Length and User-Agent.
    """
    begun = time.monotonic()
    code, problem = None, None
    try:
        # In a thread of its own, because whoever calls may stand in a loop already.
        with ThreadPoolExecutor(max_workers=1) as thread:
            code = thread.submit(asyncio.run, _post(urlsplit(url), headers, body, time_limit_s)).result()
    except _Unanswered as unanswered:
        problem = unanswered.problem
    except TimeoutError:
        problem = Problem.TIMEOUT
    except ssl.SSLCertVerificationError:
        problem = Problem.UNTRUSTED
    except OSError:
        problem = Problem.UNREACHABLE
    return Answer(code=code, problem=problem, took_ms=int((time.monotonic() - begun) * 1000))


async def _post(url: SplitResult, headers: Mapping[str, str], body: bytes, time_limit_s: float) -> int:
    host, is_tls = url.hostname or "", url.scheme == "https"
    port = url.port or (443 if is_tls else 80)
    async with asyncio.timeout(time_limit_s):
        address = await _address(host, port)
        context = ssl.create_default_context() if is_tls else None
        reader, writer = await asyncio.open_connection(
            address, port, ssl=context, server_hostname=host if is_tls else None
        )
        try:
            writer.write(_head(url, headers, len(body)) + body)
            await writer.drain()
            return await _code(reader)
        except ConnectionError:
            raise _Unanswered(Problem.NO_ANSWER) from None
        finally:
            writer.transport.abort()


async def _address(host: str, port: int) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _Unanswered(Problem.NOT_FOUND) from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses:
        raise _Unanswered(Problem.NOT_FOUND)
    # One address inside is enough: a name that leads to both is not to be trusted.
    if not settings.ALLOW_PRIVATE_WEBHOOKS and not all(is_outside(one) for one in addresses):
        raise _Unanswered(Problem.INSIDE)
    return addresses[0]


def _head(url: SplitResult, headers: Mapping[str, str], length: int) -> bytes:
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    lines = {
        "host": url.netloc,
        "user-agent": "Careloop",
        "accept": "*/*",
        "connection": "close",
        **headers,
        "content-length": str(length),
    }
    written = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{written}\r\n".encode("ascii")


async def _code(reader: asyncio.StreamReader) -> int:
    """Read as far as the status, past what is only a greeting (100 to 199)."""
    for _line in range(_MOST_LINES):
        try:
            line = await reader.readline()
        except ValueError:
            break  # a line without an end
        found = _STATUS.fullmatch(line)
        if found is None:
            break
        code = int(found.group(1))
        if code >= 200:
            return code
        while (await reader.readline()).strip():
            pass
    raise _Unanswered(Problem.NO_ANSWER)
