"""Write a file of facts: outside any transaction, a batch at a time, telling how far it is."""

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from django.conf import settings

from careloop.domains.boards.rules import may_export
from careloop.domains.exports import services
from careloop.domains.exports.states import Why
from careloop.domains.exports.types import ExportRow
from careloop.domains.people.queries import actor_for
from careloop.kernel import clock
from careloop.kernel.blobs import store_blob
from careloop.kernel.scope import workspace_scope
from careloop.processes.exporting.offering import held_tables
from careloop.processes.measuring.errors import MeasuringMissing
from careloop.processes.measuring.exporting import MOST_SHEET_ROWS, FileFormat, pieces_of
from careloop.processes.measuring.lakes import insight, lake_root

if TYPE_CHECKING:
    from careloop.insight.facts import Facts

__all__ = ["write_export"]

log = logging.getLogger(__name__)

BATCH: Final = 20_000
MEMORY_MB: Final = 512
TOLD_EVERY_SECONDS: Final = 0.5


class _NoFile(Exception):
    """There will be no file, for a reason that is no fault."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class _Unwanted(Exception):
    """Somebody removed it meanwhile."""


def write_export(*, workspace_id: int, export_id: int) -> None:
    """Write a file that was asked for; called by a worker, outside any scope. A second run, after a crash, begins it again."""
    with workspace_scope(workspace_id):
        row = services.begin(export_id=export_id)
        maker = actor_for(row.maker_id, workspace_id) if row else None
    if row is None:
        return
    try:
        if maker is None or not may_export(maker):
            raise _NoFile(Why.MAY_NOT)
        with tempfile.TemporaryFile(dir=_folder()) as file:
            count = _write(row, workspace_id, file)
            file.seek(0)
            with workspace_scope(workspace_id):
                sha256, size = store_blob(file)
                services.finish(export_id=export_id, sha256=sha256, size=size, row_count=count, at=clock.now())
    except _Unwanted:
        return
    except _NoFile as reason:
        _fail(workspace_id, export_id, reason.why)
    except MeasuringMissing:
        _fail(workspace_id, export_id, Why.NO_ANALYTICS)
    except Exception:
        log.exception("export.failed", extra={"workspace_id": workspace_id, "export_id": export_id})
        _fail(workspace_id, export_id, Why.BROKEN)


def _fail(workspace_id: int, export_id: int, why: Why) -> None:
    with workspace_scope(workspace_id):
        services.fail(export_id=export_id, why=why, at=clock.now())


def _folder() -> Path:
    """Return where drafts lie: on the disk of the blobs, not on one that may be memory."""
    folder = Path(settings.BLOB_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(row: ExportRow, workspace_id: int, file: IO[bytes]) -> int:
    asked, file_format = row.asked, FileFormat(row.asked.file_format)
    with _facts(asked.table, workspace_id) as facts:
        rows, span = insight("rows"), {"since": asked.since, "until": asked.until}
        count: int = rows.count_of(facts, asked.table, **span)
        if file_format is FileFormat.EXCEL and count > MOST_SHEET_ROWS:
            raise _NoFile(Why.TOO_LONG)
        tell = _teller(workspace_id, row.id, count)
        tell(0)
        found = rows.of_table(facts, asked.table, **span)
        batches = rows.batches(facts, found, size=BATCH)
        for piece in pieces_of(found.schema().to_pyarrow(), batches, file_format, zone=asked.zone, done=tell):
            file.write(piece)
        return count


@contextmanager
def _facts(table: str, workspace_id: int) -> Iterator["Facts"]:
    """Open a reader of its own, so that whoever saves much keeps no board waiting; what it spills is gone afterwards."""
    root = lake_root(workspace_id)
    if table not in held_tables(workspace_id):
        raise _NoFile(Why.NO_FACTS)
    # Compaction sweeps what a reader that died had spilled.
    with tempfile.TemporaryDirectory(prefix=".spill-", dir=root) as spill:
        facts: Facts = insight("facts").read(root, memory_mb=MEMORY_MB)
        facts.backend.raw_sql(f"SET temp_directory = '{spill}'")
        try:
            yield facts
        finally:
            facts.backend.disconnect()


def _teller(workspace_id: int, export_id: int, in_all: int) -> Callable[[int], None]:
    last = 0.0

    def tell(written: int) -> None:
        nonlocal last
        if time.monotonic() - last < TOLD_EVERY_SECONDS:
            return
        last = time.monotonic()
        with workspace_scope(workspace_id):
            if not services.tell_progress(export_id=export_id, rows_written=written, rows_in_all=in_all):
                raise _Unwanted

    return tell
