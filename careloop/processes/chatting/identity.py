"""Who a site says its visitor is: a JSON Web Token (RFC 7519) signed with the widget's secret by HMAC-SHA-256, and nothing else.

So few lines that a library would be more to trust than to save: one algorithm, no keys in the token, no choice for its sender.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.errors import IdentityNotProved

__all__ = ["LONGEST", "Proved", "proved_by", "signed_identity"]

LONGEST: Final = timedelta(days=1)
"""A token that is good for longer would outlive the sign-in it stands for."""
_MOST_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A visitor whom the site knows. name: may be empty."""

    address: str
    name: str


def proved_by(token: str, *, secret: str, at: datetime) -> Proved:
    """Return whom a token names: claims `email`, `name` (may be left out) and `exp`, at most a day ahead.

    Raises IdentityNotProved when it is forged, over, good for too long, or names nobody.
    """
    head, body, seal = _parts(token)
    expected = hmac.digest(secret.encode(), f"{head}.{body}".encode(), "sha256")
    if not hmac.compare_digest(_decoded(seal), expected) or _fields(head).get("alg") != "HS256":
        raise IdentityNotProved(_("We could not check who you are. Reload the page, then try again."))
    claims = _fields(body)
    over, address, name = claims.get("exp"), claims.get("email"), claims.get("name", "")
    if not isinstance(over, int | float) or not isinstance(address, str) or not isinstance(name, str):
        raise IdentityNotProved(_("We could not check who you are. Reload the page, then try again."))
    if not 0 < over - at.timestamp() <= LONGEST.total_seconds():
        raise IdentityNotProved(
            _("Your sign-in on this site is too old for the chat. Reload the page, then try again.")
        )
    return Proved(address=address, name=name[:200])


def signed_identity(*, address: str, name: str, secret: str, until: datetime) -> str:
    """Return the token that a site would sign; for the page that shows how, and for tests."""
    claims = {"email": address, "name": name, "exp": int(until.astimezone(UTC).timestamp())}
    said = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{said}.{_encoded(hmac.digest(secret.encode(), said.encode(), 'sha256'))}"


def _parts(token: str) -> tuple[str, str, str]:
    parts = token.split(".") if len(token) <= _MOST_BYTES and token.isascii() else []
    if len(parts) != 3:
        raise IdentityNotProved(_("We could not check who you are. Reload the page, then try again."))
    return parts[0], parts[1], parts[2]


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fields(text: str) -> dict[str, Any]:
    try:
        found = json.loads(_decoded(text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
