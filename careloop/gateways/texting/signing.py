"""Whether a webhook comes from whom it says: X-Twilio-Signature.

The address as the provider called it, then every posted name and value in the order of the names, HMAC-SHA1 with the account's
token, Base64. Source: Twilio, "Webhooks security", www.twilio.com/docs/usage/webhooks/webhooks-security.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

__all__ = ["is_signed", "signature_of"]


def signature_of(url: str, pairs: Iterable[tuple[str, str]], *, token: str) -> str:
    """Return the signature of a call. url: whole, as it was called. pairs: what was posted, decoded."""
    told = url + "".join(f"{name}{value}" for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()).decode()


def is_signed(url: str, pairs: Iterable[tuple[str, str]], *, token: str, signature: str) -> bool:
    """Say whether a signature is right, in a time that tells nothing of where it is wrong.

    Providers name the usual port or leave it out, so both are tried.
    """
    told = list(pairs)
    given = signature.encode("utf-8", "replace")
    fits = [hmac.compare_digest(signature_of(one, told, token=token).encode(), given) for one in _spellings(url)]
    return any(fits)


def _spellings(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    usual = 443 if parts.scheme == "https" else 80
    with_port = parts._replace(netloc=f"{host}:{parts.port or usual}").geturl()
    without = parts._replace(netloc=host).geturl()
    return list(dict.fromkeys((url, with_port, without)))
