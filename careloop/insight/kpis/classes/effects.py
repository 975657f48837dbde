"""How far raters lie from each other on what they rated together."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from careloop.insight.agreement.bias import evaluator_biases
from careloop.insight.kpis.asking.grouping import Labels, grouping
from careloop.insight.kpis.asking.queries import prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.measures.kinds import Effects
from careloop.insight.kpis.results import Columns
from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.intervals import Interval

__all__ = ["effects"]

Keys: TypeAlias = Mapping[str, Labels[object]]


def effects(measure: Effects, question: Question) -> tuple[Keys, Columns]:
    """Fit raters and what they rated, in each cell of the other dimensions; one row for each rater, or the farthest of them."""
    rows = measure.rows.mutate(
        m_unit=measure.rows[measure.unit].cast("string"),
        m_rater=measure.rows[measure.rater].cast("string"),
        m_value=measure.value.cast("float64"),
    )
    table = question.fetch(prepared(rows.filter(rows.m_value.notnull()), question, at=measure.at))
    rest = tuple(name for name in question.by if name != measure.by)
    cells = grouping(table, rest)
    units, raters = (np.array(table[name].to_pylist(), dtype=object) for name in ("m_unit", "m_rater"))
    values = np.asarray(table["m_value"].to_numpy(), dtype=np.float64)
    found: list[tuple[int, str | None, Interval | None, int]] = []
    for cell in range(cells.cells):
        own = cells.codes == cell
        biases = evaluator_biases(contacts=units[own], evaluators=raters[own], scores=values[own])
        if measure.by in question.by:
            counts = {str(name): int((raters[own] == name).sum()) for name in set(raters[own])}
            found += [(cell, name, biases.get(name), count) for name, count in sorted(counts.items())]
        else:
            farthest = max(map(_distance, biases.values()), key=lambda bias: bias.estimate, default=None)
            found.append((cell, None, farthest, int(own.sum())))
    return _laid_out(measure, question, {name: cells.keys[name] for name in rest}, found)


def _distance(bias: Interval) -> Interval:
    """Turn a bias so that it points upwards."""
    if bias.estimate >= 0:
        return bias
    return Interval(estimate=-bias.estimate, low=-bias.high, high=-bias.low)


def _laid_out(
    measure: Effects,
    question: Question,
    keys: Mapping[str, Sequence[object]],
    found: Sequence[tuple[int, str | None, Interval | None, int]],
) -> tuple[Keys, Columns]:
    """Put the effects in rising order of the dimensions."""
    columns = {
        f"d_{name}": pa.array([rater if name == measure.by else keys[name][cell] for cell, rater, _bias, _n in found])
        for name in question.by
    }
    order = grouping(pa.table(columns or {"d_": pa.nulls(len(found))}), question.by)

    def placed(values: list[float]) -> Floats:
        out = np.full(order.cells, np.nan)
        out[order.codes] = values
        return out

    nothing = float("nan")
    low = placed([nothing if bias is None else bias.low for _cell, _rater, bias, _n in found])
    return order.keys, Columns(
        value=placed([nothing if bias is None else bias.estimate for _cell, _rater, bias, _n in found]),
        low=low,
        high=placed([nothing if bias is None else bias.high for _cell, _rater, bias, _n in found]),
        numerator=np.full(order.cells, np.nan),
        denominator=np.full(order.cells, np.nan),
        n=placed([float(n) for _cell, _rater, _bias, n in found]),
        method=np.where(np.isfinite(low), "model", ""),
    )
