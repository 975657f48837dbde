"""Why a mail waits in quarantine or a mailbox cannot be read, in words: what happened and what to do."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

__all__ = [
    "QUARANTINE_REASONS",
    "TEXT_REASONS",
    "TEXT_TROUBLES",
    "TROUBLES",
    "quarantine_reason",
    "text_reason",
    "text_trouble",
    "trouble",
]

QUARANTINE_REASONS: Final[Mapping[str, Promise]] = {
    "empty": lazily("The mail is empty. Discard it, or look into the mailbox itself."),
    "not_a_mail": lazily("These bytes are not a mail. Look at the source, then discard it."),
    "too_large": lazily("The mail is larger than the house takes. Read it in the mailbox itself."),
    "too_deep": lazily("The mail is packed into itself too many times, as attackers do. Look at the source first."),
    "too_many_parts": lazily("The mail has too many parts, as attackers send them. Look at the source first."),
    "unfetchable": lazily("The mail server did not give this mail out. Read it in the mailbox itself."),
    "no_sender": lazily("The mail names no sender, so nobody could be answered. Look at the source."),
    "no_recipient": lazily("This mail of ours went only to our own addresses, so it belongs to no customer."),
    "machine_reply": lazily(
        "A machine answered something that we never wrote. Discard it, unless you know the matter."
    ),
    "unknown_report": lazily("A report about a mail that we do not know. It may have been sent by another program."),
    "too_many": lazily("The sender wrote more than people write within an hour. Try again when you know who it is."),
    "source_gone": lazily("The stored mail is gone from the disk. Bring it back from a backup, then try again."),
    "crashes": lazily("Reading this mail ended badly several times. Report it, and look at the source meanwhile."),
    "failed": lazily("An error of ours kept this mail from being read. Report it, then try again after an update."),
}

TROUBLES: Final[Mapping[str, Promise]] = {
    "cannot_connect": lazily(
        "The server does not answer. Check its name and port, and whether a firewall is in the way."
    ),
    "tls_problem": lazily("A protected connection could not be made. Check the security setting and the certificate."),
    "wrong_password": lazily("The server refuses this name and password. Many providers want an app password here."),
    "no_sign_in": lazily("The server offers no sign-in over this connection. Check the port and the security setting."),
    "no_such_folder": lazily("The server has no such folder. Check its name, upper and lower case included."),
    "connection_lost": lazily("The connection was lost on the way. Try again in a minute."),
    "unreadable": lazily("The stored password cannot be read any more. Enter it again."),
    "no_space": lazily("The disk of this installation is full. Make room; the mail stays on its server until then."),
    "failed": lazily("An error of ours keeps this mailbox from being read. It is tried again; report it if it stays."),
    "took_too_long": lazily("The server took too long to answer. Check its name and port, then try again."),
    "refused_sender": lazily("The server does not let this user send under this address. Check the user name."),
    "refused_message": lazily("The server refused the mail. Its own words tell why."),
    "needs_smtputf8": lazily("The server cannot handle this address. Use one with plain Latin letters."),
    "no_server": lazily("No server is named yet. Edit the mailbox and enter it."),
}

TEXT_REASONS: Final[Mapping[str, Promise]] = {
    "no_sender": lazily("The message names no number that could be answered, so it belongs to no customer."),
    "other_account": lazily(
        "The message belongs to another account of the provider. Check the settings of this number."
    ),
    "not_a_form": lazily("These bytes are not what the provider sends. Report it, then discard them."),
    "no_id": lazily("The provider gave this message no name of its own. Report it, then discard it."),
    "too_many": lazily("The sender wrote more than people write within an hour. Try again when you know who it is."),
    "unknown_message": lazily(
        "This tells of a message that we did not send. It may have been sent by another program."
    ),
    "crashes": lazily("Reading this message ended badly several times. Report it, then try again after an update."),
}

TEXT_TROUBLES: Final[Mapping[str, Promise]] = {
    "cannot_connect": lazily(
        "The provider does not answer. Check the address of its API, and whether a firewall is in the way."
    ),
    "wrong_token": lazily("The provider does not let us in. Check the account and its token."),
    "not_active": lazily("The provider says that this account is not active. Its own word tells why."),
    "unexpected": lazily("The provider answered otherwise than we know it. Its own words may tell why."),
    "unreadable": lazily("The stored token cannot be read any more. Enter it again."),
}


def quarantine_reason(code: str) -> str:
    """Return why a mail waits, as a sentence in the reader's language."""
    found = QUARANTINE_REASONS.get(code)
    return str(found) if found is not None else _("The mail could not be read. Look at the source.")


def trouble(code: str) -> str:
    """Return what is wrong with a connection, as a sentence in the reader's language.

    code: the first word of a mailbox's last error, or of a check.
    """
    found = TROUBLES.get(code)
    return str(found) if found is not None else _("The connection does not work. Check all settings of the mailbox.")


def text_reason(code: str) -> str:
    """Return why a text message waits, as a sentence in the reader's language."""
    found = TEXT_REASONS.get(code)
    return str(found) if found is not None else _("The message could not be read. Report it, then try again.")


def text_trouble(code: str) -> str:
    """Return what is wrong with a number's provider, as a sentence in the reader's language."""
    found = TEXT_TROUBLES.get(code)
    return str(found) if found is not None else _("The connection does not work. Check all settings of the number.")
