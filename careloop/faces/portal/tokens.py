"""What a form carries instead of a session: a signed mark that says when it was shown, and by which it is taken once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.core.cache import cache
from django.db import transaction

__all__ = ["FormMark", "new_mark", "once", "read_mark", "read_number", "sealed_number"]

LASTS: Final = timedelta(hours=12)
_SALT: Final = "careloop.portal.form"
_NUMBER_SALT: Final = "careloop.portal.number"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMark:
    """nonce: this showing of the form, nobody else's. shown_at: when, timezone-aware."""

    nonce: str
    shown_at: datetime


def new_mark(*, purpose: str, at: datetime) -> str:
    """Return a mark for a form that is shown now. purpose: which form of which workspace; a mark serves no other."""
    return signing.dumps({"p": purpose, "n": secrets.token_hex(16), "t": at.isoformat()}, salt=_SALT)


def read_mark(text: str, *, purpose: str, at: datetime) -> FormMark | None:
    """Return the mark a form came back with; None when it is missing, forged, another form's, or older than 12 hours."""
    fields = _opened(text, salt=_SALT)
    if not isinstance(fields, dict) or fields.get("p") != purpose:
        return None
    mark = FormMark(nonce=str(fields["n"]), shown_at=datetime.fromisoformat(fields["t"]))
    return mark if mark.shown_at <= at < mark.shown_at + LASTS else None


def once(mark: FormMark, write: Callable[[], int]) -> int:
    """Do what a form asks for, and return the number that came of it; a form posted again gets the number of the first time.

    write: does it and returns its number. The mark is claimed in the same transaction: a second post waits for the first, and
    a refusal undoes the claim, so that the form can be mended and sent again.
    """
    key, lasts = f"portal:form:{mark.nonce}", int(LASTS.total_seconds())
    with transaction.atomic():
        if not cache.add(key, 0, timeout=lasts):
            return int(cache.get(key, 0))
        number = write()
        cache.set(key, number, timeout=lasts)
        return number


def sealed_number(number: int, *, purpose: str) -> str:
    """Return a number for an address that nobody can count through. purpose: as in new_mark."""
    return signing.dumps([purpose, number], salt=_NUMBER_SALT)


def read_number(text: str, *, purpose: str) -> int | None:
    """Return the number in such an address, or None when it was not made here."""
    fields = _opened(text, salt=_NUMBER_SALT)
    if not isinstance(fields, list) or fields[0] != purpose:
        return None
    return int(fields[1])


def _opened(text: str, *, salt: str) -> Any:
    try:
        return signing.loads(text, salt=salt)
    except signing.BadSignature:
        return None
