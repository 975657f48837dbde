"""What may cross the threshold."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = [
    "TOLD_CONTEXT",
    "TOLD_OUTBOUND",
    "CallHookKind",
    "CallHookRow",
    "LeftKind",
    "LeftRow",
    "Meaning",
    "Offer",
    "OwnPhone",
    "PbxKind",
    "PbxRow",
    "PbxServer",
    "PbxState",
    "ProviderAccount",
    "ProviderRow",
    "SeatRow",
    "Security",
    "Taken",
    "Told",
    "ToldCall",
    "ToldKind",
    "Toldness",
    "Way",
]

TOLD_CONTEXT: Final = "told"
"""In the frames of a telephone system that tells: where customers' calls begin."""
TOLD_OUTBOUND: Final = "CareloopOutbound"
"""In the same frames: the user event of a call of ours that has ended."""


class PbxKind(models.TextChoices):
    """How we hear of calls. TOLD: a program tells of them through the API."""

    ASTERISK = "asterisk", _("Asterisk, by its manager interface")
    TOLD = "told", _("Any other, through the API")


class Security(models.TextChoices):
    TLS = "tls", _("TLS")
    PLAIN = "plain", _("None (only inside your own network)")


class PbxState(models.TextChoices):
    TRYING = "trying", _("Trying out: nothing is kept")
    LIVE = "live", _("Live")
    PAUSED = "paused", _("Paused")


class Meaning(models.TextChoices):
    """What a user event of the site's own dialplan means."""

    BLOCKED = "blocked", _("A caller was not taken")
    CALLBACK = "callback", _("A caller asked to be called back")
    PROMISE = "promise", _("A caller asked to be called back, and Careloop promises it")
    OUTBOUND = "outbound", _("A call of ours has ended")
    IGNORED = "ignored", _("Nothing")


class Offer(models.TextChoices):
    """What may be done on a telephone system from here. Its owner chooses; without any we only listen."""

    CALL = "call", _("Call customers by a click")
    LISTEN = "listen", _("Let supervisors listen, whisper and join")
    TRANSFER = "transfer", _("Pass calls on to colleagues and queues")
    RECORDING = "recording", _("Stop recordings that the caller refuses, and pause them")
    END = "end", _("End calls from the screen")
    PAUSE = "pause", _("Pause the phones of people who are not available")


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxServer:
    """Where the manager interface is. secret: in the clear, for the moment of connecting; never shown, never logged."""

    host: str
    port: int
    security: str
    user: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxRow:
    """A telephone system as pages show it: no secret.

    inbound: contexts of the dialplan in which customers' calls begin. user_events: what its own events mean, by name.
    connected_at: since when we hear it, null while we do not. heard_at: when it was last known to be there.
    deaf_from, deaf_until: the last time between which nothing was heard. last_error: a code and the other side's words.
    offers: what may be done on it from here. call_context: of the dialplan, in which its phones dial. phone_channel: how a phone
    is rung, with {extension}. plus: what stands for + when a number is dialed. barred: how numbers begin that are not called.
    transfer_context: of the dialplan, in which calls that are passed on are dialed; empty for call_context.
    queue_numbers: what is dialed to pass a call on to a queue, by the queue's name.
    recording_url: where the recording of a call is heard, with {key}; empty where nowhere.
    kind: how we hear of its calls.
    pausing_refused_at: since when it refuses to pause phones, null while it does not.
    """

    id: int
    name: str
    host: str
    port: int
    security: str
    user: str
    state: str
    inbound: tuple[str, ...]
    user_events: dict[str, str]
    connected_at: datetime | None
    heard_at: datetime | None
    deaf_from: datetime | None
    deaf_until: datetime | None
    last_error: str
    failing_since: datetime | None
    offers: tuple[str, ...]
    call_context: str
    phone_channel: str
    plus: str
    barred: tuple[str, ...]
    transfer_context: str
    queue_numbers: dict[str, str]
    recording_url: str
    kind: str
    pausing_refused_at: datetime | None

    @property
    def source(self) -> str:
        """What its facts are called in the lake; it never changes."""
        return f"phone-{self.id}"

    @property
    def is_told(self) -> bool:
        """Whether a program tells of its calls, instead of our listening to it."""
        return self.kind == PbxKind.TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """An agent as the telephone system calls them, and the person of ours behind, where somebody said so.

    extension: of their phone, or empty.
    """

    id: int
    name: str
    user_id: int | None
    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPhone:
    """A phone of a person. seat: what the telephone system calls them. extension: empty where nobody said it.

    channel: how the phone is rung. Agents of a provider are called by their numbers, so that is all three.
    """

    pbx: PbxRow
    seat: str
    extension: str

    @property
    def channel(self) -> str:
        return self.extension if self.pbx.is_told else self.pbx.phone_channel.replace("{extension}", self.extension)


