"""Two roles on one database: the owner for tables, migrations and dumps; the serving role for everything else."""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MOST_CONNECTIONS = 16
"""Of one web process: four for the streams, the others for pages."""


def databases(*, owner_url: str, serving_url: str, secret: str, home: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default` is the serving role, `owner` the owner.

    owner_url: DATABASE_URL, or empty for the private PostgreSQL under `home`.
    serving_url: SERVING_DATABASE_URL, or empty for the role that `careloop migrate` makes.
    secret: the installation's secret; the made role's password is derived from it, so that machines that share the
        secret share the role.
    """
    owner = from_url(owner_url) if owner_url else _embedded(home)
    if serving_url:
        serving = from_url(serving_url)
    else:
        serving = {**owner, "USER": f"{owner['NAME']}_serving", "PASSWORD": serving_password(secret)}
    return {"default": serving, "owner": owner}


def serving_password(secret: str) -> str:
    """Return the password of the serving role that `careloop migrate` makes for this installation."""
    digest = hmac.digest(secret.encode(), b"careloop serving role", hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for a `postgresql://` address. Raises ImproperlyConfigured for any other."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ImproperlyConfigured("Write the database address as postgresql://user:password@host:port/name.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        # What the same connection asks for the fifth time is prepared (kernel/statements.py).
        "OPTIONS": {"prepare_threshold": 5, **options},
        # Served asynchronously, every request has a thread of its own: a connection kept for the next one would never be
        # used again, only leak until it is collected. So they are kept in a pool (`share_among_requests`).
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }


def share_among_requests(serving: dict[str, Any]) -> None:
    """Let the threads of one web process take turns on a few open connections, instead of each opening one.

    serving: Django's settings of the serving role, changed in place; nothing has connected yet. Workers and commands keep a
    connection of their own, because a claim lasts as long as its connection.
    """
    # Checked when taken, so that a server that was started again does not cost a request. Whoever finds all taken waits.
    serving["OPTIONS"]["pool"] = {"min_size": 1, "max_size": MOST_CONNECTIONS, "timeout": 20.0, "max_idle": 300.0}


def _embedded(home: Path) -> dict[str, Any]:
    from careloop.gateways.postgres import owner_url

    return from_url(owner_url(home))
