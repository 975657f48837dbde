"""Cells that can be rolled up: each keeps the sufficient statistics of its class and never only the finished number.

`combine` pools two cells that share no rows; it is associative and commutative, so any roll-up of stored cells equals the number
worked out from all rows (metrics.md §0.2). Quantiles (class Q) stand in `quantiles`. Where a denominator is 0 the number is None.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol, Self, TypeVar

__all__ = [
    "Categories",
    "Combinable",
    "Count",
    "Gauge",
    "Mean",
    "Products",
    "Ratio",
    "StateTime",
    "SurvivalRows",
    "pooled",
]


class Combinable(Protocol):
    """Whatever knows how to pool itself with another of its kind."""

    def combine(self, other: Self, /) -> Self: ...


Cell = TypeVar("Cell", bound=Combinable)


def pooled(cells: Iterable[Cell]) -> Cell | None:
    """Pool any number of cells of one class; None when there are none, which is not the same as a cell of zeros."""
    gathered = list(cells)
    return reduce(lambda a, b: a.combine(b), gathered) if gathered else None


def _refuse_unmeasured(**figures: float) -> None:
    for name, figure in figures.items():
        if not math.isfinite(figure):
            raise ValueError(f"The {name} of a cell must be a finite number; leave out what was not measured.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Class R. Rolled up as the ratio of sums, never as an average of ratios."""

    numerator: float
    denominator: float

    def __post_init__(self) -> None:
        _refuse_unmeasured(numerator=self.numerator, denominator=self.denominator)

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    def combine(self, other: "Ratio") -> "Ratio":
        return Ratio(
            numerator=self.numerator + other.numerator,
            denominator=self.denominator + other.denominator,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """Class M. The number of rows, their total and the total of their squares."""

    rows: int
    total: float
    squares: float

    def __post_init__(self) -> None:
        _refuse_unmeasured(total=self.total, squares=self.squares)

    @property
    def value(self) -> float | None:
        return self.total / self.rows if self.rows else None

    @property
    def variance(self) -> float | None:
        """The sample variance; None with fewer than two rows."""
        if self.rows < 2:
            return None
        return max(0.0, self.squares - self.total**2 / self.rows) / (self.rows - 1)

    def combine(self, other: "Mean") -> "Mean":
        return Mean(
            rows=self.rows + other.rows,
            total=self.total + other.total,
            squares=self.squares + other.squares,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Class C. How many there were."""

    rows: int

    @property
    def value(self) -> int:
        return self.rows

    def combine(self, other: "Count") -> "Count":
        return Count(rows=self.rows + other.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """Class G. A level over one period, such as open cases: the last value and the area under the level.

    last_at: second of the last reading. last: the level then. level_seconds: the integral of the level. seconds: how long the
    period was watched. Levels of several entities add up at one time; over time they never do.
    """

    last_at: float
    last: float
    level_seconds: float
    seconds: float

    @property
    def time_weighted_mean(self) -> float | None:
        return self.level_seconds / self.seconds if self.seconds else None

    def combine(self, other: "Gauge") -> "Gauge":
        """Pool two periods of one entity, one after the other. Raises ValueError when both end at the same instant."""
        if self.last_at == other.last_at:
            raise ValueError("These gauges end at the same instant; use beside() for two entities over one period.")
        later = max(self, other, key=lambda gauge: gauge.last_at)
        return Gauge(
            last_at=later.last_at,
            last=later.last,
            level_seconds=self.level_seconds + other.level_seconds,
            seconds=self.seconds + other.seconds,
        )

    def beside(self, other: "Gauge") -> "Gauge":
        """Pool two entities over one and the same period. Raises ValueError when the periods differ."""
        if (self.last_at, self.seconds) != (other.last_at, other.seconds):
            raise ValueError("These gauges cover different periods; use combine() for one entity over time.")
        return Gauge(
            last_at=self.last_at,
            last=self.last + other.last,
            level_seconds=self.level_seconds + other.level_seconds,
            seconds=self.seconds,
        )


def _added(ours: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float]:
    return {name: ours.get(name, 0) + theirs.get(name, 0) for name in sorted({*ours, *theirs})}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTime:
    """Class T. Seconds spent in each state, already cut at the edges of the cell's period (see `overlaps`)."""

    seconds: Mapping[str, float]

    def share(self, *, of: Iterable[str], among: Iterable[str]) -> float | None:
        """Divide the time in some states by the time among some; None where that is 0."""
        whole = math.fsum(self.seconds.get(state, 0.0) for state in set(among))
        return math.fsum(self.seconds.get(state, 0.0) for state in set(of)) / whole if whole else None

    def combine(self, other: "StateTime") -> "StateTime":
        return StateTime(seconds=_added(self.seconds, other.seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """Class X, for indices of counted answers, such as the net promoter score."""

    counts: Mapping[str, float]

    def index(self, scores: Mapping[str, float]) -> float | None:
        """Average the scores of the categories over all rows of scored categories; None without any.

        scores: what each category counts, such as promoter 1, passive 0, detractor -1.
        """
        rows = math.fsum(self.counts.get(name, 0) for name in scores)
        return math.fsum(self.counts.get(name, 0) * score for name, score in scores.items()) / rows if rows else None

    def combine(self, other: "Categories") -> "Categories":
        return Categories(counts=_added(self.counts, other.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Class X, for indices of several measures, such as reliability: what a covariance matrix is worked out from.

    names: of the k measures. totals: k sums. products: k × k sums of products.
    """

    names: tuple[str, ...]
    rows: int
    totals: tuple[float, ...]
    products: tuple[tuple[float, ...], ...] = field(repr=False)

    def covariance(self) -> tuple[tuple[float, ...], ...] | None:
        """Work out the sample covariance matrix, k × k; None with fewer than two rows."""
        if self.rows < 2:
            return None
        return tuple(
            tuple(
                (product - a * b / self.rows) / (self.rows - 1)
                for product, b in zip(products, self.totals, strict=True)
            )
            for products, a in zip(self.products, self.totals, strict=True)
        )

    def combine(self, other: "Products") -> "Products":
        if self.names != other.names:
            raise ValueError("These cells hold the products of different measures.")
        return Products(
            names=self.names,
            rows=self.rows + other.rows,
            totals=tuple(a + b for a, b in zip(self.totals, other.totals, strict=True)),
            products=tuple(
                tuple(a + b for a, b in zip(ours, theirs, strict=True))
                for ours, theirs in zip(self.products, other.products, strict=True)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalRows:
    """Class S. One (entry, exit, event) per row, in rising order, to be fitted anew after pooling (see `survival`)."""

    rows: tuple[tuple[float, float, bool], ...]

    def combine(self, other: "SurvivalRows") -> "SurvivalRows":
        return SurvivalRows(rows=tuple(sorted(self.rows + other.rows)))
