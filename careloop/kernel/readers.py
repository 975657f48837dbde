"""Named readers of the log: each follows positions in batches and keeps its place in the transaction of its writes.

So what touches only our tables happens exactly once, whichever worker runs it and wherever it dies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast

from django.db import connection

from careloop.kernel.events import Recorded, events_between
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.kernel.statements import ask

__all__ = ["Reader", "catch_up", "number_events", "prepare_months", "start_over", "unread_since"]

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who follows the log.

    name: the name its cursor is kept under; never changes.
    read: receives each batch of one workspace, oldest first, inside that workspace's scope; its writes and its place
        commit together. It may defer jobs; it never calls the world.
    """

    name: str
    read: Callable[[Sequence[Recorded]], None]


def number_events(*, most: int = 5000) -> int:
    """Give positions to committed events that have none, and return how many got one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT careloop_number_events(%s)", [most])
        (numbered,) = cursor.fetchone()
    return int(numbered)


def prepare_months(*, months: int = 3) -> int:
    """Make the log's partitions for the months ahead, and return how many were new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT careloop_prepare_months(%s)", [months])
        (made,) = cursor.fetchone()
    return int(made)


def catch_up(
    reader: Reader, *, only: int | None = None, batch: int = BATCH, sheltering: Sheltering = unsheltered
) -> int:
    """Let a reader read one batch of every workspace that has news, and return how many events it read.

    only: primary key of the one workspace to read; None for all of them.
    sheltering: what becomes of a batch that fails; its reader's place in that workspace stays where it is.

    Safe with any number of workers: a workspace that another worker is reading is passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, seen, head FROM careloop_news(%s)", [reader.name])
        news = cursor.fetchall()
    return sum(
        sheltering(f"reader {reader.name}", workspace_id, partial(_read_batch, reader, workspace_id, seen, head, batch))
        for workspace_id, seen, head in news
        if only is None or only == workspace_id
    )


def start_over(reader: Reader) -> None:
    """Send a reader back to the beginning of the log of the workspace in scope.

    Waits for whoever reads for it at this moment; what it wrote is undone after this, in the same transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_reader_cursor SET position = 0 WHERE reader = %s AND workspace_id = %s",
            [reader.name, current_workspace()],
        )


def unread_since(reader: Reader) -> datetime | None:
    """Return when the oldest event was recorded that a reader has not read in the workspace in scope; None when it read all."""
    found = ask(
        "SELECT least("
        "(SELECT e.recorded_at FROM kernel_event e WHERE e.workspace_id = %s AND e.position > coalesce((SELECT c.position "
        "FROM kernel_reader_cursor c WHERE c.reader = %s AND c.workspace_id = %s), 0) ORDER BY e.position LIMIT 1), "
        "(SELECT e.recorded_at FROM kernel_event e WHERE e.workspace_id = %s AND e.position IS NULL ORDER BY e.id LIMIT 1))",
        [current_workspace(), reader.name, current_workspace(), current_workspace()],
    )
    return cast("datetime | None", found[0][0])


def _read_batch(reader: Reader, workspace_id: int, seen: int, head: int, batch: int) -> int:
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        if not seen:
            cursor.execute(
                "INSERT INTO kernel_reader_cursor (reader, workspace_id, position) VALUES (%s, %s, 0) "
                "ON CONFLICT DO NOTHING",
                [reader.name, workspace_id],
            )
        cursor.execute(
            "SELECT position FROM kernel_reader_cursor WHERE reader = %s AND workspace_id = %s FOR UPDATE SKIP LOCKED",
            [reader.name, workspace_id],
        )
        row = cursor.fetchone()
        if row is None:
            return 0
        events = events_between(row[0], head, limit=batch)
        if not events:
            return 0
        reader.read(events)
        cursor.execute(
            "UPDATE kernel_reader_cursor SET position = %s WHERE reader = %s AND workspace_id = %s",
            [events[-1].position, reader.name, workspace_id],
        )
        return len(events)
