"""Open a folder on a real IMAP server."""

import imaplib
import ssl
from contextlib import suppress

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from careloop.gateways.imap.folder import ImapFolder
from careloop.gateways.imap.types import (
    Account,
    CannotConnect,
    MailboxTrouble,
    NoSuchFolder,
    Security,
    TlsProblem,
    WrongPassword,
)

__all__ = ["connect"]

# How servers say that they take no password over an open line (RFC 5530; RFC 3501, 7.2.1).
UNPROTECTED = ("PRIVACYREQUIRED", "LOGINDISABLED")


def connect(account: Account, *, folder: str = "INBOX") -> ImapFolder:
    """Connect, sign in and open one folder.

    Returns the open folder, to be used in a `with` block. Raises CannotConnect, TlsProblem, WrongPassword,
    NoSuchFolder, or MailboxTrouble when the connection is lost on the way.
    """
    box = reach(account)
    try:
        sign_in(box, account)
        # Servers announce some abilities only to those whom they know.
        box.client.capabilities = capabilities(box)
        facts = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        box.folder.set(folder)
    except BaseException as failed:
        hang_up(box)
        raise translated(failed) from failed
    return ImapFolder(box=box, name=folder, uid_validity=facts["UIDVALIDITY"])


def reach(account: Account) -> BaseMailBox:
    context = ssl.create_default_context()
    try:
        match account.security:
            case Security.TLS:
                return MailBox(account.host, account.port, timeout=account.timeout_seconds, ssl_context=context)
            case Security.STARTTLS:
                return protected(
                    MailBoxUnencrypted(account.host, account.port, timeout=account.timeout_seconds), context
                )
            case Security.PLAIN:
                return MailBoxUnencrypted(account.host, account.port, timeout=account.timeout_seconds)
    except ssl.SSLError as failed:
        raise TlsProblem(str(failed)) from failed
    except imaplib.IMAP4.error as failed:
        # A server without STARTTLS is given up by the library as if the connection had been lost.
        raise (TlsProblem if "TLS" in str(failed) else CannotConnect)(str(failed)) from failed
    except OSError as failed:
        raise CannotConnect(str(failed)) from failed


def protected(box: BaseMailBox, context: ssl.SSLContext) -> BaseMailBox:
    """Say STARTTLS; the library's own class for it leaves the line open when the server will not."""
    try:
        box.client.starttls(context)
    except BaseException:
        hang_up(box)
        raise
    return box


def sign_in(box: BaseMailBox, account: Account) -> None:
    try:
        if account.username.isascii() and account.password.isascii():
            box.login(account.username, account.password, initial_folder=None)
        else:
            box.login_utf8(account.username, account.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, MailboxLoginError) as refused:
        if any(mark in str(refused) for mark in UNPROTECTED):
            raise TlsProblem from refused
        # The server's words may repeat what was sent, so they are not kept.
        raise WrongPassword from refused


def hang_up(box: BaseMailBox) -> None:
    """Close a connection that is of no use, which may be closed already."""
    with suppress(OSError):
        box.client.shutdown()


def capabilities(box: BaseMailBox) -> tuple[str, ...]:
    _, answer = box.client.capability()
    return tuple(answer[-1].decode("ascii", "replace").upper().split())


def translated(failed: BaseException) -> BaseException:
    """Give our own error for one of the libraries'."""
    match failed:
        case MailboxTrouble():
            return failed
        case MailboxFolderSelectError() | ImapToolsError():
            return NoSuchFolder(str(failed))
        case imaplib.IMAP4.abort() | OSError():
            return MailboxTrouble(str(failed))
        case imaplib.IMAP4.error():
            return NoSuchFolder(str(failed))
        case _:
            return failed
