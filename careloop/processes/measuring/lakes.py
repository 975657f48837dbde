"""Where the facts of a workspace lie, and opening them: several readers at a time, within one limit of memory for a process."""

import importlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careloop.processes.measuring.errors import MeasuringMissing, QuestionTooLong

if TYPE_CHECKING:
    import duckdb

    from careloop.insight.facts import Facts
    from careloop.insight.facts.manifest import Manifest

__all__ = [
    "NO_LAKE",
    "bounded_database",
    "first_day",
    "insight",
    "lake_root",
    "lake_state",
    "opened",
    "warm",
    "within_a_minute",
]

NO_LAKE: Final = ""
MEMORY_MB: Final = 1024
WARM_AFTER_SECONDS: Final = 5
# More at a time would only take memory and processors from one another.
MOST_AT_ONCE: Final = 4
# Cells that are older are left to whoever looks after them, and facts are scanned as they are now.
CELLS_SERVE_FOR: Final = timedelta(minutes=30)
LONGEST_SECONDS: Final = 60.0

_guard = threading.Lock()
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)
_idle: dict[int, tuple[str, list["Facts"]]] = {}
_shared: list["duckdb.DuckDBPyConnection"] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What a question reads. word: another one for any other state of the facts. state: of the cells; None for the present."""

    word: str
    state: "Manifest | None"


def insight(name: str) -> ModuleType:
    """Import a room of `careloop.insight`, with the libraries it stands on. Raises MeasuringMissing."""
    try:
        return importlib.import_module(f"careloop.insight.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("careloop"):
            raise
        raise MeasuringMissing(
            _("Numbers need the extra “analytics”, which is not installed here. Ask whoever runs this installation.")
        ) from error


def warm() -> None:
    """Import in the background, once the first pages are out, what questions need: then the first one does not wait for it."""

    def load() -> None:
        time.sleep(WARM_AFTER_SECONDS)
        try:
            insight("kpis")
            insight("facts")
        except MeasuringMissing:
            return  # whoever asks is told

    threading.Thread(target=load, name="warm-measuring", daemon=True).start()


def lake_root(workspace_id: int) -> Path:
    """Return the folder of a workspace's facts, which need not be there. No other folder is ever opened for it."""
    return Path(settings.LAKE_ROOT) / str(workspace_id)


def first_day(workspace_id: int) -> date | None:
    """Return the UTC day of the first contact that facts tell of; None where there are none."""
    root = lake_root(workspace_id)
    if not root.exists():
        return None
    manifest = insight("facts.manifest").load(root)
    days = () if manifest is None else (entry.day for entry in manifest.of("contact") if entry.day)
    return min(map(date.fromisoformat, days), default=None)


def lake_state(workspace_id: int) -> str:
    """Return a word that is another one whenever questions may have other answers; NO_LAKE where there are no facts yet."""
    return _chosen(workspace_id).word


def _chosen(workspace_id: int) -> _Chosen:
    """Choose the state that cells are of, so that a page is of one moment; the present one where cells are too old."""
    root = lake_root(workspace_id)
    try:
        # A lake's manifest is replaced as a whole with every change.
        found = (root / "manifest.json").stat()
    except FileNotFoundError:
        return _Chosen(word=NO_LAKE, state=None)
    record = insight("cell_record").load(root)
    if datetime.now(UTC) - record.taken_at < CELLS_SERVE_FOR:
        return _Chosen(word=f"cells-{record.state.number}-{record.taken_at.timestamp():.0f}", state=record.state)
    return _Chosen(word=f"{found.st_mtime_ns:x}-{found.st_ino:x}", state=None)


@contextmanager
def opened(workspace_id: int, *, as_of: date | None = None) -> Iterator["Facts | None"]:
    """Lend the facts of a workspace to one thread; None where there are none yet. Others are lent facts of their own meanwhile.

    as_of: as they were known at the end of that day in UTC.

    Never called inside a transaction: what is worked out here takes as long as it takes.
    """
    with _turns:
        chosen = _chosen(workspace_id)
        if chosen.word == NO_LAKE:
            yield None
            return
        facts = _taken(workspace_id, chosen) if as_of is None else None
        if facts is None:
            state = chosen.state if as_of is None else None
            root = lake_root(workspace_id)
            facts = insight("facts").read(root, as_of=as_of, state=state, within=_database())
        yield facts
        if as_of is None:
            _put_back(workspace_id, chosen, facts)


def _taken(workspace_id: int, chosen: _Chosen) -> "Facts | None":
    with _guard:
        word, idle = _idle.get(workspace_id, (NO_LAKE, []))
        return idle.pop() if word == chosen.word and idle else None


def _put_back(workspace_id: int, chosen: _Chosen, facts: "Facts") -> None:
    with _guard:
        word, idle = _idle.get(workspace_id, (NO_LAKE, []))
        # Facts of another state are let go of, with their connection.
        _idle[workspace_id] = (chosen.word, [*idle, facts] if word == chosen.word else [facts])


def _database() -> "duckdb.DuckDBPyConnection":
    """Return the DuckDB of this process, whose limits all readers share; each asks over a connection of its own."""
    with _guard:
        if not _shared:
            _shared.append(bounded_database(memory_mb=MEMORY_MB))
        return _shared[0]


def bounded_database(*, memory_mb: int) -> "duckdb.DuckDBPyConnection":
    """Open a DuckDB that writes beside the lakes what memory does not hold. memory_mb: what it may use."""
    import duckdb

    spill = Path(settings.LAKE_ROOT) / f".spill-{os.getpid()}"
    limits: dict[str, Any] = {"memory_limit": f"{memory_mb}MB", "temp_directory": str(spill)}
    return duckdb.connect(":memory:", config=limits)


@contextmanager
def within_a_minute(facts: "Facts") -> Iterator[None]:
    """Break off what is asked of facts once it has taken a minute. Raises QuestionTooLong."""
    import duckdb

    timer = threading.Timer(LONGEST_SECONDS, facts.backend.con.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise QuestionTooLong(
            _(
                "This takes more than a minute to work out, so it was broken off. Choose a shorter period or fewer parts."
            )
        ) from error
    finally:
        timer.cancel()
