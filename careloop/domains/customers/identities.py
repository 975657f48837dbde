"""The one form in which addresses and numbers are stored and compared."""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.customers.errors import AddressUnusable
from careloop.domains.customers.types import IdentityKind

__all__ = ["is_same_number", "is_usable_address", "normalize_identity", "tail_of"]

TAIL: Final = 7
"""Digits at a number's end that are the same whether it is written with its country or without."""
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


def tail_of(number: str) -> str:
    """Return the last digits of a number, by which those are found that may be the same; empty for a withheld or short one."""
    digits = re.sub(r"\D", "", number)
    return digits[-TAIL:] if len(digits) >= TAIL else ""


def is_same_number(one: str, other: str) -> bool:
    """Say whether two numbers are one: written alike, or one with its country and the other without.

    "+82 10 1234 5678", "0082 10 1234 5678" and "010-1234-5678" are; two countries are not.
    """
    (country_one, rest_one), (country_other, rest_other) = _parts_of(one), _parts_of(other)
    if not rest_one or not rest_other:
        return False
    if country_one == country_other:
        return rest_one == rest_other
    whole, home = (rest_one, rest_other) if country_one else (rest_other, rest_one)
    # A country's code has one to three digits; without them nothing is left to be told apart by.
    return len(home) >= TAIL and whole.endswith(home) and len(whole) - len(home) in {1, 2, 3}


def _parts_of(number: str) -> tuple[bool, str]:
    """Return whether a number says its country, and its digits without what only dials out."""
    written = re.sub(r"[^\d+]", "", number)
    digits = re.sub(r"\D", "", written)
    if written.startswith("+"):
        return True, digits
    if digits.startswith("00"):
        return True, digits[2:]
    return False, digits.removeprefix("0")
