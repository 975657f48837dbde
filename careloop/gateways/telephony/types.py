"""What comes over a manager line, and what can go wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "Account",
    "ActionRefused",
    "CallOver",
    "CannotConnect",
    "Event",
    "LineClosed",
    "NotAManager",
    "PhoneTrouble",
    "ProviderAway",
    "ProviderBusy",
    "ProviderLocked",
    "ProviderRefuses",
    "Security",
    "Snapshot",
    "TlsProblem",
    "TooMuch",
    "WrongSecret",
]


class Security(StrEnum):
    """How the connection is protected. Asterisk knows no STARTTLS here."""

    TLS = "tls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the manager interface is, and as whom to sign in.

    timeout_seconds: for each answer.
    """

    host: str
    port: int
    security: Security
    user: str
    secret: str = field(default="", repr=False)
    timeout_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One frame as it came: an event, or the answer to an action.

    name: of the event, "" for an answer. fields: by name; of several with one name the last.
    text: the frame without its empty line.
    """

    name: str
    fields: Mapping[str, str]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How the queues stood when it was asked.

    at: seconds since 1970 with microseconds, by the clock of the telephone system, as it writes them.
    before: events that came before the answer did, and were not given out yet.
    queues, members, callers, channels: frames of QueueParams, QueueMember, QueueEntry and CoreShowChannel.
    """

    at: str
    before: Sequence[Event]
    queues: Sequence[Event]
    members: Sequence[Event]
    callers: Sequence[Event]
    channels: Sequence[Event]


class PhoneTrouble(Exception):
    """A telephone system cannot be listened to now. `code` is for machines; the text is a plain English sentence without secrets.

    detail: the other side's own words, for the log; what cannot be printed is replaced.
    """

    code = "connection_lost"
    sentence = "The connection to the telephone system was lost. It will be tried again."

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence)
        self.detail = "".join(
            character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in detail
        )


class LineClosed(PhoneTrouble):
    """The other side has gone, in the middle of it."""


class CannotConnect(PhoneTrouble):
    """Nobody answers at this address."""

    code = "cannot_connect"
    sentence = "The telephone system does not answer. Check host name and port, and whether a firewall is in the way."


class TlsProblem(PhoneTrouble):
    """The connection cannot be protected."""

    code = "tls_problem"
    sentence = "A protected connection could not be made. Check the port and the telephone system's certificate."


class NotAManager(PhoneTrouble):
    """Whoever answers does not speak the manager's protocol."""

    code = "not_a_manager"
    sentence = "Something else than Asterisk's manager interface answers there. Check the port."


class WrongSecret(PhoneTrouble):
    """The manager does not let this user in."""

    code = "wrong_secret"
    sentence = "Asterisk refuses this user and secret. Compare them with manager.conf, its permit lines included."


class ActionRefused(PhoneTrouble):
    """The manager did not do what was asked. The line goes on."""

    code = "action_refused"
    sentence = "Asterisk refuses to say how the queues stand. Give its manager user write = reporting."


class CallOver(ActionRefused):
    """A call was to be changed that does not go on any more."""

    code = "call_over"
    sentence = "This call is over already."


class ProviderAway(ActionRefused):
    """A provider was not reached, so nothing was asked of it."""

    code = "provider_away"
    sentence = "The provider could not be reached, so nothing was done."


class ProviderBusy(ActionRefused):
    """A provider is asked too much."""

    code = "provider_busy"
    sentence = "The provider has too much to do and did nothing."


class ProviderLocked(ActionRefused):
    """A provider does not let us in any more."""

    code = "provider_locked"
    sentence = "The provider does not let Careloop in, so nothing was done. Compare account and token."


class ProviderRefuses(ActionRefused):
    """A provider did not do what was asked."""

    code = "provider_refuses"
    sentence = "The provider refused, so nothing was done."


class TooMuch(PhoneTrouble):
    """More came than may wait."""

    code = "too_much"
    sentence = (
        "More events came than could be kept up with. The connection is made anew, and what was missed is made up."
    )
