"""Wake a process that sleeps until there is something for it: a NOTIFY at commit, no row, no event (design.md D2)."""

from typing import Final

from django.db import connection

__all__ = ["RECORDED", "ROUTING", "ring_bell"]

RECORDED: Final = "careloop_recorded"
"""Something was recorded in the log, which rings by itself."""


ROUTING: Final = "careloop_routing"
"""Somebody has room, or something waits that nobody has been looked for."""


def ring_bell(name: str) -> None:
    """Wake whoever listens for this, once the transaction is committed; many in one transaction are one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [name])
