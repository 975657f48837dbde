"""Work that one process at a time may do, whichever gets it first, on any machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

__all__ = ["Claim", "claimed"]


@contextmanager
def claimed(name: str) -> Iterator[bool]:
    """Hold a claim across the transactions of a block and say whether it is ours; the block must do nothing when not.

    name: of the work, such as "settle 7".

    A process that dies lets go, because PostgreSQL keeps the claim by its connection.
    """
    with connection.cursor() as cursor:
        is_ours = _try(cursor, name)
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


class Claim:
    """A claim that a process keeps for as long as it lives, over a connection of its own."""

    def __init__(self, name: str) -> None:
        """Describe the claim without taking it. name: of the work, such as "fetching"."""
        self._name = name
        self._connection = connection.copy()

    def hold(self) -> bool:
        """Say whether this process has the claim, taking it when nobody has.

        Raises OperationalError when the database is gone, and the claim with it.
        """
        if self._connection.connection is not None and not self._connection.is_usable():
            self._connection.close()
        if self._connection.connection is not None:
            return True
        with self._connection.cursor() as cursor:
            is_ours = _try(cursor, self._name)
        if not is_ours:
            self._connection.close()
        return is_ours

    def let_go(self) -> None:
        """Leave the work to others."""
        self._connection.close()


def _try(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
    return bool(cursor.fetchone()[0])
