"""Open a folder on a real IMAP server."""

import imaplib
import ssl

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError, MailboxStarttlsError

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
        box.client.shutdown()
        raise translated(failed) from failed
    return ImapFolder(box=box, name=folder, uid_validity=facts["UIDVALIDITY"])


def reach(account: Account) -> BaseMailBox:
    context = ssl.create_default_context()
    if not account.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        match account.security:
            case Security.TLS:
                return MailBox(account.host, account.port, timeout=account.timeout_seconds, ssl_context=context)
            case Security.STARTTLS:
                return MailBoxStartTls(account.host, account.port, timeout=account.timeout_seconds, ssl_context=context)
            case Security.PLAIN:
                return MailBoxUnencrypted(account.host, account.port, timeout=account.timeout_seconds)
    except (ssl.SSLError, MailboxStarttlsError) as failed:
        raise TlsProblem(str(failed)) from failed
    except imaplib.IMAP4.abort as failed:
        raise CannotConnect(str(failed)) from failed
    except imaplib.IMAP4.error as failed:
        raise (TlsProblem if "TLS" in str(failed) else CannotConnect)(str(failed)) from failed
    except OSError as failed:
        raise CannotConnect(str(failed)) from failed


def sign_in(box: BaseMailBox, account: Account) -> None:
    try:
        if account.access_token:
            box.xoauth2(account.username, account.access_token, initial_folder=None)
        elif account.username.isascii() and account.password.isascii():
            box.login(account.username, account.password, initial_folder=None)
        else:
            box.login_utf8(account.username, account.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, MailboxLoginError) as refused:
        # The server's words may repeat what was sent, so they are not kept.
        raise WrongPassword from refused


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
