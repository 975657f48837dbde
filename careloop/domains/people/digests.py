"""How one-time links and API tokens are kept."""

import hashlib

__all__ = ["hash_of"]


def hash_of(secret: str) -> str:
    """Return what is kept of a secret with 256 random bits; such a secret needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
