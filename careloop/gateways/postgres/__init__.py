"""The private PostgreSQL that runs where DATABASE_URL names no other (design.md D1)."""

from pathlib import Path

from careloop.gateways.postgres.cluster import Cluster
from careloop.gateways.postgres.errors import DatabaseTrouble, NotRunning

__all__ = ["Cluster", "DatabaseTrouble", "NotRunning", "owner_url"]


def owner_url(home: Path) -> str:
    """Return the address of the private database under `home` as its owner, whether its server runs or not."""
    return Cluster(home).url
