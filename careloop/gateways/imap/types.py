"""A mailbox folder as intake sees it: positions, messages, and what can go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, Self

__all__ = [
    "Account",
    "CannotConnect",
    "Fetched",
    "FolderCounts",
    "Mailbox",
    "MailboxTrouble",
    "NoSuchFolder",
    "Position",
    "Security",
    "SkipReason",
    "TlsProblem",
    "WrongPassword",
]


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where to fetch mail and as whom.

    timeout_seconds: for each answer of the server.
    """

    host: str
    port: int
    security: Security
    username: str
    password: str = ""
    timeout_seconds: float = 60.0

    def __repr__(self) -> str:
        return f"Account({self.host}:{self.port}, {self.security.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a folder has been read. A new uid_validity means that the server numbered everything anew."""

    uid_validity: int
    last_uid: int


class SkipReason(StrEnum):
    """Why a message was not fetched. The next one was."""

    TOO_LARGE = "too_large"
    UNFETCHABLE = "unfetchable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One message of a folder.

    position: to be stored once this message is safe; reading goes on behind it.
    received_at: when the server took it in, aware; None when it does not say.
    raw: None exactly when `skipped` says why.
    """

    position: Position
    size_bytes: int
    received_at: datetime | None
    raw: bytes | None
    skipped: SkipReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCounts:
    """What a first connection would find. since_count, since_unseen_count: messages since the asked day."""

    total_count: int
    since_count: int
    since_unseen_count: int


class MailboxTrouble(Exception):
    """A mailbox cannot be used now. `code` is for machines; the text is a plain English sentence without secrets.

    detail: the other side's own words, for the log.
    """

    code = "connection_lost"
    sentence = "The connection to the mail server was lost. It will be tried again."

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence)
        self.detail = detail


class CannotConnect(MailboxTrouble):
    """Nobody answers at this address."""

    code = "cannot_connect"
    sentence = "The mail server does not answer. Check host name and port, and whether a firewall is in the way."


class TlsProblem(MailboxTrouble):
    """The connection cannot be protected as asked."""

    code = "tls_problem"
    sentence = "A protected connection could not be made. Check the kind of encryption and the server's certificate."


class WrongPassword(MailboxTrouble):
    """The server does not let this user in."""

    code = "wrong_password"
    sentence = "The mail server refuses this user name and password. Many providers want an app password here."


class NoSuchFolder(MailboxTrouble):
    """The folder does not exist or may not be opened."""

    code = "no_such_folder"
    sentence = "The mail server has no such folder. Check its name, upper and lower case included."


class Mailbox(Protocol):
    """One open folder. All methods may raise MailboxTrouble; afterwards only `close` is of use.

    uid_validity: the numbering that the server uses now.
    """

    uid_validity: int

    def position_at_end(self) -> Position:
        """Give the position behind the newest message, for a mailbox whose old mail stays out."""
        ...

    def position_before(self, since: date) -> Position:
        """Give the position before the first message that the server took in on this day or later."""
        ...

    def position_before_newest(self, count: int) -> Position:
        """Give the position before the newest `count` messages."""
        ...

    def new_messages(self, *, after: Position | None, most_bytes: int) -> Iterator[Fetched]:
        """Give the messages behind a position, oldest first; all of them when it is None or of another validity."""
        ...

    def mark_seen(self, position: Position) -> None:
        """Set the flag that other programs show as read."""
        ...

    def move(self, position: Position, *, folder: str) -> None:
        """Move one message into another folder, without touching any other message."""
        ...

    def wait_for_news(self, *, after: Position | None, timeout_seconds: float) -> bool:
        """Wait until a message behind the position is there. Returns False when the time is over."""
        ...

    def counts_since(self, since: date) -> FolderCounts:
        """Count without fetching anything, for the dry run of a first connection."""
        ...

    def close(self) -> None:
        """Say goodbye; never raises."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...
