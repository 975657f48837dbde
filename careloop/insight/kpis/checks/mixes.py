"""What several checks are made of: how far two mixes are apart, and whether two figures of groups go the same way."""

import math

import ibis.expr.types as ir
import numpy as np
import scipy

from careloop.insight.kpis.measures.kinds import Finished, Pooled
from careloop.insight.stats.arrays import Floats, normal_quantile

__all__ = ["against", "mix_gap"]


def mix_gap(rows: ir.Table, *, of: ir.Value, split: ir.BooleanValue, at: str, where: ir.BooleanValue) -> Pooled:
    """Measure how far the mix of those in `split` is from that of the others, by Cramér's V with its interval."""
    return Pooled(rows=rows, values={"of": of, "split": split}, at=at, finish=cramers_v, where=where)


def cramers_v(values: dict[str, list[object]], counts: Floats) -> Finished:
    """Work out V of a table with two lines, and the lower end of its 95 % interval.

    Cells expected below five are put together, so that the χ² holds. None with fewer than two kinds or below thirty in a line.
    Source: Cramér 1946; Steiger and Fouladi 1997 for the interval, by the noncentral χ². Check: 30 of 40 against 10 of 40 give 0.5.
    """
    kinds = {kind: place for place, kind in enumerate(dict.fromkeys(values["of"]))}
    table = np.zeros((2, len(kinds)))
    for kind, split, count in zip(values["of"], values["split"], counts.tolist(), strict=True):
        table[int(bool(split)), kinds[kind]] += count
    lines, total = table.sum(axis=1), float(table.sum())
    n = int(total)
    if lines.min() < 30:
        return Finished(value=None, n=n)
    expected = lines[:, None] * table.sum(axis=0) / total
    rare = expected.min(axis=0) < 5
    table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)]) if rare.any() else table
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return Finished(value=None, n=n)
    expected = lines[:, None] * table.sum(axis=0) / total
    squared = float((np.square(table - expected) / expected).sum())
    degrees = table.shape[1] - 1
    low = 0.0
    if scipy.special.chdtr(degrees, squared) > 0.975:
        low = math.sqrt(float(scipy.special.chndtrinc(squared, degrees, 0.975)) / total)
    return Finished(value=math.sqrt(squared / total), low=low, high=1.0, n=n)


def against(first: Floats, second: Floats, weights: Floats) -> Finished:
    """Correlate two figures of groups, turned so that going against each other is above 0, with Fisher's interval.

    first, second: (groups,) figures. weights: (groups,) of those with enough rows; all count alike.

    None below ten groups. Source: Fisher 1921.
    """
    n = len(first)
    if n < 10 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return Finished(value=None, n=int(weights.sum()))
    r = -float(np.corrcoef(first, second)[0, 1])
    r = max(-0.999999, min(0.999999, r))
    half = normal_quantile(0.95) / math.sqrt(n - 3)
    return Finished(
        value=r, low=math.tanh(math.atanh(r) - half), high=math.tanh(math.atanh(r) + half), n=int(weights.sum())
    )
