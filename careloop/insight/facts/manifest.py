"""What a lake consists of: one file that names all others, replaced as a whole.

A reader reads it once and has a snapshot. A writer puts its files in place first and replaces the manifest last, so whoever dies in
between leaves files that nobody names, which the next writer removes.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from careloop.insight.facts.errors import LakeBusy, NewerLake

__all__ = ["Entry", "Manifest", "Role", "as_text", "load", "of_told", "save", "settle", "told", "writing"]

FORMAT = 1
NAME = "manifest.json"
LOCK = ".lock"


class Role(StrEnum):
    """How a reader has to take a file.

    BASE: each key stands once among all of them. LATER: versions that came after one in base. PAST: what no longer holds.
    """

    BASE = "base"
    LATER = "later"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One Parquet file.

    path: below the lake's folder. day: the UTC day of its rows, empty for tables kept in one piece. layout: names its columns.
    moved_from: days in which rows lay that moved here. least, greatest: of the first key column.
    """

    path: str
    table: str
    day: str
    role: Role
    rows: int
    layout: str
    least: str
    greatest: str
    moved_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A lake at one moment. number counts its changes.

    given: sources of each table, also of those without rows. watermarks: until when each source is complete.
    told: columns of each table that some source would fill if there were something to say, also where no row has.
    batches: keys of what was appended, with the moment. retired: files no longer named, with the moment of that.
    """

    number: int = 0
    zone: str = "UTC"
    entries: tuple[Entry, ...] = ()
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    watermarks: Mapping[str, datetime] = field(default_factory=dict)
    batches: Mapping[str, datetime] = field(default_factory=dict)
    retired: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, table: str, *roles: Role) -> tuple[Entry, ...]:
        """Return the files of a table in some roles; in all when none is named."""
        return tuple(entry for entry in self.entries if entry.table == table and (not roles or entry.role in roles))

    def with_given(self, table: str, source: str) -> Mapping[str, tuple[str, ...]]:
        """Return `given` with one more source of a table."""
        return {**self.given, table: tuple(sorted({*self.given.get(table, ()), source}))}

    def with_told(self, table: str, columns: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return `told` with more columns of a table."""
        return {**self.told, table: tuple(sorted({*self.told.get(table, ()), *columns}))}


def load(root: Path) -> Manifest | None:
    """Return the manifest of a lake, or None where there is none. Raises NewerLake."""
    try:
        found = json.loads((root / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if found["format"] != FORMAT:
        raise NewerLake(root=root)
    return of_told(found)


def of_told(told: Mapping[str, Any]) -> Manifest:
    """Return the manifest that `told` wrote down."""
    return Manifest(
        number=told["number"],
        zone=told["zone"],
        entries=tuple(
            Entry(**{**entry, "role": Role(entry["role"]), "moved_from": tuple(entry["moved_from"])})
            for entry in told["entries"]
        ),
        given={table: tuple(sources) for table, sources in told["given"].items()},
        told={table: tuple(columns) for table, columns in told.get("told", {}).items()},
        watermarks=_moments(told["watermarks"]),
        batches=_moments(told["batches"]),
        retired=_moments(told["retired"]),
    )


def told(manifest: Manifest) -> dict[str, Any]:
    """Write a manifest down for JSON, moments by `as_text`."""
    return {"format": FORMAT, **asdict(manifest)}


def save(root: Path, manifest: Manifest) -> Manifest:
    """Replace the manifest, and return it with its new number. Only for who holds `writing`."""
    numbered = replace(manifest, number=manifest.number + 1)
    beside = root / f"{NAME}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(told(numbered), file, default=as_text, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(root / NAME)
    settle(root)
    return numbered


def settle(path: Path) -> None:
    """Make sure that a file, or the names in a folder, survive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(root: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the one right to write into a lake, across processes and threads. Raises LakeBusy."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + wait_seconds
    with (root / LOCK).open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise LakeBusy(root=root) from None
                time.sleep(0.05)
        yield


def _moments(told: Mapping[str, str]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(moment) for name, moment in told.items()}


def as_text(value: Any) -> str:
    """Write what JSON does not know as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"A manifest does not hold {type(value).__name__}.")
