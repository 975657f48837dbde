"""The one form in which addresses and numbers are stored and compared."""

import re

from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.types import IdentityKind

__all__ = ["is_usable_address", "normalize_identity"]

_ADDRESS = re.compile(r"[^@\s,;<>\"()\\]+@[^@\s,;<>\"()\\]+\.[^@\s,;<>\"()\\]+")


def normalize_identity(kind: str, value: str) -> str:
    """Return an address or number in the one form it is stored and compared in. Raises AddressUnusable."""
    value = value.strip()
    if kind == IdentityKind.EMAIL:
        value = value.lower()
        if len(value) > 320 or not _ADDRESS.fullmatch(value):
            raise AddressUnusable(_("This is not a mail address. Write it like name@example.com."))
    elif kind == IdentityKind.PHONE:
        value = re.sub(r"[^\d+]", "", value)
        if not re.fullmatch(r"\+?\d{5,18}", value):
            raise AddressUnusable(_("This is not a phone number. Write digits, with + and the country first."))
    if not value:
        raise AddressUnusable(_("Write an address or a number."))
    return value


def is_usable_address(value: str) -> bool:
    """Say whether a mail address could be somebody's identity."""
    try:
        normalize_identity(IdentityKind.EMAIL, value)
    except AddressUnusable:
        return False
    return True
