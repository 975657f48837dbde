"""Why a telephone system cannot be heard, in words: what happened and what to do."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

__all__ = ["TROUBLES", "trouble"]

TROUBLES: Final[Mapping[str, Promise]] = {
    "cannot_connect": lazily(
        "The telephone system does not answer. Check its host and port, and whether a firewall is in the way."
    ),
    "tls_problem": lazily("A protected connection could not be made. Check the port and the certificate of Asterisk."),
    "not_a_manager": lazily("Something else than Asterisk's manager interface answers there. Check the port."),
    "wrong_secret": lazily(
        "Asterisk refuses this user and secret. Compare them with manager.conf, its permit lines included."
    ),
    "action_refused": lazily(
        "Asterisk does not say how its queues stand. Give this user write = reporting in manager.conf."
    ),
    "too_much": lazily("More events came than could be kept up with. The connection is made anew."),
    "connection_lost": lazily("The connection was lost on the way. It is tried again by itself."),
    "unreadable": lazily("The stored secret cannot be read any more. Enter it again."),
    "failed": lazily(
        "An error of ours keeps this telephone system from being heard. It is tried again; report it if it stays."
    ),
}


def trouble(code: str) -> str:
    """Return what is wrong with a connection, as a sentence in the reader's language. code: the first word of the last error."""
    found = TROUBLES.get(code)
    return str(found) if found is not None else _("The connection does not work. Check all settings.")
