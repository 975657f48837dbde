"""The installation's secret: given by the environment, or made once and kept in CARELOOP_HOME."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from careloop.gateways.postgres import make_home

EXAMPLE = "change-me"


def installation_secret(*, given: str, home: Path, is_production: bool) -> str:
    """Return the secret that signs sessions and links and encrypts mailbox credentials.

    given: the value from the environment, empty when there is none.
    home: CARELOOP_HOME; without a given value a random one is made here once, readable by its owner only.
    is_production: whether strangers can reach this installation; weak or example secrets are then refused.

    Raises ImproperlyConfigured.
    """
    if not given:
        return _kept_in(home)
    if is_production and (given == EXAMPLE or len(given) < 32):
        raise ImproperlyConfigured(
            "SECRET_KEY is the example or shorter than 32 characters. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return given


def _kept_in(home: Path) -> str:
    path = home / "secret_key"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    except PermissionError:
        raise ImproperlyConfigured(
            f"This system user may not read {path}. Run the command as {home.owner()}, or set CARELOOP_HOME."
        ) from None
    make_home(home)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)  # of two processes that start together, one wins and both read the same secret
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
