"""A lake opened for metrics."""

from datetime import date
from pathlib import Path

import duckdb
import ibis

from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.errors import NotALake
from careloop.insight.facts.facts import Facts, Lake
from careloop.insight.facts.files import queries_of
from careloop.insight.facts.manifest import Manifest

__all__ = ["read"]


def read(
    root: Path | str,
    *,
    as_of: date | None = None,
    memory_mb: int | None = None,
    state: Manifest | None = None,
    within: duckdb.DuckDBPyConnection | None = None,
) -> Facts:
    """Open the lake of a workspace as it is now; what is written or compacted meanwhile does not show.

    as_of: the facts as they were known at the end of that day in UTC, late rows and corrections since then left out.
        Exact as long as superseded versions are kept; see `FactStore.compact`. Watermarks are those of today.
    memory_mb: what DuckDB may use; None for its own choice.
    state: of this lake at an earlier moment, at most a day ago, since files that are no longer named are kept for so long.
    within: a DuckDB that several readers share, with its limits; each has a connection of its own, so that none waits for another.

    Raises NotALake or NewerLake.
    """
    root = Path(root)
    manifest = manifests.load(root) if state is None else state
    if manifest is None:
        raise NotALake(root=root)
    backend = ibis.duckdb.connect() if within is None else ibis.duckdb.from_connection(within.cursor())
    backend.raw_sql("SET TimeZone = 'UTC'")
    if memory_mb is not None:
        backend.raw_sql(f"SET memory_limit = '{memory_mb}MB'")
    return Facts(
        backend=backend,
        queries=queries_of(root, manifest, as_of=as_of),
        zone=manifest.zone,
        watermarks=manifest.watermarks,
        given={table: frozenset(sources) for table, sources in manifest.given.items()},
        told={table: frozenset(columns) for table, columns in manifest.told.items()},
        lake=Lake(root=root, manifest=manifest) if as_of is None else None,
        as_of=as_of,
    )
