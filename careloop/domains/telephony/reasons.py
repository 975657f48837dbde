"""Why a telephone system cannot be heard, in words: what happened and what to do."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

__all__ = ["REFUSALS", "TROUBLES", "trouble"]

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


REFUSALS: Final[Mapping[str, Promise]] = {
    "call_over": lazily("This call is over already, so nothing was done."),
    "provider_away": lazily(
        "The provider cannot be reached, so nothing was done. Use your phone, or try again in a moment."
    ),
    "provider_busy": lazily("The provider has too much to do and did nothing. Try again in a moment."),
    "provider_locked": lazily(
        "The provider does not let Careloop in, so nothing was done. Ask a manager to enter its token again under Phones."
    ),
    "provider_refuses": lazily("The provider refuses this, so nothing was done. Use your phone."),
}
"""Why something was surely not done with a call, where more is known than that."""


def trouble(code: str) -> str:
    """Return what is wrong with a connection, as a sentence in the reader's language. code: the first word of the last error."""
    found = TROUBLES.get(code)
    return str(found) if found is not None else _("The connection does not work. Check all settings.")
