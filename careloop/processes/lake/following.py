"""The lake follows the log: a named reader of its own, with its own pace, so that nothing else waits for files.

Files are no part of the transaction that keeps the reader's place. They are written first; whoever dies in between reads the batch
again, and the lake finds nothing new in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import connection

from careloop.domains.workspaces.queries import workspace_ids
from careloop.insight.cell_record import Lag, lag_of
from careloop.insight.facts import FactStore
from careloop.insight.facts.columns import moments_named
from careloop.insight.facts.tables import TABLES as DESCRIBED
from careloop.kernel.events import Recorded, events_between, head_position
from careloop.kernel.readers import Reader, catch_up, number_events
from careloop.kernel.scope import OPERATION, current_workspace, workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.lake.gathering import TABLES, UNKNOWN_UNTIL_TOLD, facts_of
from careloop.processes.lake.naming import SOURCE
from careloop.processes.workspace import workspace_facts

__all__ = ["BATCH", "READER", "SETTLED_AFTER", "LakeState", "follow", "lake_of", "state_of", "write"]

READER = "lake"
BATCH = 2_000
MOST_PIECES = 200
# An act that took longer than this to commit may still add a fact before the watermark.
SETTLED_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeState:
    """Where the lake of a workspace stands. behind: events not yet read. files: of Parquet. complete_through: of our own facts.

    cells: how far what boards are added up from is behind; None without a lake.
    """

    workspace_id: int
    folder: str
    behind: int
    files: int
    complete_through: datetime | None
    cells: Lag | None


def lake_of(root: Path, workspace_id: int) -> FactStore:
    """Return the lake of a workspace. root: the folder of all lakes."""
    return FactStore(root / str(workspace_id))


def follow(root: Path, *, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Let the lakes of all workspaces read one batch each, and return how many events they read.

    root: the folder of all lakes. at: now. Compacts and checks a lake that lies in many pieces.
    """
    number_events()
    reader = Reader(name=READER, read=partial(_read, root, at))
    read = catch_up(reader, batch=BATCH, sheltering=sheltering)
    if read < BATCH:
        for workspace_id in workspace_ids():
            sheltering("lake", workspace_id, partial(_tend, root, workspace_id, at))
    return read


def state_of(root: Path, workspace_id: int) -> LakeState:
    """Return where the lake of a workspace stands."""
    store = lake_of(root, workspace_id)
    return LakeState(
        workspace_id=workspace_id,
        folder=str(store.root),
        behind=_behind(workspace_id),
        files=store.file_count(),
        complete_through=store.watermarks().get(SOURCE),
        cells=lag_of(store.root),
    )


def _behind(workspace_id: int) -> int:
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM kernel_event WHERE workspace_id = %s AND (position IS NULL OR position > coalesce(("
            "SELECT position FROM kernel_reader_cursor WHERE reader = %s AND workspace_id = %s), 0))",
            [workspace_id, READER, workspace_id],
        )
        (behind,) = cursor.fetchone()
    return int(behind)


def _read(root: Path, at: datetime, batch: Sequence[Recorded]) -> None:
    if current_workspace() == OPERATION:
        return  # sign-ins and accounts, which are nobody's service
    store = lake_of(root, current_workspace())
    if SOURCE not in store.watermarks():
        # The folder is new, or was lost, or its first batch never came to its end: the lake begins with the log, whatever the
        # reader's place.
        position = 0
        while earlier := events_between(position, batch[0].position - 1, limit=BATCH):
            write(store, facts_of(earlier), at=at)
            position = earlier[-1].position
    write(store, facts_of(batch), at=at)
    reached = batch[-1].position >= head_position()
    store.complete(source=SOURCE, through=(at if reached else batch[-1].recorded_at) - SETTLED_AFTER)


def write(store: FactStore, rows: dict[str, list[dict[str, object]]], *, at: datetime) -> None:
    """Give rows by fact table to a lake. at: now."""
    store.settle_zone(workspace_facts().time_zone)
    given = store.given()
    for table in TABLES:
        # A table without rows is given all the same: nothing happened, which is not the same as nothing being known.
        is_new = table not in UNKNOWN_UNTIL_TOLD and SOURCE not in given.get(table, ())
        if rows[table] or is_new:
            named = moments_named(DESCRIBED[table], rows[table])
            store.append(table, rows[table], source=SOURCE, at=at, tells=named)


def _tend(root: Path, workspace_id: int, at: datetime) -> int:
    """Say that a quiet lake is complete, and tidy one that lies in many pieces."""
    store = lake_of(root, workspace_id)
    if SOURCE not in store.watermarks():
        return 0
    if not _behind(workspace_id):
        store.complete(source=SOURCE, through=at - SETTLED_AFTER)
    if store.piece_count() > MOST_PIECES:
        store.compact(at=at)
        store.check(at=at)
    return 0
