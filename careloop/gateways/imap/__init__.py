"""Fetching mail from a folder on a server, in order, each message once per position."""

from careloop.gateways.imap.connecting import connect
from careloop.gateways.imap.types import (
    Account,
    CannotConnect,
    Fetched,
    FolderCounts,
    Mailbox,
    MailboxTrouble,
    NoSuchFolder,
    Position,
    Security,
    SkipReason,
    TlsProblem,
    WrongPassword,
)

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
    "connect",
]
