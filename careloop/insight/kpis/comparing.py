"""Hold a period against another one: the difference with its interval, and whether the mix or the rates made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.insight.changes import Change, Key, Split, change, period_before, split
from careloop.insight.kpis.asking.dimensions import TIMES
from careloop.insight.kpis.asking.reaching import reaches_back
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.engine import Asked, measure_all
from careloop.insight.kpis.results import Result, Row
from careloop.kernel.conditions import Condition

__all__ = ["Compared", "Pair", "compare_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One number in both periods; either may be missing. dimensions: what it is of; empty for the total.

    reaches_back: whether there were facts in the earlier period; before the first of them there is nothing to compare with.
    """

    dimensions: Mapping[str, Key]
    now: Row | None
    before: Row | None
    reaches_back: bool = True

    @property
    def change(self) -> Change | None:
        return change(self.now, self.before) if self.reaches_back else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """A metric in two periods.

    reaches_back: whether facts reach back to the beginning of the earlier one.
    split: mix and rate of the change, where one dimension that is no time was asked for and the numbers are quotients of sums.
    """

    now: Result
    before: Result
    split: Split | None
    reaches_back: bool = True

    @property
    def total(self) -> Pair:
        return Pair(dimensions={}, now=self.now.total, before=self.before.total, reaches_back=self.reaches_back)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The cells of both periods, in the order of the present one; those that only the earlier one has come last."""
        earlier = {tuple(row.dimensions.values()): row for row in self.before.rows}
        both: list[tuple[Row | None, Row | None]] = [
            (row, earlier.pop(tuple(row.dimensions.values()), None)) for row in self.now.rows
        ]
        both += [(None, row) for row in earlier.values()]
        return tuple(
            Pair(dimensions=known.dimensions, now=now, before=then, reaches_back=self.reaches_back)
            for now, then in both
            if (known := now or then) is not None
        )


def compare_all(
    facts: Facts,
    asked: Sequence[Asked],
    *,
    since: datetime,
    until: datetime,
    before: tuple[datetime, datetime] | None = None,
    by: Sequence[str] = (),
    where: Condition | Mapping[str, object] | str | None = None,
    day_begins_s: int = 0,
    with_checks: bool = False,
    with_small: bool = False,
) -> list[Compared]:
    """Measure several metrics in a period and in another one; arguments and errors as of `measure_all`.

    before: the other period; None for the one of the same kind just before, see `period_before`.
    """
    before = before or period_before(since, until, zone=facts.zone, day_begins_s=day_begins_s)
    found = [
        measure_all(
            facts,
            asked,
            by=by,
            since=first,
            until=last,
            where=where,
            day_begins_s=day_begins_s,
            with_checks=with_checks,
            with_small=with_small,
        )
        for first, last in ((since, until), before)
    ]
    parted = by[0] if len(by) == 1 and by[0] not in TIMES else None
    compared = []
    for each, now, then in zip(asked, *found, strict=True):
        reaches = reaches_back(facts, each.metric.all_needs(each.options), since=before[0], until=before[1])
        parts = split(now.rows, then.rows, by=parted) if parted is not None and reaches else None
        compared.append(Compared(now=now, before=then, split=parts, reaches_back=reaches))
    return compared
