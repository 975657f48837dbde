"""Open a line to a real manager interface and sign in."""

import socket
import ssl
import time
from contextlib import suppress
from hashlib import md5
from typing import Final

from careloop.gateways.telephony.frames import BANNER
from careloop.gateways.telephony.line import ManagerLine
from careloop.gateways.telephony.types import (
    Account,
    ActionRefused,
    CannotConnect,
    LineClosed,
    NotAManager,
    Security,
    TlsProblem,
    WrongSecret,
)

__all__ = ["NO_EVENTS", "connect"]

LONGEST_BANNER: Final = 200
CALLS: Final = "call,agent,dialplan,user,system"
"""The classes of events that tell of queues, agents, calls and what the dialplan says."""
NO_EVENTS: Final = "off"


def connect(account: Account, *, events: str = CALLS) -> ManagerLine:
    """Connect and sign in, and have events sent from then on. events: their classes, or NO_EVENTS.

    The secret goes over an open line only as an answer to a challenge (MD5, all that Asterisk knows); over TLS also as it is, for
    an Asterisk that gives no challenge.

    Returns the open line, to be used in a `with` block. Raises CannotConnect, TlsProblem, NotAManager, WrongSecret or PhoneTrouble.
    """
    wire = _reached(account)
    try:
        line = ManagerLine(wire, rest=_greeted(wire, account), timeout_seconds=account.timeout_seconds)
        _sign_in(line, account, events)
    except BaseException:
        with suppress(OSError):
            wire.close()
        raise
    return line


def _reached(account: Account) -> socket.socket:
    try:
        wire = socket.create_connection((account.host, account.port), timeout=account.timeout_seconds)
    except (OSError, UnicodeError) as failed:  # a name such as "a..b" is refused before anybody is asked
        raise CannotConnect(str(failed)) from failed
    if account.security is Security.PLAIN:
        return wire
    try:
        return ssl.create_default_context().wrap_socket(wire, server_hostname=account.host)
    except OSError as failed:
        wire.close()
        raise TlsProblem(str(failed)) from failed


def _greeted(wire: socket.socket, account: Account) -> bytes:
    """Read the banner, and return what came behind it."""
    heard, until = b"", time.monotonic() + account.timeout_seconds
    while b"\n" not in heard:
        try:
            piece = wire.recv(LONGEST_BANNER)
        except OSError as failed:
            raise CannotConnect(str(failed)) from failed
        heard += piece
        if not piece or len(heard) > LONGEST_BANNER or time.monotonic() > until:
            raise NotAManager(heard[:80].decode("ascii", "replace"))
    found = BANNER.match(heard)
    if found is None:
        raise NotAManager(heard[:80].decode("ascii", "replace"))
    return heard[found.end() :]


def _sign_in(line: ManagerLine, account: Account, events: str) -> None:
    about = {"Username": account.user, "Events": events}
    try:
        challenge = line.ask("Challenge", AuthType="MD5").get("Challenge", "")
    except ActionRefused as refused:
        if account.security is Security.PLAIN:
            raise WrongSecret from refused
        challenge = ""
    proof = {"Secret": account.secret}
    if challenge:
        # MD5 is what the protocol has; TLS is what protects.
        key = md5(f"{challenge}{account.secret}".encode(), usedforsecurity=False).hexdigest()
        proof = {"AuthType": "MD5", "Key": key}
    try:
        line.ask("Login", **about, **proof)
    except ActionRefused as refused:
        # Its words may repeat what was sent, so they are not kept.
        raise WrongSecret from refused
    except LineClosed as lost:
        # Some versions close the line so quickly that the refusal does not arrive.
        raise WrongSecret from lost
