"""What a form carries instead of a session: a signed mark that says when it was shown, and by which it is taken once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.core.cache import cache

__all__ = ["FormMark", "new_mark", "number_taken_by", "read_mark", "read_number", "remember_number", "sealed_number"]

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


def number_taken_by(mark: FormMark) -> int | None:
    """Claim a mark, and return None; or, when its form was posted before, the number that its words got then.

    Called in the transaction that makes the number, before it: a second post waits for the first, and a claim is undone
    with what it was for.
    """
    if cache.add(_key(mark), 0, timeout=int(LASTS.total_seconds())):
        return None
    return int(cache.get(_key(mark), 0))


def remember_number(mark: FormMark, number: int) -> None:
    """Note which number the words of a claimed mark got."""
    cache.set(_key(mark), number, timeout=int(LASTS.total_seconds()))


def sealed_number(number: int, *, purpose: str) -> str:
    """Return a number for an address that nobody can count through. purpose: as in new_mark."""
    return signing.dumps([purpose, number], salt=_NUMBER_SALT)


def read_number(text: str, *, purpose: str) -> int | None:
    """Return the number in such an address, or None when it was not made here."""
    fields = _opened(text, salt=_NUMBER_SALT)
    if not isinstance(fields, list) or fields[0] != purpose:
        return None
    return int(fields[1])


def _key(mark: FormMark) -> str:
    return f"portal:form:{mark.nonce}"


def _opened(text: str, *, salt: str) -> Any:
    try:
        return signing.loads(text, salt=salt)
    except signing.BadSignature:
        return None
