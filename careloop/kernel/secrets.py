"""Secrets at rest, such as mailbox passwords: readable only with the installation's secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careloop.kernel.errors import Refusal

__all__ = ["Unreadable", "open_secret", "seal_secret"]


class Unreadable(Refusal):
    status = 500


def seal_secret(plain: str) -> bytes:
    """Return a secret in the form it is stored in."""
    return _box().encrypt(plain.encode())


def open_secret(sealed: bytes) -> str:
    """Return a stored secret. Raises Unreadable when SECRET_KEY changed and the old one is not among the fallbacks."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Unreadable(
            _(
                "This password was stored with another SECRET_KEY. Enter it again, or add the old key to SECRET_KEY_FALLBACKS."
            )
        ) from None


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"careloop secrets at rest").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
