"""Steps of an import into the lake."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from careloop.insight.facts import Appended, FactStore
from careloop.insight.facts.tables import TABLES
from careloop.insight.imports.errors import FolderUnusable
from careloop.insight.imports.steps import Step

__all__ = ["Loaded", "Tally", "contact_key", "load", "set_overlaps_aside", "work_folder"]

STORE_MB = 400
KEY_BYTES = 32


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the rows of one fact table.

    quarantined: set aside by the lake, by reason. examples: column and value of one of them, by reason.
    """

    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    outdated: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    examples: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def count(self, appended: Appended) -> None:
        """Add what one append did."""
        self.added += appended.added
        self.corrected += appended.corrected + appended.retracted
        self.unchanged += appended.unchanged
        self.outdated += appended.outdated
        for reason, number in appended.quarantined.items():
            self.quarantined[str(reason)] = self.quarantined.get(str(reason), 0) + number
            self.examples.setdefault(str(reason), appended.examples[reason])


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What an import did. known_steps: how many steps the lake had already, of steps."""

    tables: Mapping[str, Tally]
    steps: int
    known_steps: int
    complete_through: datetime | None


def load(facts: Path, steps: Iterable[Step], *, source: str, at: datetime, through: datetime | None = None) -> Loaded:
    """Write steps into the lake in a folder.

    source: who says so, in every row. at: the moment of writing, timezone-aware. through: until when the steps tell everything,
    where that is known better than by the newest of their rows.

    A step that the lake has already is passed over. Raises FactsError, and what reading raises.
    """
    store = FactStore(facts, memory_mb=STORE_MB)
    tallies: dict[str, Tally] = {}
    count = known = 0
    latest: datetime | None = None
    for step in steps:
        gathered: dict[str, list[pa.Table]] = {}
        for name, rows in step.batches:
            gathered.setdefault(name, []).append(rows)
        outcomes = []
        for name, parts in gathered.items():
            rows = pa.concat_tables(parts, promote_options="default")
            latest = _later(latest, _latest(name, rows), at)
            appended = store.append(name, rows, source=source, at=at, batch=step.key)
            tallies.setdefault(name, Tally()).count(appended)
            outcomes.append(appended.was_known)
        count += 1
        known += bool(outcomes) and all(outcomes)
    latest = _later(latest, through, at)
    if latest is not None:
        store.complete(source=source, through=latest)
    return Loaded(tables=tallies, steps=count, known_steps=known, complete_through=latest)


def set_overlaps_aside(facts: Path, loaded: Loaded, *, at: datetime) -> Loaded:
    """Check what several rows have to say together, where agents' states came in; return what was loaded with what that found.

    at: now. A telephone system's own log needs no such look: its states are made so that none overlap.
    """
    tally = loaded.tables.get("agent_state")
    if tally is not None and tally.added + tally.corrected:
        checked = FactStore(facts, memory_mb=STORE_MB).check(at=at)
        for reason, count in checked.quarantined.items():
            tally.quarantined[str(reason)] = tally.quarantined.get(str(reason), 0) + count
            tally.examples[str(reason)] = checked.examples[reason]
    return loaded


def work_folder(facts: Path) -> Path:
    """Return the folder inside a lake in which imports keep what they have to remember. Raises FolderUnusable."""
    folder = facts / "imports"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise FolderUnusable(folder=str(facts), reason=problem.strerror or str(problem)) from None
    return folder


def contact_key(facts: Path) -> bytes:
    """Return the secret with which this lake's imports hash numbers and addresses; made at the first import."""
    path = work_folder(facts) / "contact-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


def _latest(name: str, rows: pa.Table) -> datetime | None:
    instant = TABLES[name].instant
    if instant is None or instant not in rows.column_names or not len(rows):
        return None
    found = pc.max(rows[instant]).as_py()
    return None if found is None else found.astimezone(UTC)


def _later(known: datetime | None, found: datetime | None, now: datetime) -> datetime | None:
    """Return the later of two moments; what lies after now is a wrong stamp and says nothing of completeness."""
    if found is None or found > now:
        return known
    return found if known is None else max(known, found)
