"""Numbers that are worked out from sums of several grains at once: what calls ask for per queue, who was there per half hour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from careloop.insight.kpis.measures.summands import Finished, Span, Sum
from careloop.insight.stats.arrays import Floats

__all__ = ["Goals", "Inner", "Layer", "Layered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Sums per inner cell.

    sums: by name. per: dimensions of inner cells, in addition to those of the question.
    is_of_all_time: the period does not cut these sums; what was asked for is then said by another layer.
    """

    sums: Mapping[str, Sum | Span]
    per: tuple[str, ...]
    is_of_all_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inner:
    """The inner cells of one cell. keys: dimension to the value of each, (k,). sums: by name, (k,)."""

    keys: Mapping[str, Sequence[object]]
    sums: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(next(iter(self.sums.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layered:
    """A number per cell, from the inner cells of its layers.

    layers: by name; the first says which cells there are, and whose persons are counted.
    finish: from the inner cells of each layer to the number of one cell. method: how its interval comes about.
    """

    layers: Mapping[str, Layer]
    finish: Callable[[Mapping[str, Inner]], Finished]
    method: str = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """How far goals have come from their baseline to what they aim at. rows: goals, with the columns of the table `target`."""

    rows: ir.Table
