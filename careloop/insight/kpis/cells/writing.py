"""Cells as files: one for each month of a family, replaced whole."""

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from careloop.insight.cell_record import FOLDER, Family, Record
from careloop.insight.facts import manifest as manifests
from careloop.insight.kpis.cells.staleness import Change

__all__ = ["sweep", "write_cells"]

READERS_HAVE_SECONDS = 86_400
DAY = 86_400


def write_cells(change: Change, name: str, table: pa.Table, files: Mapping[str, str], first: date) -> dict[str, str]:
    """Write the cells of each month that changed; cells of days before the first stale one are taken over.

    name: of the family. files: of its months so far. Returns those of all its months.
    """
    folder = change.root / FOLDER
    number = change.manifest.number
    kept = {month: path for month, path in files.items() if month < f"{first:%Y-%m}"}
    own = f"{first:%Y-%m}"
    if own in files:
        old = pq.read_table(folder / files[own], partitioning=None)
        day = (first - date(1970, 1, 1)).days * DAY
        earlier = old.filter(pc.less(old["d_day"], day))
        table = pa.concat_tables([earlier, table.select(old.column_names)], promote_options="permissive")
    months = pc.strftime(pc.cast(table["d_day"], pa.timestamp("s")), format="%Y-%m")
    for month in pc.unique(months).to_pylist():
        part = table.filter(pc.equal(months, month)).sort_by(
            "d_half_hour" if "d_half_hour" in table.column_names else "d_day"
        )
        # A second refresh of the same state has the same name, and the same cells.
        path = f"{name}-{month}-{number:08d}.parquet"
        beside = folder / f".{path}"
        pq.write_table(part, beside, compression="zstd")
        beside.replace(folder / path)
        manifests.settle(folder / path)
        kept[month] = path
    return kept


def sweep(root: Path, families: Mapping[str, Family], before: Record) -> None:
    """Remove files that nobody names any more and no reader can still be about to open."""
    named = {path for each in (families, before.families) for family in each.values() for path in family.files.values()}
    for file in (root / FOLDER).glob("*.parquet"):
        if file.name not in named and file.stat().st_mtime < time.time() - READERS_HAVE_SECONDS:
            file.unlink()
