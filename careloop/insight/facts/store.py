"""The lake of one workspace: a folder of Parquet files that only grows by whole steps.

    store = FactStore(root)
    store.append("contact", rows, source="queue_log", at=now, batch="sha256 of the file")
    store.check(at=now)
    store.compact(at=now)

How it lies on disk, and why nothing is lost or counted twice: docs/reasons/facts.md.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.adding import add_plain
from careloop.insight.facts.checking import Checked, check
from careloop.insight.facts.columns import CHUNK_ROWS, Rows, literal, quoted
from careloop.insight.facts.compacting import Compacted, compact
from careloop.insight.facts.errors import UnknownTable
from careloop.insight.facts.files import connected, queries_of, relation_of, write_files
from careloop.insight.facts.histories import (
    APART,
    HERE,
    STATES,
    is_told_twice,
    readable_twice,
    weighed,
    weighed_anew,
    whose,
)
from careloop.insight.facts.manifest import Entry, Manifest, Role
from careloop.insight.facts.merging import number_versions
from careloop.insight.facts.moments import zone_named
from careloop.insight.facts.quarantine import SetAside, set_aside, set_aside_rows
from careloop.insight.facts.reasons import Reason
from careloop.insight.facts.tables import TABLES, Table
from careloop.insight.facts.taking import take_in

__all__ = ["Appended", "FactStore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What became of the rows that were given; all add up to `rows`.

    added: keys that were new. corrected, retracted: new versions of known ones. unchanged: said nothing new.
    outdated: older than what the lake holds. quarantined: set aside, by reason.
    examples: column and value of one row that was set aside, by reason.
    was_known: the batch had been appended before, so nothing was read.
    """

    rows: int = 0
    added: int = 0
    corrected: int = 0
    retracted: int = 0
    unchanged: int = 0
    outdated: int = 0
    quarantined: Mapping[Reason, int] = field(default_factory=dict)
    examples: Mapping[Reason, tuple[str, str | None]] = field(default_factory=dict)
    was_known: bool = False


