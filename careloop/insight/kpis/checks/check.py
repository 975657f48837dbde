"""What an integrity check is: a figure, and from where on it is a flag."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import ibis.expr.types as ir

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Measure, Ratio, Sum
from careloop.insight.kpis.metric import IntervalMethod
from careloop.insight.kpis.options import Options
from careloop.insight.kpis.results import Severity
from careloop.insight.kpis.words import Words

__all__ = ["Above", "Check", "Method", "Peers", "Trend", "share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """The whole interval of the figure lies above the limit, or the figure itself where it has no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Somebody has far more of it than all others on the same work, or far fewer (`stats.peers.apart`).

    group: a dimension, or a column of the rows. within: dimensions or columns that say what the same work is.
    The measure is a Ratio of two Sums over equal rows, its numerator whole; the limit says how many times as much matters.
    """

    group: str
    within: tuple[str, ...] = ()
    fewer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The last four whole weeks left the level of the half year before them (XmR chart and EWMA, λ 0.2, L 2.86).

    both: whether falling matters too. The limit is the least change that matters, in the unit of the figure.
    """

    both: bool = False


Method: TypeAlias = Above | Peers | Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One way in which a number is made to look better, looked for in the facts.

    id: named by the metrics that it guards. name: of what is watched. sentence: what a flag says.
    severity: of a flag; severe from `severe_from` on, where the figure (with its whole interval) lies above that.
    measure: the figure, with the options of the metric under guard, or those that it lacks left at what the check takes.
    limit, how: what makes the figure a flag; honest work stays below.
    fewest: small numbers say nothing: how many rows must stand behind the figure, or behind a group of peers.
    needs: fact tables without which the check is not made.
    lacks: what would have to be brought where no fact table holds it; such a check has no measure and is only listed.
    source: where it comes from.
    """

    id: str
    name: Words
    sentence: Words
    severity: Severity
    needs: Mapping[str, tuple[str, ...]]
    measure: Callable[[Facts, Options], Measure] | None = None
    limit: float = 0.0
    interval: IntervalMethod = IntervalMethod.WILSON
    how: Method = field(default_factory=Above)
    severe_from: float | None = None
    fewest: float = 30
    lacks: Words | None = None
    source: str = "metrics.md §2"


def share(rows: ir.Table, part: ir.BooleanValue, *, among: ir.BooleanValue, at: str) -> Ratio:
    """Divide the rows that are meant by those that they are among."""
    return Ratio(numerator=Sum(rows=rows, value=among & part, at=at), denominator=Sum(rows=rows, value=among, at=at))
