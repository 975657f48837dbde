"""Tell every process that the wall of the workspace in scope looks different now: a NOTIFY, no row, no event."""

from typing import Final

from django.db import connection

from careloop.kernel.scope import current_workspace

__all__ = ["WALL", "say_changed"]

WALL: Final = "careloop_wall"


def say_changed() -> None:
    """Let the screens that show this workspace look again once this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WALL, str(current_workspace())])
