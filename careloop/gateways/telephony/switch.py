"""What may be done on a telephone system: one small contract, and how Asterisk does it.

Whatever an act leads to is told by the events of the system, under the key that the act was given; an act that was taken says
only that it was asked for.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from careloop.gateways.telephony.connecting import NO_EVENTS, connect
from careloop.gateways.telephony.line import ManagerLine
from careloop.gateways.telephony.types import Account, ActionRefused

__all__ = ["AsteriskSwitch", "Handover", "Intervention", "OutboundCall", "Side", "Switch", "open_switch"]

RING_SECONDS: Final = 30
"""How long the agent's own phone rings before it is given up."""
USUAL_END: Final = "16"
"""By Q.850: nothing went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundCall:
    """A call to a customer. phone: of the agent, as the system rings it; extension: its own, shown as the caller within.

    number: as it is dialed, digits only. context: in which phones dial.
    """

    phone: str
    extension: str
    number: str
    context: str


class Side(StrEnum):
    """Whom a supervisor in a call is heard by: nobody, the agent, or both."""

    NOBODY = "listen"
    AGENT = "whisper"
    BOTH = "join"


SPIES: Final[Mapping[Side, str]] = {Side.NOBODY: "qE", Side.AGENT: "qEw", Side.BOTH: "qEB"}
"""Options of ChanSpy: q without a beep, E until the call ends, w heard by the agent, B by both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """A supervisor goes into a call. phone, extension: theirs. call: its key. is_outbound: the key is the agent's leg."""

    phone: str
    extension: str
    call: str
    is_outbound: bool
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A customer's call goes to somebody else. call: its key. extension, context: where it is dialed.

    is_announced: who hands it over speaks to them first, with the customer on hold, and hangs up to hand it over.
    """

    call: str
    extension: str
    context: str
    is_announced: bool


class Switch(Protocol):
    """A telephone system on which something may be done. Each method may raise PhoneTrouble; ActionRefused: it was not done."""

    def now(self) -> str:
        """Return the time of the system, in seconds since 1970; empty when it does not tell."""

    def new_key(self) -> str:
        """Return a key under which the system will tell of a call that does not exist yet."""

    def call(self, order: OutboundCall, *, key: str) -> None:
        """Ring the agent's phone and, once it is picked up, call the customer."""

    def go_into(self, order: Intervention) -> None:
        """Ring the supervisor's phone and, once it is picked up, let them into the call."""

    def transfer(self, order: Handover) -> None:
        """Hand a customer who called us over, from whoever talks to them."""

    def hang_up(self, call: str) -> None:
        """End a call on both sides. call: its key."""

    def stop_recording(self, call: str) -> None:
        """End every recording of a call. call: its key."""

    def pause_recording(self, call: str) -> None:
        """Leave out of every recording of a call what is said from now on. call: its key."""

    def resume_recording(self, call: str) -> None:
        """Record again what is said. call: its key."""

    def pause(self, interface: str, *, reason: str) -> None:
        """Ring a phone for no queue until it is resumed. interface: of the agent, as queues name it."""

    def resume(self, interface: str) -> None:
        """Ring a phone for its queues again."""


class AsteriskSwitch:
    """Asterisk, over its manager interface.

    Its user needs write = originate in manager.conf, call for what goes on already, and agent to pause phones.
    """

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

    def go_into(self, order: Intervention) -> None:
        leg = self._agents_leg(order.call, is_outbound=order.is_outbound)
        self._line.ask(
            "Originate",
            Channel=order.phone,
            Application="ChanSpy",
            Data=f"{leg},{SPIES[order.side]}",
            Timeout=str(RING_SECONDS * 1000),
            CallerID=order.extension,
            Async="true",
        )

    def transfer(self, order: Handover) -> None:
        # Atxfer dials the feature code of the agent's phone, so its answer says only that the digits are on their way.
        self._line.ask(
            "Atxfer" if order.is_announced else "BlindTransfer",
            Channel=self._agents_leg(order.call, is_outbound=False),
            Exten=order.extension,
            Context=order.context,
        )

    def hang_up(self, call: str) -> None:
        self._line.ask("Hangup", Channel=self._channel(call), Cause=USUAL_END)

    def stop_recording(self, call: str) -> None:
        self._line.ask("StopMixMonitor", Channel=self._channel(call))

    def pause_recording(self, call: str) -> None:
        self._mute(call, "1")

    def resume_recording(self, call: str) -> None:
        self._mute(call, "0")

    def pause(self, interface: str, *, reason: str) -> None:
        self._line.ask("QueuePause", Interface=interface, Paused="true", Reason=reason)

    def resume(self, interface: str) -> None:
        self._line.ask("QueuePause", Interface=interface, Paused="false")

    def _mute(self, call: str, state: str) -> None:
        self._line.ask("MixMonitorMute", Channel=self._channel(call), Direction="both", State=state)

    def _channel(self, key: str) -> str:
        """Return the channel that a call is known by, on which it is recorded too. Raises ActionRefused where it is gone."""
        for one in self._line.listed("CoreShowChannels"):
            if one.fields.get("Uniqueid") == key:
                return one.fields.get("Channel", "")
        raise ActionRefused("no such channel")

    def _agents_leg(self, key: str, *, is_outbound: bool) -> str:
        """Return the channel of the agent in a call. Raises ActionRefused where it cannot be told from others."""
        channels = [one.fields for one in self._line.listed("CoreShowChannels")]
        known = next((one for one in channels if one.get("Uniqueid") == key), None)
        if known is None:
            raise ActionRefused("no such channel")
        if is_outbound:
            return known.get("Channel", "")
        bridge = known.get("BridgeId", "")
        legs = [one for one in channels if bridge and one.get("BridgeId") == bridge and one.get("Uniqueid") != key]
        if len(legs) != 1:
            raise ActionRefused("not a call of two")
        return legs[0].get("Channel", "")


@contextmanager
def open_switch(account: Account) -> Iterator[Switch]:
    """Sign in at a telephone system in order to act. Raises as `connect`."""
    with connect(account, events=NO_EVENTS) as line:
        yield AsteriskSwitch(line)
