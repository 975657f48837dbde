"""Facts as metrics read them: one Ibis table for each fact table, with the versions that hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend
from ibis.expr.types.joins import Join

from careloop.insight.facts import views
from careloop.insight.facts.columns import Rows, as_batches, given_schema, moments_named, quoted
from careloop.insight.facts.errors import Misfit, UnknownTable
from careloop.insight.facts.manifest import Manifest, Role
from careloop.insight.facts.moments import zone_named
from careloop.insight.facts.tables import TABLES, Table
from careloop.insight.facts.views import relation

__all__ = ["Facts", "Lake"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEFT_OUT = ("is_test", "is_ghost", "is_duplicate_dial", "is_spam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """Where facts lie, and what the lake consisted of when they were opened."""

    root: Path
    manifest: Manifest


class Facts:
    """The facts of a workspace at one moment: what is written afterwards does not show in them.

        facts = facts.read(root)
        facts["contact_segment"].group_by("queue_id").agg(n=ibis._.count())

    zone: the IANA time zone of the workspace, for local days and hours.
    backend: the DuckDB connection of Ibis in which everything runs.
    """

    def __init__(
        self,
        *,
        backend: Backend,
        queries: Mapping[str, str],
        zone: str,
        watermarks: Mapping[str, datetime],
        given: Mapping[str, frozenset[str]],
        told: Mapping[str, frozenset[str]] | None = None,
        lake: Lake | None = None,
        as_of: date | None = None,
    ) -> None:
        """Take what a store or memory holds; see `read` and `Facts.of`.

        queries: the SQL of each table that has rows, by its name.
        watermarks: until when each source is complete. given: the sources that give each table.
        told: the columns of each table that some source would fill if there were something to say.
        lake: where they lie and in which state; None for memory, and for facts as of then.
        as_of: the day at whose end, in UTC, they were known so; None for now.
        """
        self.lake = lake
        self.as_of = as_of
        self.backend = backend
        self.zone = zone
        self.watermarks = dict(watermarks)
        self._queries = queries
        self._given = given
        self._told = told or {}
        self._filled: dict[tuple[str, str], bool] = {}
        self._in_memory: dict[str, pa.Table] = {}
        self._tables: dict[str, ir.Table] = {}
        self._begins: dict[str, int | None] = {}
        self._counted: dict[str, ir.Table] = {}

    @classmethod
    def of(
        cls,
        tables: Mapping[str, Rows],
        *,
        zone: str = "UTC",
        watermarks: Mapping[str, datetime] | None = None,
        as_of: date | None = None,
    ) -> Self:
        """Return facts from memory, for tests and notebooks.

        tables: rows by the name of their table, as mappings or Arrow; a table given without rows was measured as empty, and an
            instant or a day that rows name was not known, if they give none, but did not happen.
        watermarks: until when each source is complete; rows are of the source "memory".
        as_of: the day at whose end they were known so, which says how metrics are defined; None for now.

        Types are checked and what can be worked out is; the invariants of a lake are not. Raises FactsError.
        """
        backend = ibis.duckdb.connect()
        backend.raw_sql("SET TimeZone = 'UTC'")
        queries: dict[str, str] = {}
        in_memory: dict[str, pa.Table] = {}
        told: dict[str, frozenset[str]] = {}
        for name, rows in tables.items():
            table = _described(name)
            in_memory[name] = _in_memory(table, rows)
            told[name] = moments_named(table, rows)
            queries[name] = _of_memory(table)
        facts = cls(
            backend=backend,
            queries=queries,
            zone=str(zone_named(zone)),
            watermarks=watermarks or {},
            given={name: frozenset({"memory"}) for name in tables},
            told=told,
            as_of=as_of,
        )
        facts._in_memory = in_memory
        return facts

    def __getitem__(self, name: str) -> ir.Table:
        """Return a fact table; without rows and with all its columns where no source gives it. Raises UnknownTable."""
        table = _described(name)
        if name not in self._tables:
            if name in self._in_memory:
                # Only what is asked for is handed over: a dozen tables take longer than many a question.
                self.backend.con.register(f"given_{name}", self._in_memory[name])
            query = self._queries.get(name) or _nothing(table)
            self.backend.raw_sql(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")
            self._tables[name] = self.backend.table(name)
        return self._tables[name]

    def has(self, name: str) -> bool:
        """Tell whether any source gives a table, be it without rows; where none does, nothing was measured."""
        return bool(self._given.get(_described(name).name))

    def lacking(self, name: str, columns: Iterable[str]) -> tuple[str, ...]:
        """Return which of these columns nobody tells: no row fills them, and no source says that it would.

        None where the table has no rows: then nothing happened that could be told.
        """
        asked = [column for column in columns if _described(name).column(column).is_optional]
        asked = [column for column in asked if column not in self._told.get(name, ())]
        if unknown := [column for column in asked if (name, column) not in self._filled]:
            rows = self[name].get_name()
            found = [f"EXISTS (FROM {quoted(rows)} WHERE {quoted(column)} IS NOT NULL)" for column in unknown]
            asking = f"SELECT EXISTS (FROM {quoted(rows)}), {', '.join(found)}"
            (told,) = self.backend.con.execute(asking).fetchall()
            for column, is_filled in zip(unknown, told[1:], strict=True):
                self._filled[name, column] = is_filled or not told[0]
        return tuple(column for column in asked if not self._filled[name, column])

    def sources(self, name: str) -> frozenset[str]:
        """Return the sources that give a table."""
        return self._given.get(_described(name).name, frozenset())

    def counted(self, name: str) -> ir.Table:
        """Return a table without what metrics leave out: tests, ghosts, calls dialed twice, spam, and all that hangs on them."""
        if name not in self._counted:
            self._counted[name] = self._without_left_out(name)
        return self._counted[name]

    def _without_left_out(self, name: str) -> ir.Table:
        table = self[name]
        if flags := _flags(table):
            table = table.filter(~ibis.or_(*flags))
        for other in ("contact", "case"):
            key = f"{other}_id"
            if other != name and key in table.columns and self.has(other):
                left_out = self[other]
                if isinstance(table, Join):
                    # Two anti joins in a row become one chain, which PostgreSQL and ClickHouse cannot read.
                    table = table.view()
                table = table.anti_join(left_out.filter(ibis.or_(*_flags(left_out))), key)
        return table

    def begins(self, name: str) -> datetime | None:
        """Return the instant of the first row of a table; None without rows, and for a table that is kept in one piece."""
        instant = _described(name).instant
        if instant is None:
            return None
        if name not in self._begins:
            sql = f"SELECT epoch_us(min({quoted(instant)})) FROM {self._earliest(name)}"  # noqa: S608
            found = self.backend.con.execute(sql).fetchone()
            self._begins[name] = found[0] if found else None
        micros = self._begins[name]
        return None if micros is None else EPOCH + timedelta(microseconds=micros)

    def _earliest(self, name: str) -> str:
        """Return a relation with the earliest rows of a table: where days lie in files of their own, those of the first day."""
        days = [entry for entry in self.lake.manifest.of(name, Role.BASE) if entry.day] if self.lake else []
        if not days or self.lake is None:
            _opened = self[name]
            return quoted(name)
        first = min(entry.day for entry in days)
        return relation((str(self.lake.root / entry.path) for entry in days if entry.day == first), is_uniform=False)

    def watermark(self, source: str | None = None) -> datetime | None:
        """Return until when a source is complete, or the earliest of all; None where nobody said so."""
        if source is not None:
            return self.watermarks.get(source)
        return min(self.watermarks.values(), default=None)

    def is_provisional(self, until: datetime, *, lag: timedelta = timedelta(0), table: str | None = None) -> bool:
        """Tell whether a period may still change because data are to come.

        until: end of the period. lag: how long a metric needs to mature beyond it.
        table: only the sources of this table matter; None for all. A source without a watermark is never complete.
        """
        sources = self.sources(table) if table else frozenset().union(*self._given.values())
        return any(mark is None or mark < until + lag for mark in (self.watermarks.get(source) for source in sources))


def _flags(table: ir.Table) -> list[ir.BooleanValue]:
    return [table[name] for name in LEFT_OUT if name in table.columns]


def _described(name: str) -> Table:
    if name not in TABLES:
        raise UnknownTable(table=name)
    return TABLES[name]


def _in_memory(table: Table, rows: Rows) -> pa.Table:
    given = pa.Table.from_batches(as_batches(table, rows), schema=given_schema(table))
    for misfit in given.filter(pc.is_valid(given["_misfit"])).slice(0, 1).to_pylist():
        raise Misfit(table=table.name, column=misfit["_misfit"], value=misfit["_misfit_value"])
    return given


def _of_memory(table: Table) -> str:
    versions = (
        f"SELECT * REPLACE (coalesce(record_version, 1) AS record_version{views.worked_out(table)}), 'memory' AS source, "  # noqa: S608
        f"now() AS ingested_at, NULL::VARCHAR AS quarantine_reason FROM given_{table.name}"
    )
    return views.current(table, base=None, later=f"({versions})", stored=())


def _nothing(table: Table) -> str:
    return f"SELECT *, {', '.join(views.derived(table))} FROM (SELECT {views.nulls(table)}) WHERE false"  # noqa: S608
