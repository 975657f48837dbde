"""Look at a webhook before it is kept: what cannot be reached or must not be is said beside its field."""

import re
from typing import Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.kernel.outside import is_address, is_outside

__all__ = ["problem_with_name", "problem_with_url"]

LONGEST: Final = 2000
_STRANGE: Final = re.compile(r"[\s\x00-\x1f\x7f\\]|[^\x21-\x7e]")


def problem_with_name(name: str) -> str | Promise | None:
    """Say what is wrong with a name, if anything."""
    if 1 <= len(name.strip()) <= 80 and name.strip().isprintable():
        return None
    return _("Write a name of 1 to 80 characters.")


def problem_with_url(url: str, *, may_reach_inside: bool) -> str | Promise | None:
    """Say what is wrong with an address, if anything.

    may_reach_inside: whether this installation sends into its own network, and without encryption. Where a name leads is looked
    at each time something is sent.
    """
    unreadable = _("Write a whole address, such as https://example.com/careloop.")
    if len(url) > LONGEST or _STRANGE.search(url):
        return unreadable
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return unreadable
    if parts.scheme not in {"https", "http"} or not host or parts.fragment:
        return unreadable
    if parts.username is not None or parts.password is not None:
        return _("Leave name and password out of the address; messages are signed instead.")
    if may_reach_inside:
        return None
    if parts.scheme != "https":
        return _("The address has to begin with https://, because messages carry what customers wrote.")
    is_inside = not is_outside(host) if is_address(host) else host == "localhost" or host.endswith(".localhost")
    if is_inside:
        return _("This address lies inside this installation's own network, where nothing is sent.")
    return None
