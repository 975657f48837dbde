"""Who keeps mailboxes, who looks after mail that could not be read, and where a provider's token may go."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from careloop.kernel.actors import Actor, Role

__all__ = ["is_api_base", "may_keep_mailboxes", "may_tend_quarantine"]

CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


def may_keep_mailboxes(actor: Actor) -> bool:
    """Owners and managers connect mailboxes and make web forms."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_tend_quarantine(actor: Actor) -> bool:
    """Leads, too, look into the quarantine: a customer may be waiting in it."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("cases:write"))


def is_api_base(text: str) -> bool:
    """Say whether a provider's token may be sent there: with TLS, or without inside the own network."""
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and not (parts.username or parts.query or parts.fragment or CONTROLS.search(text))
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if not (usable and port_fits and text.isascii() and " " not in text) or len(text) > 200:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and _is_inside(parts.hostname or "")


def _is_inside(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
