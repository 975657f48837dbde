"""What may be done on a telephone system: one small contract, and how Asterisk does it.

Whatever an act leads to is told by the events of the system, under the key that the act was given; an act that was taken says
only that it was asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from careloop.gateways.telephony.connecting import NO_EVENTS, connect
from careloop.gateways.telephony.line import ManagerLine
from careloop.gateways.telephony.types import Account

__all__ = ["AsteriskSwitch", "OutboundCall", "Switch", "open_switch"]

RING_SECONDS: Final = 30
"""How long the agent's own phone rings before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundCall:
    """A call to a customer. phone: of the agent, as the system rings it; extension: its own, shown as the caller within.

    number: as it is dialed, digits only. context: in which phones dial.
    """

    phone: str
    extension: str
    number: str
    context: str


class Switch(Protocol):
    """A telephone system on which something may be done. Each method may raise PhoneTrouble; ActionRefused: it was not done."""

    def now(self) -> str:
        """Return the time of the system, in seconds since 1970; empty when it does not tell."""

    def new_key(self) -> str:
        """Return a key under which the system will tell of a call that does not exist yet."""

    def call(self, order: OutboundCall, *, key: str) -> None:
        """Ring the agent's phone and, once it is picked up, call the customer."""


class AsteriskSwitch:
    """Asterisk, over its manager interface. Its user needs write = originate in manager.conf."""

    def __init__(self, line: ManagerLine) -> None:
        self._line = line

    def now(self) -> str:
        return self._line.ping()

    def new_key(self) -> str:
        return self._line.new_id()

    def call(self, order: OutboundCall, *, key: str) -> None:
        self._line.ask_as(
            key,
            "Originate",
            Channel=order.phone,
            Context=order.context,
            Exten=order.number,
            Priority="1",
            Timeout=str(RING_SECONDS * 1000),
            CallerID=order.extension,
            ChannelId=key,
            Variable=f"CARELOOP_CALL={key}",
            Async="true",
        )


@contextmanager
def open_switch(account: Account) -> Iterator[Switch]:
    """Sign in at a telephone system in order to act. Raises as `connect`."""
    with connect(account, events=NO_EVENTS) as line:
        yield AsteriskSwitch(line)
