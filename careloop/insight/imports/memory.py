"""What an import remembers between runs: which files it has read how far, and what a later line may still complete."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from careloop.insight.facts.columns import literal
from careloop.insight.imports.errors import FileShrank
from careloop.insight.imports.files import head_digest

__all__ = ["MEMORY_LIMIT", "Place", "place_of", "remember", "remembered", "working"]

MEMORY_LIMIT = "400MB"
"""Of DuckDB; beyond, it spills to disk."""

FILES = "create table if not exists files (head varchar, head_bytes bigint, until bigint, line bigint)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a file has been read.

    head: SHA-256 of its first head_bytes bytes. until: bytes of the unpacked file. line: lines before that.
    """

    head: str
    head_bytes: int
    until: int = 0
    line: int = 0


@contextmanager
def working(database: Path | None, *, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database to work in, bounded in memory.

    database: the file that remembers; None for one that forgets. folder: where it may spill.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(database) if database else ":memory:")
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"set temp_directory = {literal(str(folder / 'spill'))}")
        yield connection
    finally:
        connection.close()


@contextmanager
def remembered(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database that remembers, readable by its owner only: it holds numbers of callers until their call is over."""
    with working(database, folder=database.parent) as connection:
        database.chmod(0o600)
        connection.execute(FILES)
        yield connection


def place_of(connection: duckdb.DuckDBPyConnection, path: Path, *, size: int | None) -> Place:
    """Return how far a file has been read, told by how it begins.

    size: of the unpacked file, None where that is not known. Raises FileShrank when it is shorter than what was read.
    """
    for head, head_bytes, until, line in connection.execute("from files order by head_bytes desc").fetchall():
        if head_digest(path, size=head_bytes) == (head, head_bytes):
            if size is not None and size < until:
                raise FileShrank(file=path.name, now=size, before=until)
            return Place(head=head, head_bytes=head_bytes, until=until, line=line)
    head, head_bytes = head_digest(path)
    return Place(head=head, head_bytes=head_bytes)


def remember(connection: duckdb.DuckDBPyConnection, place: Place) -> None:
    """Note how far a file has been read."""
    connection.execute("delete from files where head = ? and head_bytes = ?", [place.head, place.head_bytes])
    connection.execute("insert into files values (?, ?, ?, ?)", [place.head, place.head_bytes, place.until, place.line])
