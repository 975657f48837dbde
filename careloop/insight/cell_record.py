"""Which cells of a lake there are (docs/reasons/kpis.md): a file that names all others and the state of the lake that they are of.

It stands apart from `kpis`, so that whoever only asks how old cells are need not bring Ibis along.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.manifest import Manifest

__all__ = [
    "FOLDER",
    "Family",
    "Lag",
    "Record",
    "drop_pending",
    "lag_of",
    "load",
    "load_pending",
    "save",
    "save_pending",
]

FOLDER = "cells"
FORMAT = 3
NAME = "cells.json"
PENDING = "pending.json"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Sums over equal rows at one grain, a file for each month.

    grain: its name. dimensions: those of the grain that the rows lead to. series: names of the sums; see `series_of`.
    has_spans: whether seconds of spans are among them. is_by_day: whether rows have a calendar day instead of an instant.
    is_keyed: whether each cell has a row for every different value (`m_key`), with how often it came.
    latest: no row, and no end of a span, is later than the half hour that begins at this UTC second; None without rows.
    files: month, as YYYY-MM, to the path below the folder.
    """

    grain: str
    dimensions: tuple[str, ...]
    series: tuple[str, ...]
    has_spans: bool
    is_by_day: bool
    is_keyed: bool = False
    latest: int | None = None
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """state: of the lake, without what only writers of facts need. taken_at: when it was the lake's newest.

    families: by a name that changes whenever what is summed may have.
    """

    state: Manifest = field(default_factory=lambda: Manifest(number=-1))
    taken_at: datetime = LONG_AGO
    families: Mapping[str, Family] = field(default_factory=dict)

    def is_of(self, manifest: Manifest) -> bool:
        """Tell whether these cells are of the very state that somebody has open."""
        mine = self.state
        # A lake that was lost and filled again comes by the same numbers with other facts.
        return mine is manifest or (
            mine.number == manifest.number
            and mine.zone == manifest.zone
            and mine.watermarks == manifest.watermarks
            and mine.entries == manifest.entries
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far cells are behind their lake. taken_at: when the state they are of was the newest; None without cells.

    has_new_facts: whether files have come or gone since. has_moved: whether only the lake says something else of itself, such as
    until when it is complete.
    """

    taken_at: datetime | None
    has_new_facts: bool
    has_moved: bool


def lag_of(root: Path) -> Lag | None:
    """Compare cells with their lake; None where there is no lake. Raises NewerLake."""
    manifest = manifests.load(root)
    if manifest is None:
        return None
    record = load(root)
    is_there = record.taken_at != LONG_AGO
    has_new_facts = not is_there or manifest.zone != record.state.zone or manifest.entries != record.state.entries
    return Lag(
        taken_at=record.taken_at if is_there else None,
        has_new_facts=has_new_facts,
        has_moved=not has_new_facts and manifest.watermarks != record.state.watermarks,
    )


def load(root: Path) -> Record:
    """Return which cells a lake has; an empty record where it has none, or those of another release."""
    return _load(root / FOLDER / NAME)


def load_pending(root: Path) -> Record | None:
    """Return what an unfinished refresh has made so far; None where there is none."""
    record = _load(root / FOLDER / PENDING)
    return None if record.taken_at == LONG_AGO else record


def save(root: Path, record: Record) -> None:
    """Replace the record. From now on questions find these cells."""
    _save(root / FOLDER / NAME, record)


def save_pending(root: Path, record: Record) -> None:
    """Keep what an unfinished refresh has made; no question finds it."""
    _save(root / FOLDER / PENDING, record)


def drop_pending(root: Path) -> None:
    """Forget an unfinished refresh."""
    (root / FOLDER / PENDING).unlink(missing_ok=True)


def _load(path: Path) -> Record:
    try:
        found = path.stat()
    except FileNotFoundError:
        return Record()
    return _read(path, found.st_mtime_ns, found.st_ino, found.st_size)


@lru_cache(maxsize=32)
def _read(path: Path, _changed_ns: int, _inode: int, _size: int) -> Record:
    """Read a record, which every question asks for, once for each time that it is replaced."""
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("format") != FORMAT:
        return Record()
    families = {
        name: Family(
            grain=family["grain"],
            dimensions=tuple(family["dimensions"]),
            series=tuple(family["series"]),
            has_spans=family["has_spans"],
            is_by_day=family["is_by_day"],
            is_keyed=family["is_keyed"],
            latest=family["latest"],
            files=family["files"],
        )
        for name, family in told["families"].items()
    }
    return Record(
        state=manifests.of_told(told["state"]), taken_at=datetime.fromisoformat(told["taken_at"]), families=families
    )


def _save(path: Path, record: Record) -> None:
    told = {
        "format": FORMAT,
        "taken_at": record.taken_at.isoformat(),
        "state": manifests.told(record.state),
        "families": {name: asdict(family) for name, family in record.families.items()},
    }
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(told, file, default=manifests.as_text, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    manifests.settle(path.parent)
