"""What a metric is: its identity card, as data, and one function that says in Ibis what is summed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Measure
from careloop.insight.kpis.options import Option, Options
from careloop.insight.kpis.words import Words

__all__ = ["Aggregation", "Direction", "IntervalMethod", "Metric", "Subject", "Unit", "Variant", "gathered"]


class Unit(StrEnum):
    """What a value is measured in. A share is from 0 to 1; percent is for display only."""

    SHARE = "share"
    RATIO = "ratio"
    SECONDS = "seconds"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    COUNT = "count"
    CONTACTS_PER_8H = "contacts_per_8h"
    CONTACTS = "contacts"
    PER_THOUSAND = "per_thousand"
    PER_MILLION = "per_million"
    PER_YEAR = "per_year"
    MONEY = "money"
    FTE_INTERVALS = "fte_intervals"
    POINTS = "points"
    INDEX = "index"


class Direction(StrEnum):
    """Which way is good. BAND: both ends are bad. CONTEXT: no target by itself."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    CONTEXT = "context"


class Aggregation(StrEnum):
    """The aggregation classes of metrics.md §0.2."""

    RATIO = "R"
    MEAN = "M"
    COUNT = "C"
    GAUGE = "G"
    QUANTILE = "Q"
    TIME = "T"
    INDEX = "X"
    SURVIVAL = "S"


class IntervalMethod(StrEnum):
    """The interval methods of metrics.md §0.4. MODEL: the measure works out its own. NONE: an accounting identity."""

    WILSON = "W"
    WILSON_CLUSTERED = "W·deff"
    POISSON = "P"
    BOOTSTRAP = "B"
    GREENWOOD = "G"
    MODEL = "model"
    NONE = "N"


class Subject(StrEnum):
    """Whom small numbers would expose: customers (hidden below 10), people who work here (hidden below 5 persons), or nobody.

    ANONYMOUS: people who answered without their name; hidden below 5 from everybody, and no single answer is shown to anybody.
    """

    CUSTOMERS = "customers"
    PEOPLE = "people"
    ANONYMOUS = "anonymous"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What a metric is instead where an option is chosen so; None for what stays as it is.

    option, setting: as typed, such as `statistic` and `within_target`. The rest: as in Metric.
    """

    option: str
    setting: str
    numerator: Words | None = None
    denominator: Words | None = None
    symbols: str | None = None
    unit: Unit | None = None
    direction: Direction | None = None
    aggregation: Aggregation | None = None
    interval: IntervalMethod | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric of the catalogue.

    id, version, name, numerator, denominator, symbols: who it is; numerator and denominator say the formula in words, symbols
        says it short. A change of what is counted is a new version.
    code: of metrics.md, such as A01.
    needs: table to the columns of it without which there is no number; where a table is missing the metric is "not measured".
    also_needs: what it needs besides, given the options.
    variants: choices that make it another kind of number, such as a share instead of seconds; see `settled`.
    measure: what is summed, an expression over the facts; runs no query.
    maturity_seconds: how long after the end of a period late events may still change it, given the options.
    notes: figures that belong beside the number, such as the share of contacts whose customer is known.
    subject: whose small numbers are hidden.
    pairs: metrics that move the other way when this one is gamed; shown beside it (metrics.md §0.7).
    gaming: how the number is made to look better without service getting better.
    checks: integrity checks that look for that, by their ids.
    source: who defined it.
    """

    id: str
    code: str
    name: Words
    numerator: Words
    symbols: str
    unit: Unit
    direction: Direction
    aggregation: Aggregation
    interval: IntervalMethod
    needs: Mapping[str, tuple[str, ...]]
    measure: Callable[[Facts, Options], Measure]
    gaming: Words
    source: str
    denominator: Words | None = None
    version: int = 1
    also_needs: Callable[[Options], Mapping[str, tuple[str, ...]]] = field(default=lambda _options: {})
    options: tuple[Option, ...] = ()
    variants: tuple[Variant, ...] = ()
    subject: Subject = Subject.OPERATION
    maturity_seconds: Callable[[Options], float] = field(default=lambda _options: 0.0)
    notes: Mapping[str, Callable[[Facts, Options], Measure]] = field(default_factory=dict)
    pairs: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    def all_needs(self, options: Options) -> dict[str, tuple[str, ...]]:
        """Return table to the columns of it that are needed with these options."""
        return gathered(self.needs, self.also_needs(options))

    def settled(self, options: Options) -> "Metric":
        """Return the metric as these options make it: its unit, what is good, its interval and its formula are of what is asked."""
        settings = dict(options)
        changes = {
            part.name: value
            for variant in self.variants
            if settings.get(variant.option) == variant.setting
            for part in fields(variant)
            if part.name not in {"option", "setting"} and (value := getattr(variant, part.name)) is not None
        }
        return replace(self, **changes) if changes else self


def gathered(*needs: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Add needs up, table by table, each column once."""
    found: dict[str, dict[str, None]] = {}
    for each in needs:
        for table, columns in each.items():
            found.setdefault(table, {}).update(dict.fromkeys(columns))
    return {table: tuple(columns) for table, columns in found.items()}
