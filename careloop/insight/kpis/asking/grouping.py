"""Rows of a query, gathered into cells: arrays with one place per cell, in rising order of the dimensions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from careloop.insight.stats.arrays import Floats, Ints

__all__ = ["Gathered", "Grouping", "Labels", "column", "grouping", "stacked"]

Label = TypeVar("Label")
Other = TypeVar("Other")


class Labels(Sequence[Label], Generic[Label]):
    """One label per cell, of which there are few different ones: a hundred thousand half hours of forty queues.

    values: the different ones. places: (cells,) which of them each cell has.
    """

    __slots__ = ("places", "values")

    def __init__(self, values: Sequence[Label], places: Ints) -> None:
        self.values = values
        self.places = places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, place: Any) -> Any:
        found = self.places[place]
        return [self.values[each] for each in found] if isinstance(place, slice) else self.values[found]

    def __iter__(self) -> Iterator[Label]:
        return map(self.values.__getitem__, self.places.tolist())

    def mapped(self, change: Callable[[Label], Other]) -> "Labels[Other]":
        """Change each different label once."""
        return Labels([change(value) for value in self.values], self.places)

    def arrow(self) -> pa.Array:
        """Return the label of each cell; each different one is looked at once."""
        return pa.array(self.values).take(pa.array(self.places))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grouping:
    """Which cell each row belongs to. codes: (rows,). cells: how many. keys: dimension to the value of each cell, (cells,)."""

    codes: Ints
    cells: int
    keys: Mapping[str, Labels[object]]

    def total(self, values: Floats) -> Floats:
        """Add up a column, (rows,), per cell."""
        return np.bincount(self.codes, weights=values, minlength=self.cells).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """Rows of a query that several metrics are worked out from; grouped once for each set of dimensions."""

    table: pa.Table
    known: dict[tuple[str, ...], Grouping] = field(default_factory=dict)

    def by(self, names: tuple[str, ...]) -> Grouping:
        """Group the rows by dimensions."""
        if names not in self.known:
            self.known[names] = grouping(self.table, names)
        return self.known[names]

    def column(self, name: str) -> Floats:
        """Read a column of sums."""
        return column(self.table, name)


def column(table: pa.Table, name: str) -> Floats:
    """Read a column of sums as float64; null, where another query has the row, adds nothing."""
    return np.asarray(table[name].cast(pa.float64()).fill_null(0.0).to_numpy(), dtype=np.float64)


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """Put the rows of several queries with equal dimensions under each other; a sum that a query does not have is null."""
    return pa.concat_tables(tables, promote_options="permissive")


def grouping(table: pa.Table, by: Sequence[str]) -> Grouping:
    """Group rows by their dimensions; null is a value like others and comes last."""
    rows = table.num_rows
    if not by:
        return Grouping(codes=np.zeros(rows, dtype=np.int64), cells=1, keys={})
    combined = np.zeros(rows, dtype=np.int64)
    places: list[tuple[str, list[object]]] = []
    for name in by:
        encoded = pc.dictionary_encode(table[f"d_{name}"].combine_chunks(), null_encoding="encode")
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        order = np.asarray(pc.sort_indices(encoded.dictionary).to_numpy())
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        if len(order):
            combined = combined * len(order) + rank[np.asarray(encoded.indices.to_numpy())]
        values = encoded.dictionary.to_pylist()
        places.append((name, [values[place] for place in order]))
    found, codes = np.unique(combined, return_inverse=True)
    keys: dict[str, Labels[object]] = {}
    rest = found
    for name, values in reversed(places):
        size = max(1, len(values))
        keys[name] = Labels(values, rest % size)
        rest = rest // size
    return Grouping(codes=codes.astype(np.int64), cells=len(found), keys={name: keys[name] for name in by})
