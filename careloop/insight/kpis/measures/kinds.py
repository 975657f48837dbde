"""What a metric sums: expressions over rows of facts, one kind for each aggregation class of metrics.md §0.2.

Nothing here runs a query. The engine adds dimensions, filter and period to the rows, sums per cell, and works out values and
intervals from the sums; so any roll-up of cells is worked out anew and is never an average of finished numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import ibis.expr.types as ir

from careloop.insight.kpis.measures.layers import Goals, Inner, Layer, Layered
from careloop.insight.kpis.measures.spells import Cohort, Repeated, Revenue
from careloop.insight.kpis.measures.summands import Column, Finished, Span, Sum
from careloop.insight.kpis.measures.weighing import Told, Weighed
from careloop.insight.stats.arrays import Floats

__all__ = [
    "Cohort",
    "Column",
    "Count",
    "Distinct",
    "Effects",
    "Finished",
    "Goals",
    "Inner",
    "KeyShare",
    "Layer",
    "Layered",
    "Level",
    "LevelShare",
    "Mean",
    "Measure",
    "PerCell",
    "Pooled",
    "Quantile",
    "Ratio",
    "Repeated",
    "Revenue",
    "Span",
    "Sum",
    "Survival",
    "SurvivalAt",
    "Told",
    "Weekly",
    "Weighed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Σ numerator ÷ Σ denominator; null where the denominator is 0 (classes R and T).

    numerator, denominator: one part, or several from different tables that are added up; a Span may take away with weight -1.
    scale: what the quotient is multiplied with, such as 1000 for "per thousand".
    cluster: a column of the numerator's rows whose values come in clusters, such as customer_id; only where both have equal rows.
    squares: where rows are weighted, the sum of the squares of their weights: n rows count as (Σw)² / Σw² (Kish 1965).
    """

    numerator: Sum | Span | tuple[Sum | Span, ...]
    denominator: Sum | Span | tuple[Sum | Span, ...]
    scale: float = 1.0
    cluster: str | None = None
    squares: Sum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """The mean of a value per row, over rows where it is not null (class M).

    cluster: a column of the rows whose values come in clusters, such as customer_id; days are clusters unless given.
    """

    rows: ir.Table
    value: ir.NumericValue
    at: str
    where: ir.BooleanValue | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many (class C)."""

    of: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """How many different keys, over rows where the key is not null; totals are counted anew, since cells may share keys."""

    rows: ir.Table
    key: str
    at: str
    where: ir.BooleanValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How many spans are open at an instant: the end of each bucket of time, or of the period (class G).

    starts, ends: as in Span; an `ends` that is null says "still open".
    youngest_s, oldest_s: from which age on, and until before which, spans count.
    age_share: where given, the measure is not their number but the age in seconds that this share of them does not exceed.
    weight: what a span counts, 1 unless given. key: where given, different keys of spans are counted instead.
    """

    rows: ir.Table
    starts: str
    ends: str
    where: ir.BooleanValue | None = None
    youngest_s: float = 0.0
    oldest_s: float | None = None
    age_share: float | None = None
    age_unit_s: float = 1.0
    weight: ir.NumericValue | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """The smallest value that at least this share of rows does not exceed, over rows where it is not null (class Q)."""

    rows: ir.Table
    value: ir.NumericValue
    at: str
    share: float
    where: ir.BooleanValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The time after which this share of rows has had the event, by Kaplan and Meier (class S).

    duration: from the start of each row to its event or to the end of watching, at least 0. happened: which of the two.
    """

    rows: ir.Table
    duration: ir.NumericValue
    happened: ir.BooleanValue
    at: str
    share: float = 0.5
    where: ir.BooleanValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerCell:
    """A ratio over inner cells, such as the share of half hours that kept their service level.

    sums: what is summed in each inner cell, by name. per: dimensions that make inner cells.
    finish: from the sums of inner cells, (k,) each by name, to what each brings to numerator and denominator, (k,) each.
    is_share: whether cells are counted, so that the interval is Wilson's; else there is none.
    """

    sums: Mapping[str, Sum | Span]
    per: tuple[str, ...]
    finish: Callable[[Mapping[str, Floats]], tuple[Floats, Floats]]
    is_share: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """An index of counted answers, worked out from how often each combination of values came (class X).

    values: names to expressions over rows; equal combinations are counted together, null among them.
    finish: from the values, (k,) each, and their counts (k,), to the index of one cell. method: how its interval comes about.
    """

    rows: ir.Table
    values: dict[str, ir.Value]
    at: str
    finish: Callable[[dict[str, list[object]], Floats], Finished]
    where: ir.BooleanValue | None = None
    method: str = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShare:
    """Which share of different keys, such as customers, has a row that is meant; counted anew for totals.

    part: rows that are meant. where: rows that count at all; with a key, in any case.
    """

    rows: ir.Table
    key: str
    part: ir.BooleanValue
    at: str
    where: ir.BooleanValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShare:
    """Which share of the spans that are open at an instant are of one kind, such as articles in date (class R, of levels).

    whole: what they are a share of, as a level or as a number that does not change. per: what the whole is divided by, such as
    the days that it was counted over. is_rest: whether the share is of what is not of that kind.
    """

    part: Level
    whole: Level | float
    per: float = 1.0
    is_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalAt:
    """The share of rows that had no event until `after`, by Kaplan and Meier (class S); or had it, where `is_event_share`.

    of: as for its median. after: in the unit of its durations.
    """

    of: Survival
    after: float
    is_event_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """How far each rater lies from all others on the things they rated together, whatever they rated apart.

    unit, rater: columns of what was rated and by whom. by: the dimension that names raters; without it in the question, the
    number is how far the rater lies who is farthest from the rest, be it above or below.
    """

    rows: ir.Table
    unit: str
    rater: str
    value: ir.NumericValue
    at: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The burnout signal of teams, from what is measured of each of their weeks.

    inputs: the fields of `stats.burnout.TeamWeek`, each as a measure; what is not measured is left out. Those named …_by_day are
        measured day by day: `occupancy_by_day` is handed on, `adherence_by_day` is how `adherence_sd` comes about.
    """

    inputs: Mapping[str, "Measure"]


Measure: TypeAlias = (
    Ratio
    | Mean
    | Count
    | Distinct
    | KeyShare
    | Level
    | LevelShare
    | Quantile
    | Survival
    | SurvivalAt
    | PerCell
    | Pooled
    | Cohort
    | Revenue
    | Repeated
    | Effects
    | Weekly
    | Weighed
    | Layered
    | Goals
)
