"""Sums of a question out of stored cells, where they are of the same state of the lake and fine enough."""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from careloop.insight.cell_record import FOLDER, Family, Record, load
from careloop.insight.facts.columns import quoted
from careloop.insight.facts.facts import Facts as LakeFacts
from careloop.insight.kpis.asking.dimensions import DIMENSIONS, TIMES
from careloop.insight.kpis.asking.filters import compiled
from careloop.insight.kpis.asking.queries import buckets_of
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.cells.grains import DAYS, GRAINS, Grain, edges, is_behind_all, needed

DUCKDB = {"int64": "BIGINT", "string": "VARCHAR", "float64": "DOUBLE"}

__all__ = ["is_kept", "kept_sums"]


def kept_sums(series: Mapping[str, str], question: Question, *, buckets: tuple[str, ...]) -> list[pa.Table]:
    """Return the sums that stored cells have, one table for each family of them; those left out have to be scanned.

    series: names of sums to what they are called in cells. buckets: of time, in addition to those of the question.
    """
    facts = question.facts
    if not isinstance(facts, LakeFacts) or facts.lake is None:
        return []
    root = facts.lake.root
    return [
        _summed(facts, root, grain, family, here, question, buckets)
        for grain, family, here in _chosen(series, question, buckets=buckets)
    ]


def is_kept(series: Mapping[str, str], question: Question, *, buckets: tuple[str, ...]) -> bool:
    """Tell whether stored cells have all of these sums; see `kept_sums`."""
    return sum(len(here) for _grain, _family, here in _chosen(series, question, buckets=buckets)) == len(series)


def _chosen(
    series: Mapping[str, str], question: Question, *, buckets: tuple[str, ...]
) -> list[tuple[Grain, Family, dict[str, str]]]:
    """Choose families for as many sums as can be, each with what it has of them."""
    facts = question.facts
    if not series or not isinstance(facts, LakeFacts) or facts.lake is None:
        return []
    record, names = load(facts.lake.root), needed(question, buckets)
    if names is None or not record.is_of(facts.lake.manifest):
        return []
    wanted = dict(series)
    found = []
    for grain, family in _fitting(record, question, names):
        here = {name: column for name, column in wanted.items() if column in family.series}
        if here:
            found.append((grain, family, here))
            wanted = {name: column for name, column in wanted.items() if name not in here}
    return found


def _fitting(record: Record, question: Question, names: set[str]) -> Iterator[tuple[Grain, Family]]:
    """Yield the families that can answer, the smallest first."""
    mark = question.facts.watermark()
    for grain in GRAINS:
        for family in record.families.values():
            if family.grain != grain.name or not names <= {*grain.times, *family.dimensions}:
                continue
            if _moved(grain, family, question) & names and _finest(grain) == "day":
                continue
            if family.has_spans and not _is_counted_alike(family, question, names, mark):
                continue
            if edges(question, _finest(grain), family) is not None:
                yield grain, family


def _is_counted_alike(family: Family, question: Question, names: set[str], mark: datetime | None) -> bool:
    """Say whether spans are counted as in cells: piece by piece where time is asked about, and none open beyond what is known."""
    until = question.until
    is_whole = until is None or (mark is not None and until <= mark) or is_behind_all(until, family)
    return is_whole and bool(names & TIMES.keys())


def _moved(grain: Grain, family: Family, question: Question) -> set[str]:
    """Return the times that begin elsewhere than in cells, whose days begin at midnight; half hours lead to them."""
    return {*grain.times} & {*DAYS} if question.day_begins_s and not family.is_by_day else set()


def _finest(grain: Grain) -> str:
    return "day" if grain.times[0] == "day" else "half_hour"


def _summed(
    facts: LakeFacts,
    root: Path,
    grain: Grain,
    family: Family,
    series: Mapping[str, str],
    question: Question,
    buckets: tuple[str, ...],
) -> pa.Table:
    """Add cells up, in SQL of our own: what Ibis takes to write a query is longer than what this one takes to run."""
    keys = [*(quoted(f"d_{name}") for name in (*question.by, *buckets)), *(("m_key",) if family.is_keyed else ())]
    sums = [f"coalesce(sum({quoted(column)}), 0.0) AS {quoted(name)}" for name, column in series.items()]
    time, (first, after) = quoted(f"d_{grain.times[0]}"), edges(question, _finest(grain), family) or (None, None)
    within = [f"{time} >= {first}"] * (first is not None) + [f"{time} < {after}"] * (after is not None)
    where = f" WHERE {' AND '.join(within)}" if within else ""
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    rows = _cells(facts, root, grain, family, series.values(), question, times={*question.by, *buckets})
    told = facts.backend.con.sql(f"SELECT {', '.join([*keys, *sums])} FROM {rows}{where}{grouped}")  # noqa: S608
    return told.to_arrow_table()


def _months(family: Family, question: Question) -> list[str]:
    """Return the files of the months that a period touches; a day more on each side, since months are those of local days."""
    least = "" if question.since is None else f"{question.since.astimezone(UTC) - timedelta(days=1):%Y-%m}"
    most = "9999" if question.until is None else f"{question.until.astimezone(UTC) + timedelta(days=1):%Y-%m}"
    return [path for month, path in sorted(family.files.items()) if least <= month <= most]


def _cells(
    facts: LakeFacts,
    root: Path,
    grain: Grain,
    family: Family,
    series: Iterable[str],
    question: Question,
    *,
    times: Set[str],
) -> str:
    """Return the cells of the months that matter as a relation, and those that a condition asks for.

    times: that are asked about, among other names.
    """
    schema = ibis.schema(
        {
            **{f"d_{name}": "int64" for name in grain.times},
            **{f"d_{name}": "string" for name in family.dimensions},
            **({"m_key": "float64"} if family.is_keyed else {}),
            **dict.fromkeys(series, "float64"),
        }
    )
    if paths := _months(family, question):
        listed = ", ".join("'" + str(root / FOLDER / path).replace("'", "''") + "'" for path in paths)
        lying = f"read_parquet([{listed}])"
    else:
        nothing = ", ".join(f"NULL::{DUCKDB[str(kind)]} AS {quoted(name)}" for name, kind in schema.items())
        lying = f"(SELECT {nothing} WHERE false)"
    moved = sorted(_moved(grain, family, question) & times)
    if question.where is None and not moved:
        return lying
    columns = ", ".join(map(quoted, schema))
    rows = facts.backend.sql(f"SELECT {columns} FROM {lying}", schema=schema)  # noqa: S608
    if moved:
        rows = rows.mutate(**buckets_of(rows, cast("ir.IntegerValue", rows["d_half_hour"]), question, moved))
    if question.where is not None:
        # Conditions know columns by their names in facts.
        rows = rows.mutate(**{DIMENSIONS[name].column: rows[f"d_{name}"] for name in family.dimensions})
        rows = rows.filter(compiled(question.where, rows))
    return f"({facts.backend.compile(rows)})"
