"""Small files become one a day, what holds is parted from what held, and what nobody can ask for any more goes."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.columns import quoted
from careloop.insight.facts.files import connected, relation_of, write_files
from careloop.insight.facts.histories import APART
from careloop.insight.facts.manifest import Entry, Manifest, Role
from careloop.insight.facts.quarantine import QUARANTINE
from careloop.insight.facts.tables import ENVELOPE, TABLES, Table

__all__ = ["Compacted", "compact"]

READERS_HAVE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What compaction did. files_before, files_after: of the lake. dropped_versions: superseded and past keeping."""

    files_before: int
    files_after: int
    dropped_versions: int


def compact(root: Path, *, at: datetime, keep: timedelta, memory_mb: int, wait_seconds: float) -> Compacted:
    """Compact a lake, one table and day after the other, each step whole. See `FactStore.compact`."""
    dropped = 0
    with manifests.writing(root, wait_seconds=wait_seconds):
        manifest = manifests.load(root) or Manifest()
        before = len(manifest.entries)
        _sweep(root, manifest, at=at)
        for table in (*TABLES.values(), APART, QUARANTINE):
            for group in _groups(manifest, table):
                manifest, lost = _rewrite(root, manifest, table, group, at=at, keep=keep, memory_mb=memory_mb)
                dropped += lost
        manifest = manifests.save(root, _forget(root, manifest, at=at, keep=keep))
        return Compacted(files_before=before, files_after=len(manifest.entries), dropped_versions=dropped)


def _groups(manifest: Manifest, table: Table) -> Iterator[Sequence[Entry]]:
    """Yield the files to be rewritten together: all that corrections touch, then each day that lies in pieces."""
    later = manifest.of(table.name, Role.LATER)
    touched = {day for entry in later for day in (entry.day, *entry.moved_from)}
    days: dict[str, list[Entry]] = {}
    for entry in manifest.of(table.name, Role.BASE, Role.PAST):
        days.setdefault(entry.day, []).append(entry)
    if later:
        yield [*later, *(entry for day in touched for entry in days.get(day, ()))]
    for day, entries in sorted(days.items()):
        roles = [entry.role for entry in entries]
        if day not in touched and len(roles) > len(set(roles)):
            yield entries


def _rewrite(
    root: Path,
    manifest: Manifest,
    table: Table,
    group: Sequence[Entry],
    *,
    at: datetime,
    keep: timedelta,
    memory_mb: int,
) -> tuple[Manifest, int]:
    keys = ", ".join(quoted(name) for name in table.key)
    columns = ", ".join(quoted(column.name) for column in (*table.columns, *ENVELOPE))
    day = f"CAST({quoted(table.instant)} AS DATE)" if table.instant else "NULL::DATE"
    past = relation_of(root, table, [entry for entry in group if entry.role is Role.PAST])
    # What was superseded on the day it came was never seen at the end of a day; as-of questions ask for ends of days.
    kept = (
        f"coalesce(superseded_us, epoch_us(ingested_at)) >= epoch_us(TIMESTAMPTZ '{(at - keep).isoformat()}') AND "
        "(superseded_us IS NULL OR superseded_us // 86400000000 > epoch_us(ingested_at) // 86400000000)"
    )
    already = f"UNION ALL BY NAME SELECT {columns}, superseded_us, false AS holds FROM {past}" if past else ""  # noqa: S608
    with connected(root, memory_mb=memory_mb) as db:
        db.execute(
            f"""
            CREATE TEMP TABLE versions AS
            SELECT {columns}, epoch_us(lead(ingested_at) OVER line) AS superseded_us,
                   lead(ingested_at) OVER line IS NULL AND NOT is_retracted AS holds
            FROM {relation_of(root, table, [entry for entry in group if entry.role is not Role.PAST])}
            WINDOW line AS (PARTITION BY {keys} ORDER BY record_version) {already}
            """  # noqa: S608
        )
        db.execute(
            f"CREATE TEMP TABLE written AS SELECT *, CASE WHEN holds THEN '{Role.BASE}' ELSE '{Role.PAST}' END AS _role, "  # noqa: S608
            f"{day} AS _day, NULL::DATE AS _from_day FROM versions WHERE holds OR {kept}"
        )
        ((lost,),) = db.execute("SELECT (SELECT count(*) FROM versions) - (SELECT count(*) FROM written)").fetchall()
        entries = write_files(db, root, table, number=manifest.number + 1)
    gone = {entry.path for entry in group}
    return (
        manifests.save(
            root,
            replace(
                manifest,
                entries=(*(entry for entry in manifest.entries if entry.path not in gone), *entries),
                retired={**manifest.retired, **dict.fromkeys(gone, at)},
            ),
        ),
        int(lost),
    )


def _forget(root: Path, manifest: Manifest, *, at: datetime, keep: timedelta) -> Manifest:
    """Delete retired files that no reader can still have open, and forget old batches."""
    over = {path for path, since in manifest.retired.items() if since + READERS_HAVE <= at}
    for path in over:
        (root / path).unlink(missing_ok=True)
    return replace(
        manifest,
        retired={path: since for path, since in manifest.retired.items() if path not in over},
        batches={batch: since for batch, since in manifest.batches.items() if since + keep > at},
    )


def _sweep(root: Path, manifest: Manifest, *, at: datetime) -> None:
    """Remove what writers left that died: files that nobody names, and what DuckDB had spilled."""
    named = {entry.path for entry in manifest.entries} | set(manifest.retired)
    for file in root.glob("*/*/*.parquet"):
        if str(file.relative_to(root)) not in named:
            file.unlink()
    for spill in root.glob(".spill-*"):
        if spill.stat().st_mtime < (at - READERS_HAVE).timestamp():
            shutil.rmtree(spill, ignore_errors=True)
