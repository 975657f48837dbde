"""What was asked, and who runs what it takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

import ibis.expr.types as ir
import pyarrow as pa

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.asking.zones import LocalTime, local_time
from careloop.kernel.conditions import Condition

__all__ = ["Fetch", "Question", "fetched"]

Fetch: TypeAlias = Callable[[ir.Table], pa.Table]


def fetched(expression: ir.Table) -> pa.Table:
    """Run an expression where its tables are."""
    return expression.to_pyarrow()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: by which dimensions, from when until before when, of which rows.

    lasting: first and last UTC second of what there is, where somebody knows; else the rows are asked where it matters.
    day_begins_s: local seconds since midnight at which a day of operation begins, such as 18 000 for 05:00.
    """

    facts: Facts
    by: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    where: Condition | None = None
    fetch: Fetch = fetched
    with_small: bool = False
    lasting: tuple[int, int] | None = None
    day_begins_s: int = 0

    @property
    def clock(self) -> LocalTime:
        return replace(local_time(self.facts.zone), begins=self.day_begins_s)
