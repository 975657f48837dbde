"""Addresses that a stranger's message names are asked only in public, so that nobody reaches into the own network through us."""

import http.client
import socket
import ssl
from typing import Final
from urllib.parse import SplitResult, urlsplit

from careloop.kernel.outside import is_outside

__all__ = ["MediaTrouble", "connected", "origin_of"]

PORTS: Final = {"https": 443, "http": 80}


class MediaTrouble(Exception):
    """A file could not be fetched. reason: a code. is_final: trying again is of no use."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason, self.is_final = reason, is_final


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address. Raises MediaTrouble for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MediaTrouble("no_address", is_final=True) from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise MediaTrouble("no_address", is_final=True)
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme]


def connected(url: str, *, timeout_seconds: float, trusts: bool) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection to where an address leads, and the target to ask it for.

    trusts: the address is the operator's own word; any other is asked with TLS and at public addresses only. The address that
    was looked at is the one connected to, so that a name cannot turn into another between the two.

    Raises MediaTrouble, OSError.
    """
    scheme, host, port = origin_of(url)
    if scheme != "https" and not trusts:
        raise MediaTrouble("not_private", is_final=True)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not trusts and not all(is_outside(address) for address in addresses):
        raise MediaTrouble("inside", is_final=True)
    return _Pinned(host, port, address=addresses[0], is_tls=scheme == "https", timeout=timeout_seconds), _target(url)


def _target(url: str) -> str:
    parts: SplitResult = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Pinned(http.client.HTTPConnection):
    """A connection to one address under the name it was looked up by."""

    def __init__(self, host: str, port: int, *, address: str, is_tls: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.default_port = 443 if is_tls else 80  # what is usual is left out of the Host header
        self._address, self._is_tls = address, is_tls

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=self.timeout)
        self.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._is_tls else plain
        )
