"""What a measured metric comes to: a number per cell with all that is needed to trust it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from careloop.insight.kpis.asking.grouping import Labels
from careloop.insight.kpis.metric import Metric
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.words import Words
from careloop.insight.stats.arrays import Bools, Floats
from careloop.insight.stats.suppression import Standing
from careloop.kernel.conditions import Condition

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cells", "Columns", "Flag", "Key", "Need", "Result", "Row", "Severity"]

Key: TypeAlias = str | int | float | date | datetime | None


class Severity(StrEnum):
    """How much a failed integrity check takes away from a number. A severe one blocks "goal met" and rankings."""

    NOTE = "note"
    WARNING = "warning"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A failed integrity check: what was found, in words, with the figure that told.

    evidence: what else was seen, as JSON has it: `method` (above, peers or trend), `limit`, and what that method tells.
    """

    check: str
    severity: Severity
    sentence: Words
    value: float
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A fact table, and the columns of it, without which there is no number."""

    table: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} ({', '.join(self.columns)})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Numbers of many cells, each (cells,); NaN is "not defined". method: how each interval was worked out."""

    value: Floats
    low: Floats
    high: Floats
    numerator: Floats
    denominator: Floats
    n: Floats
    method: npt.NDArray[np.str_]

    def hiding(self, hidden: Bools) -> "Columns":
        """Take away what a hidden cell would tell."""
        fields = ("value", "low", "high", "numerator", "denominator", "n")
        return replace(self, **{name: np.where(hidden, np.nan, getattr(self, name)) for name in fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number.

    dimensions: what it is of; empty for the total.
    value: None where the denominator is 0, or where the number is hidden.
    low, high: 95 % interval; None where it is not defined. method: how the interval was worked out.
    numerator, denominator: the sums behind it. n: how many rows stand behind the denominator; None where hidden.
    standing: shown, marked as small sample, or hidden.
    is_provisional: late events may still change it.
    """

    dimensions: Mapping[str, Key]
    value: float | None
    low: float | None
    high: float | None
    method: str
    numerator: float | None
    denominator: float | None
    n: int | None
    standing: Standing
    is_provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """All cells of a result, column by column: cheap where a table has a hundred thousand of them.

    keys: dimension to the value of each cell. standing, is_provisional: (cells,).
    """

    keys: Mapping[str, Labels[Key]]
    columns: Columns
    standing: npt.NDArray[np.str_]
    is_provisional: Bools

    def __len__(self) -> int:
        return len(self.standing)

    def lists(self) -> dict[str, list[Any]]:
        """Return every column as a list, null as None, in the order in which they are printed."""
        columns = self.columns
        return {
            **{name: list(values) for name, values in self.keys.items()},
            "value": _plain(columns.value),
            "low": _plain(columns.low),
            "high": _plain(columns.high),
            "method": columns.method.tolist(),
            "numerator": _plain(columns.numerator),
            "denominator": _plain(columns.denominator),
            "n": [None if n is None else int(n) for n in _plain(columns.n)],
            "standing": self.standing.tolist(),
            "is_provisional": self.is_provisional.tolist(),
        }

    def arrow(self) -> pa.Table:
        """Return what `lists` does as an Arrow table, without making an object of each cell."""
        columns = self.columns
        return pa.table(
            {
                **{name: labels.arrow() for name, labels in self.keys.items()},
                "value": pa.array(columns.value, from_pandas=True),  # NaN is null
                "low": pa.array(columns.low, from_pandas=True),
                "high": pa.array(columns.high, from_pandas=True),
                "method": pa.array(columns.method, pa.string()),
                "numerator": pa.array(columns.numerator, from_pandas=True),
                "denominator": pa.array(columns.denominator, from_pandas=True),
                "n": pa.array(columns.n, from_pandas=True).cast(pa.int64(), safe=False),
                "standing": pa.array(self.standing, pa.string()),
                "is_provisional": pa.array(self.is_provisional),
            }
        )

    def rows(self) -> tuple[Row, ...]:
        """Return the cells one by one."""
        lists = self.lists()
        names = [name for name in lists if name not in self.keys]
        rows = []
        for place in range(len(self)):
            figures = {name: lists[name][place] for name in names}
            figures["standing"] = Standing(figures["standing"])
            rows.append(Row(dimensions={name: values[place] for name, values in self.keys.items()}, **figures))
        return tuple(rows)


def _plain(values: Floats) -> list[float | None]:
    return [value if value == value else None for value in values.tolist()]  # NaN is not itself


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """A metric, measured: its identity, its cells in rising order of the dimensions, and its total.

    by, since, until, where: what was asked. zone: in which days begin, day_begins_s seconds after midnight.
    cells: none where nothing was split. whole: the total, as cells with one place; empty where nothing was measured.
    complete_until: up to which instant all sources are complete; None where no source says.
    matured_until: up to which instant late events can change nothing any more; None where that is not known.
    not_measured: what is missing where there is no number at all; else empty.
    notes: figures that belong beside the number, such as the coverage of identified customers.
    seed: of the bootstrap.
    unmade: integrity checks that could not be made, because no source gives their facts or the question leaves them out.
    """

    metric: Metric
    options: Options
    by: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    where: Condition | None
    zone: str
    cells: Cells | None
    whole: Cells | None
    complete_until: datetime | None
    matured_until: datetime | None
    seed: int
    not_measured: tuple[Need, ...] = ()
    flags: tuple[Flag, ...] = ()
    notes: Mapping[str, float | None] = field(default_factory=dict)
    unmade: tuple[str, ...] = ()
    day_begins_s: int = 0

    @property
    def identity(self) -> str:
        """Return what makes two numbers comparable: metric, version and options."""
        return f"{self.metric.id} v{self.metric.version} {self.options}".strip()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The cells one by one; none where nothing was split."""
        return () if self.cells is None else self.cells.rows()

    @property
    def total(self) -> Row | None:
        """The number of all cells together; None where nothing was measured."""
        return None if self.whole is None else self.whole.rows()[0]

    def table(self) -> "pd.DataFrame":
        """Return the cells as a pandas table, one line each; the total where nothing was split."""
        import pandas as pd  # heavy, and needed by notebooks only

        shown = self.whole if self.cells is None else self.cells
        return pd.DataFrame({} if shown is None else shown.lists())
