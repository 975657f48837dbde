"""Work out layered numbers: sum each layer in its own cells, and hand those of one outer cell to the metric."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from careloop.insight.kpis.asking.dimensions import TIMES
from careloop.insight.kpis.asking.grouping import Labels, column, grouping, stacked
from careloop.insight.kpis.asking.queries import scans, summed
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.measures.kinds import Finished
from careloop.insight.kpis.measures.layers import Inner, Layer, Layered
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats

__all__ = ["layered"]

Keys: TypeAlias = Mapping[str, Labels[object]]


def layered(measure: Layered, question: Question) -> tuple[Keys, Columns]:
    """Work out the number of each cell that the first layer has; without a split there is one cell, be it empty."""
    by = question.by
    split = {name: _split(layer, by) for name, layer in measure.layers.items()}
    tables = {name: _summed(layer, question, split[name]) for name, layer in measure.layers.items()}
    outer = grouping(next(iter(tables.values())), by)
    places = list(zip(*(list(labels) for labels in outer.keys.values()), strict=True)) if by else [()]
    rows_of = {name: _rows_of(table, split[name]) for name, table in tables.items()}
    answers = []
    for place in places:
        named = dict(zip(by, place, strict=True))
        inner = {
            name: _inner(tables[name], layer, rows_of[name].get(tuple(named[part] for part in split[name]), []))
            for name, layer in measure.layers.items()
        }
        answers.append(measure.finish(inner))
    return outer.keys, _columns(answers, measure.method)


def _split(layer: Layer, by: tuple[str, ...]) -> tuple[str, ...]:
    """Return by what a layer is split: what is of all time is not cut by times."""
    return tuple(name for name in by if not (layer.is_of_all_time and name in TIMES))


def _summed(layer: Layer, question: Question, by: tuple[str, ...]) -> pa.Table:
    asked = replace(question, by=tuple(dict.fromkeys((*by, *layer.per))))
    if layer.is_of_all_time:
        asked = replace(asked, since=None, until=question.facts.watermark())
    table = stacked([question.fetch(summed(scan, asked)) for scan in scans(layer.sums)])
    cells = grouping(table, asked.by)
    keys = {
        f"d_{name}": pa.array(list(labels), table.schema.field(f"d_{name}").type) for name, labels in cells.keys.items()
    }
    sums = {name: pa.array(cells.total(column(table, name))) for name in layer.sums}
    return pa.table({**keys, **sums})


def _rows_of(table: pa.Table, by: tuple[str, ...]) -> dict[tuple[object, ...], list[int]]:
    if not by:
        return {(): list(range(table.num_rows))}
    found: dict[tuple[object, ...], list[int]] = {}
    for row, place in enumerate(zip(*(table[f"d_{name}"].to_pylist() for name in by), strict=True)):
        found.setdefault(place, []).append(row)
    return found


def _inner(table: pa.Table, layer: Layer, rows: list[int]) -> Inner:
    own = table.take(pa.array(rows, pa.int64()))
    return Inner(
        keys={name: own[f"d_{name}"].to_pylist() for name in layer.per},
        sums={name: np.asarray(own[name].to_numpy(), dtype=np.float64) for name in layer.sums},
    )


def _columns(answers: list[Finished], method: str) -> Columns:
    def gathered(name: str) -> Floats:
        found = [getattr(answer, name) for answer in answers]
        return np.array([np.nan if value is None else value for value in found], dtype=np.float64)

    low = gathered("low")
    return Columns(
        value=gathered("value"),
        low=low,
        high=gathered("high"),
        numerator=gathered("numerator"),
        denominator=gathered("denominator"),
        n=gathered("n"),
        method=np.where(np.isfinite(low), method, ""),
    )
