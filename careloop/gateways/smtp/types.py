"""What sending needs, and what is known afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

__all__ = ["Outcome", "Receipt", "RecipientOutcome", "Security", "Sender", "Server", "Trouble"]


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class Outcome(StrEnum):
    """What is known about one recipient.

    ACCEPTED: the server took responsibility (250 behind the final dot).
    REFUSED: surely not sent, and trying again is pointless.
    TEMPORARY: surely not sent; trying again is right.
    UNCERTAIN: the final dot was on its way and no answer came. Only a person may decide to send again.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TEMPORARY = "temporary"
    UNCERTAIN = "uncertain"


class Trouble(StrEnum):
    """What went wrong with the whole attempt, apart from single recipients."""

    CANNOT_CONNECT = "cannot_connect"
    TLS_PROBLEM = "tls_problem"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  a reason, not a password
    NO_SIGN_IN = "no_sign_in"
    CONNECTION_LOST = "connection_lost"
    TOO_LARGE = "too_large"
    NEEDS_SMTPUTF8 = "needs_smtputf8"
    REFUSED_SENDER = "refused_sender"
    REFUSED_MESSAGE = "refused_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where and how to hand in mail.

    timeout_seconds: for each step of the dialogue.
    local_hostname: named in EHLO; None lets the machine's own name stand.
    """

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = ""
    timeout_seconds: float = 60.0
    local_hostname: str | None = None

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port}, {self.security.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientOutcome:
    """One recipient. code: the server's three digits, None when it gave none. text: its words, one line."""

    recipient: str
    outcome: Outcome
    code: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The result of one attempt: an entry per recipient, in the order given. trouble: None when all went well."""

    recipients: tuple[RecipientOutcome, ...]
    trouble: Trouble | None

    @property
    def is_uncertain(self) -> bool:
        """Nobody knows whether the mail went out, so it must not be sent again silently."""
        return any(one.outcome is Outcome.UNCERTAIN for one in self.recipients)

    @property
    def accepted(self) -> tuple[str, ...]:
        """Recipients for whom the server took responsibility."""
        return tuple(one.recipient for one in self.recipients if one.outcome is Outcome.ACCEPTED)


class Sender(Protocol):
    """Anything that hands in mail: the real `send`, or the fake outbox."""

    def __call__(self, raw: bytes, *, envelope_from: str, recipients: Sequence[str], server: Server) -> Receipt:
        """Hand in one mail; see `sending.send`."""
        ...