class ToldKind(StrEnum):
    """What a program tells of a call, in the order in which it stands when two things bear one moment.

    WAITING: it has come, and waits in its queue where one is named. MISSED: a phone rings no more, and nobody took it there.
    CALLBACK: the caller asks to be called back. TRANSFERRED: the agent's part is over, and the customer goes on.
    """

    WAITING = "waiting"
    RINGING = "ringing"
    MISSED = "missed"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    CALLBACK = "callback"
    TRANSFERRED = "transferred"
    ENDED = "ended"


class Way(StrEnum):
    """IN: the customer calls. OUT: we call them."""

    IN = "in"
    OUT = "out"


class Taken(StrEnum):
    """What became of something that was told. KNOWN: it was told before. LATE: its call is counted already.

    TRIED: the telephone system is on trial, so nothing is kept.
    """

    TAKEN = "taken"
    KNOWN = "known"
    LATE = "late"
    TRIED = "tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a program tells of a call.

    id: the program's name of it, for ever the same. call: the program's name of the call. number: the customer's. line: ours.
    queue; seat: the agent it is about. to: where a transfer leads. by_customer: of an end, whether they hung up.
    """

    id: str
    call: str
    kind: ToldKind
    at: datetime
    way: Way = Way.IN
    number: str = ""
    line: str = ""
    queue: str = ""
    seat: str = ""
    to: str = ""
    by_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCall:
    """A call of which all was told that will be. heard: everything told of it, in the order of its moments."""

    key: str
    heard: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toldness:
    """What became of one thing that was told."""

    id: str
    became: Taken


class LeftKind(models.TextChoices):
    """What somebody leaves who reaches nobody."""

    VOICEMAIL = "voicemail", pgettext_lazy("what a caller left", "Voicemail")
    FAX = "fax", pgettext_lazy("what a caller left", "Fax")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftRow:
    """A voicemail or fax. message_id: the message as which it stands. seconds: of a voicemail; None where nobody said it."""

    message_id: int
    kind: str
    seconds: int | None


class CallHookKind(StrEnum):
    """What a provider calls us for, as its address ends.

    CALL: a customer calls. NEXT: what we told it to do is done. PASSED: so is what we told it when somebody passed a call on.
    LEG: an agent's telephone rings, or is picked up. STATUS: a customer's call is over. RECORDING: a message is there to be
    fetched.
    """

    CALL = "calls"
    NEXT = "next"
    PASSED = "transfers"
    LEG = "legs"
    STATUS = "statuses"
    RECORDING = "recordings"

    @property
    def is_question(self) -> bool:
        """Whether the provider waits for what it is to do."""
        return self in {CallHookKind.CALL, CallHookKind.NEXT, CallHookKind.PASSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """A provider whose webhooks tell of calls. key: in their address. queue: in which its callers wait.

    calendar_id: its opening hours; None is always open. numbers: of the agents' telephones. offers: as in `PbxRow`.
    """

    pbx_id: int
    key: str
    account: str
    api_base: str
    queue: str
    calendar_id: int | None
    numbers: tuple[str, ...]
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccount:
    """How a provider is asked. key: in the addresses that it calls. token: in the clear; never logged."""

    key: str
    api_base: str
    account: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHookRow:
    """A webhook of a call. call: the provider's name of the customer's call. answer: what it was told to do, or empty."""

    id: int
    pbx_id: int
    kind: str
    call: str
    body: bytes
    answer: str
    received_at: datetime
