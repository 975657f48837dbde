"""Which local days of a family a change of the lake has touched.

Days are told apart only where that is certain: rows of one fact table, filtered and looked up. Where rows are put together from
several (windows over a customer's contacts, first replies), any change touches all days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import ibis.expr.operations as ops
import ibis.expr.types as ir

from careloop.insight.cell_record import Record
from careloop.insight.facts.columns import quoted
from careloop.insight.facts.files import relation_of
from careloop.insight.facts.manifest import Entry, Manifest, Role
from careloop.insight.facts.tables import TABLES, Table

__all__ = ["ALL", "Change", "change_of", "stale_since"]

ALL = date.min
"""Every day there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a lake since cells were made. added: files that are new. gone: paths of those no longer there.

    complete_before: until when all sources had been complete, None where that was not said; is_moved: whether that changed.
    is_other: whether days begin elsewhere, or a table has other sources, so that any number may be another one.
    """

    root: Path
    manifest: Manifest
    added: tuple[Entry, ...]
    gone: frozenset[str]
    complete_before: datetime | None
    is_moved: bool
    is_other: bool

    @property
    def is_any(self) -> bool:
        """Tell whether there is any change at all."""
        return bool(self.added or self.gone or self.is_moved or self.is_other)

    def tables(self) -> frozenset[str]:
        """Return the fact tables that changed."""
        return frozenset({entry.table for entry in self.added} | {path.partition("/")[0] for path in self.gone})


def change_of(root: Path, manifest: Manifest, record: Record) -> Change:
    """Compare a lake with what cells were made of."""
    known = frozenset(entry.path for entry in record.state.entries)
    return Change(
        root=root,
        manifest=manifest,
        added=tuple(entry for entry in manifest.entries if entry.path not in known),
        gone=known - {entry.path for entry in manifest.entries},
        complete_before=min(record.state.watermarks.values(), default=None),
        is_moved=record.state.watermarks != manifest.watermarks,
        is_other=record.state.zone != manifest.zone or record.state.given != manifest.given,
    )


def stale_since(
    expression: ir.Table, change: Change, *, at: str, matures_in: timedelta | None, has_spans: bool
) -> date | None:
    """Return the first local day whose sums may have changed, ALL for every day, None for none.

    expression: the query of the sums. at: the instant its rows are placed by.
    matures_in: how long after an instant its row may still change because nothing happens; None where rows never do.
    """
    if change.is_other:
        return ALL
    node = expression.op()
    read = {table.name for table in node.find(ops.DatabaseTable)}
    changed = read & change.tables()
    is_waiting = change.is_moved and (matures_in is not None or has_spans)
    if not changed and not is_waiting:
        return None
    mains = [TABLES[name] for name in read if name in TABLES and at in TABLES[name].instants]
    if len(mains) != 1 or has_spans or _is_put_together(node, mains[0]):
        return ALL
    days = [_touched(mains[0], name, change, at=at) for name in changed]
    if is_waiting and matures_in is not None:
        before = change.complete_before
        days.append(ALL if before is None else (before - matures_in).date())
    first = min(days, default=date.max)
    # An instant in UTC may be a day earlier where the workspace is.
    return None if first == date.max else ALL if first == ALL else first - timedelta(days=1)


def _is_put_together(node: ops.Node, main: Table) -> bool:
    """Say whether one row may hang on other rows of its own table."""
    # One aggregate is the sum itself.
    if node.find((ops.WindowFunction, ops.Subquery)) or len(node.find(ops.Aggregate)) > 1:
        return True
    joined = [link.table for chain in node.find(ops.JoinChain) for link in chain.rest]
    return any(table.name == main.name for side in joined for table in side.find(ops.DatabaseTable))


def _touched(main: Table, name: str, change: Change, *, at: str) -> date:
    """Return the first UTC day of rows of the main table that hang on what changed in a table."""
    added = [entry for entry in change.added if entry.table == name]
    if name == main.name and not any(path.startswith(f"{name}/") for path in change.gone):
        if all(entry.role is Role.BASE for entry in added) and at == main.instant:
            return min(date.fromisoformat(entry.day) for entry in added)
        return _first(main, main, added, change, at=at)
    if any(path.startswith(f"{name}/") for path in change.gone) or not set(TABLES[name].key) <= {
        c.name for c in main.columns
    }:
        return ALL
    return _first(main, TABLES[name], added, change, at=at)


def _first(main: Table, changed: Table, added: Iterable[Entry], change: Change, *, at: str) -> date:
    """Find the first day of all versions of main rows that have a key of the added rows."""
    keys = ", ".join(map(quoted, changed.key))
    lying = relation_of(change.root, main, change.manifest.of(main.name))
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        ((first,),) = db.execute(
            f"SELECT min({quoted(at)}) FROM {lying} SEMI JOIN "  # noqa: S608
            f"(SELECT {keys} FROM {relation_of(change.root, changed, list(added))}) USING ({keys})"
        ).fetchall()
    return date.max if first is None else first.astimezone(UTC).date()
