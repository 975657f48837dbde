"""Careloop's own answer."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from bench.determinants.question import FCR, QUEUE_METRICS, answer
from careloop.insight import facts, kpis

__all__ = ["ask", "asked", "joined"]


def asked() -> list[kpis.Asked]:
    """Return the metrics of a queue with their options."""
    return [kpis.Asked.of(kpis.metric(name), options) for name, options in QUEUE_METRICS.items()]


def ask(root: str, *, with_intervals: bool = False) -> tuple[pa.Table, pa.Table]:
    """Scan the facts of a lake for everything that is asked."""
    held = facts.read(root)
    by_queue = kpis.measure_all(held, asked(), by=("queue", "half_hour"), with_intervals=with_intervals)
    by_reason = kpis.measure(held, FCR, by=("reason",), with_intervals=with_intervals)
    return joined(by_queue, ("queue", "half_hour")), joined([by_reason], ("reason",))


def joined(results: Sequence[kpis.Result], by: tuple[str, ...]) -> pa.Table:
    """Lay the numerators and denominators of several metrics side by side; each has the cells in which it has rows."""
    tables = []
    for result in results:
        assert result.cells is not None
        columns = result.cells.columns
        figures = {f"{result.metric.id}_x": columns.numerator}
        if not np.isnan(columns.denominator).all():
            figures[f"{result.metric.id}_n"] = columns.denominator
        tables.append(pa.table({**{name: result.cells.keys[name].arrow() for name in by}, **figures}))
    first, *others = tables
    for other in others:
        if all(first[name].equals(other[name]) for name in by):
            first = pa.table(
                {
                    **dict(zip(first.column_names, first.columns, strict=True)),
                    **{n: other[n] for n in other.column_names if n not in by},
                }
            )
        else:
            first = first.join(other, keys=list(by), join_type="full outer")
    return first


if __name__ == "__main__":
    answer(ask)
