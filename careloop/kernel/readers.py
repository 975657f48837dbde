"""Named readers of the log: each follows positions in batches and keeps its place in the transaction of its writes.

So what touches only our tables happens exactly once, whichever worker runs it and wherever it dies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection

from careloop.kernel.events import Recorded, events_between
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered

__all__ = ["Reader", "catch_up", "number_events", "prepare_months"]

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