class FactStore:
    """The facts of one workspace, in a folder of their own. Any number of processes may read and write."""

    def __init__(self, root: Path | str, *, memory_mb: int = 1024, wait_seconds: float = 600) -> None:
        """Open a lake, which need not be there yet.

        memory_mb: what DuckDB may use; beyond, it spills into the folder. wait_seconds: how long to wait for another writer.
        """
        self.root = Path(root)
        self.memory_mb = memory_mb
        self.wait_seconds = wait_seconds

    def append(
        self,
        table: str,
        rows: Rows,
        *,
        source: str,
        at: datetime,
        batch: str | None = None,
        complete_through: datetime | None = None,
        tells: Collection[str] = (),
    ) -> Appended:
        """Add rows, in one step that happens wholly or not at all.

        rows: mappings by column name, or anything of Arrow, also endless streams of batches; see `columns.as_batches`.
            A row whose key is known becomes its next version, if it says something new. A row that brings a `record_version` is
            taken by that number instead. A row with `is_retracted` takes its key away and may give no more than the key.
        source: who says so. at: the moment of arrival.
        batch: names what is appended; the same batch is never taken twice into a table.
        complete_through: until when the source is complete from now on; a watermark never moves back.
        tells: columns that the source fills as soon as there is something to say, so that a null says that it did not happen;
            of any other column without a single value nobody knows that (`Facts.lacking`).

        What breaks an invariant is set aside and counted. Raises FactsError where rows are of no use at all.
        """
        described = _described(table)
        key = None if batch is None else f"{table}:{source}:{batch}"
        if key is not None and key in self._manifest().batches:
            return Appended(was_known=True)
        more: dict[str, Any] = {"source": source, "at": at, "key": key, "through": complete_through, "tells": tells}
        if described is not STATES:
            return self._append(described, rows, **more)
        manifest, steps = self._manifest(), 1
        if source != HERE and HERE in manifest.given.get(table, ()):
            rows = readable_twice(rows)
            if (told := weighed(self.root, manifest, rows, memory_mb=self.memory_mb)) is not None:
                self._append(APART, told.apart, source=source, at=at)
                rows, steps = told.states, 2
        appended = self._append(described, rows, **more)
        # Whoever of two writers comes last sees what the other one wrote.
        is_alone = self._manifest().number == manifest.number + steps
        if not (source != HERE and is_alone) and (about := whose(rows)) is not None:
            self.give_way(at=at, since=about.since, agents=about.agents or None)
        return appended

    def give_way(self, *, at: datetime, since: datetime | None = None, agents: Collection[str] | None = None) -> int:
        """Take away what other sources say of time in which people are at work here, and return in how many rows that shows.

        at: now. since, agents: whose stretches, from when on; None for all. Done twice, it changes nothing.
        """
        manifest = self._manifest()
        if not is_told_twice(manifest):
            return 0
        found = weighed_anew(self.root, manifest, memory_mb=self.memory_mb, since=since, agents=agents)
        changed = 0
        for source, told in found.items():
            self._append(APART, told.apart, source=source, at=at)
            done = self._append(STATES, told.states, source=source, at=at)
            changed += done.added + done.corrected + done.retracted
        return changed

    def _append(
        self,
        described: Table,
        rows: Rows,
        *,
        source: str,
        at: datetime,
        key: str | None = None,
        through: datetime | None = None,
        tells: Collection[str] = (),
    ) -> Appended:
        table = described.name
        with connected(self.root, memory_mb=self.memory_mb) as db:
            is_whole = take_in(db, described, rows, source=source, at=at)
            with self._writing():
                manifest = self._manifest()
                if key is not None and key in manifest.batches:
                    return Appended(was_known=True)
                entries, appended = self._merge(db, described, manifest, is_whole=is_whole, at=at)
                manifests.save(
                    self.root,
                    replace(
                        manifest,
                        entries=(*manifest.entries, *entries),
                        given=manifest.given if described is APART else manifest.with_given(table, source),
                        told=manifest.with_told(table, tells) if tells else manifest.told,
                        watermarks=_later(manifest.watermarks, source, through),
                        batches=manifest.batches if key is None else {**manifest.batches, key: at},
                    ),
                )
                return appended

    def retract(self, table: str, keys: Iterable[Mapping[str, Any]], *, source: str, at: datetime) -> Appended:
        """Take rows away. keys: the key columns of each. What the lake does not hold counts as unchanged."""
        return self.append(table, ({**key, "is_retracted": True} for key in keys), source=source, at=at)

    def complete(self, *, source: str, through: datetime) -> None:
        """Say until when a source is complete; a watermark never moves back."""
        with self._writing():
            manifest = self._manifest()
            manifests.save(self.root, replace(manifest, watermarks=_later(manifest.watermarks, source, through)))

    def settle_zone(self, zone: str) -> None:
        """Say in which time zone the workspace lives. Raises BadZone."""
        name = str(zone_named(zone))
        if self._manifest().zone == name:
            return
        with self._writing():
            manifests.save(self.root, replace(self._manifest(), zone=name))

    def compact(self, *, at: datetime, keep_days: int = 400) -> Compacted:
        """Merge small files and part what holds from what held, so that both are cheap to read. Answers do not change.

        at: now. keep_days: for how long `read(as_of=…)` stays exact. A version that was superseded on the day it came is dropped
            at once, since no end of a day ever showed it; any other, so many days after it was superseded.

        Files that a reader may still have open are deleted a day later.
        """
        return compact(
            self.root, at=at, keep=timedelta(days=keep_days), memory_mb=self.memory_mb, wait_seconds=self.wait_seconds
        )

    def check(self, *, at: datetime) -> Checked:
        """Ask what needs several rows: overlapping states are set aside, what does not add up is told.

        at: now. A state that was set aside comes back with its next version, if that no longer overlaps. What others say of
        people who are at work here gives way first.
        """
        self.give_way(at=at)
        return check(self.root, at=at, memory_mb=self.memory_mb, wait_seconds=self.wait_seconds)

    def zone(self) -> str:
        """Return the time zone of the workspace."""
        return self._manifest().zone

    def watermarks(self) -> Mapping[str, datetime]:
        """Return until when each source is complete."""
        return self._manifest().watermarks

    def given(self) -> Mapping[str, tuple[str, ...]]:
        """Return the sources of each table; empty for a lake that is not there yet."""
        return self._manifest().given

    def told(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns of each table that a source said it would fill; see `append`."""
        return self._manifest().told

    def file_count(self) -> int:
        """Return of how many Parquet files the lake consists."""
        return len(self._manifest().entries)

    def piece_count(self) -> int:
        """Return how many files compaction would do away with, at most."""
        entries = self._manifest().entries
        whole = {(entry.table, entry.day, entry.role) for entry in entries if entry.role is not Role.LATER}
        return len(entries) - len(whole)

    def batches(
        self, table: str, *, holding: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a table that hold now, as they could be appended elsewhere, a bounded number at a time.

        holding: only rows in which each of these columns, of texts, holds one of these values.
        """
        described = _described(table)
        query = queries_of(self.root, self._manifest(), as_of=None).get(table)
        own = ", ".join(quoted(column.name) for column in described.columns)
        where = "".join(f" AND {quoted(name)} IN ({', '.join(map(literal, words))})" for name, words in holding.items())
        if query is not None:
            with connected(self.root, memory_mb=self.memory_mb) as db:
                yield from db.execute(f"SELECT {own} FROM ({query}) WHERE true{where}").to_arrow_reader(CHUNK_ROWS)  # noqa: S608

    def quarantined(self) -> Mapping[tuple[str, str, Reason], int]:
        """Return how many rows are set aside and not mended since, by table, source and reason."""
        with connected(self.root, memory_mb=self.memory_mb) as db:
            return set_aside_rows(db, self.root, self._manifest(), limit=0)[0]

    def quarantined_rows(self, *, limit: int = 100) -> list[SetAside]:
        """Return the rows set aside last, newest first."""
        with connected(self.root, memory_mb=self.memory_mb) as db:
            return set_aside_rows(db, self.root, self._manifest(), limit=limit)[1]

    def _manifest(self) -> Manifest:
        return manifests.load(self.root) or Manifest()

    def _writing(self) -> Any:
        return manifests.writing(self.root, wait_seconds=self.wait_seconds)

    def _merge(
        self, db: duckdb.DuckDBPyConnection, table: Table, manifest: Manifest, *, is_whole: bool, at: datetime
    ) -> tuple[list[Entry], Appended]:
        """Write the files of what is in `judged`, and say what became of it. is_whole: nothing of it is in `incoming` yet."""
        least, greatest = db.execute(
            f"SELECT min(k), max(k) FROM (SELECT {quoted(table.key[0])}::VARCHAR AS k FROM judged)"  # noqa: S608
        ).fetchall()[0]
        near = (
            []
            if least is None
            else [one for one in manifest.of(table.name) if one.least <= greatest and least <= one.greatest]
        )
        lying, number = relation_of(self.root, table, near), manifest.number + 1
        entries, added = add_plain(db, self.root, table, lying=lying, number=number) if is_whole else ([], 0)
        ((rest,),) = db.execute("SELECT count(*) FROM incoming").fetchall()
        if not rest:
            return entries, Appended(rows=added, added=added)
        number_versions(db, table, lying=lying)
        entries += write_files(db, self.root, table, number=number)
        told = _appended(db, table)
        aside, reasons, examples = set_aside(db, self.root, table, manifest, at=at)
        told = replace(told, rows=rest + added, added=told.added + added, quarantined=reasons, examples=examples)
        return [*entries, *aside], told


def _described(name: str) -> Table:
    if name not in TABLES:
        raise UnknownTable(table=name)
    return TABLES[name]


def _appended(db: duckdb.DuckDBPyConnection, table: Table) -> Appended:
    keys = ", ".join(quoted(name) for name in table.key)
    fates = dict(db.execute("SELECT fate, count(*) FROM numbered GROUP BY fate").fetchall())
    added, corrected, retracted = db.execute(
        "SELECT count(*) FILTER (is_new AND NOT is_retracted), count(*) FILTER (NOT is_new AND NOT is_retracted), "  # noqa: S608
        f"count(*) FILTER (is_retracted) FROM (SELECT is_retracted, h.record_version IS NULL AND row_number() OVER "
        f"(PARTITION BY {keys} ORDER BY w.record_version) = 1 AS is_new FROM written AS w LEFT JOIN "
        f"(SELECT {keys}, record_version FROM heads) AS h USING ({keys}))"
    ).fetchall()[0]
    return Appended(
        added=added,
        corrected=corrected,
        retracted=retracted,
        unchanged=fates.get("unchanged", 0),
        outdated=fates.get("outdated", 0),
    )


def _later(watermarks: Mapping[str, datetime], source: str, through: datetime | None) -> Mapping[str, datetime]:
    if through is None or ((known := watermarks.get(source)) is not None and known >= through):
        return watermarks
    return {**watermarks, source: through}
