"""Signatures in the shape of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks).

The receiver works out HMAC-SHA256 over id, moment and body, joined by dots, with the bytes behind `whsec_`, and compares.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

__all__ = ["headers_of", "new_key", "new_secret", "signature"]

PREFIX: Final = "whsec_"


def new_secret() -> str:
    """Return a secret nobody has: 32 bytes, written as the other side's library wants them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def new_key() -> str:
    """Return what one message is known by."""
    return f"msg_{secrets.token_urlsafe(18).replace('-', 'x').replace('_', 'y')}"


def signature(*, secret: str, key: str, timestamp: int, body: str) -> str:
    """Return one signature. timestamp: seconds since 1970. Check: tests/domains/webhooks/test_signing.py has the standard's own."""
    signed = f"{key}.{timestamp}.{body}".encode()
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers_of(*, key: str, body: str, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """Return what a message carries besides its body. at: of this try, so that an old one cannot be played again."""
    timestamp = int(at.timestamp())
    found = [signature(secret=secret, key=key, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(found),
    }
