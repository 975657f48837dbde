"""What may cross the threshold."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Meaning", "Offer", "OwnPhone", "PbxRow", "PbxServer", "PbxState", "SeatRow", "Security"]


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
    OUTBOUND = "outbound", _("A call of ours has ended")
    IGNORED = "ignored", _("Nothing")


class Offer(models.TextChoices):
    """What may be done on a telephone system from here. Its owner chooses; without any we only listen."""

    CALL = "call", _("Call customers by a click")
    LISTEN = "listen", _("Let supervisors listen, whisper and join")
    TRANSFER = "transfer", _("Pass calls on to colleagues and queues")
    RECORDING = "recording", _("Stop recordings that the caller refuses, and pause them")


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

    @property
    def source(self) -> str:
        """What its facts are called in the lake; it never changes."""
        return f"phone-{self.id}"


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

    channel: how the phone is rung.
    """

    pbx: PbxRow
    seat: str
    extension: str

    @property
    def channel(self) -> str:
        return self.pbx.phone_channel.replace("{extension}", self.extension)
