"""The private PostgreSQL that runs where DATABASE_URL names no other (design.md D1)."""

from pathlib import Path

from careloop.gateways.postgres.cluster import Cluster
from careloop.gateways.postgres.errors import DatabaseTrouble, NotRunning
from careloop.gateways.postgres.record import make_home

__all__ = ["Cluster", "DatabaseTrouble", "NotRunning", "make_home", "owner_url"]


def owner_url(home: Path) -> str:
    """Return the address of the private database under `home` as its owner, whether its server runs or not."""
    return Cluster(home).url
