"""Small numbers: what is hidden, what is marked, and what else must be hidden so that nobody works it out (metrics.md §0.4)."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt
import scipy  # its parts are imported when first used: the optimizer takes half a second

from careloop.insight.stats.arrays import Bools, Floats

__all__ = [
    "FEWEST_CUSTOMERS",
    "FEWEST_PERSONS",
    "SMALL_SAMPLE",
    "Standing",
    "customer_standing",
    "hidden_cells",
    "with_totals",
]

FEWEST_CUSTOMERS = 10
SMALL_SAMPLE = 30
FEWEST_PERSONS = 5
TOLERANCE = 1e-6


class Standing(StrEnum):
    """How a number about customers may be shown."""

    HIDDEN = "hidden"
    SMALL = "small_sample"
    SHOWN = "shown"


def customer_standing(denominator: float) -> Standing:
    """Say how a customer metric with this denominator may be shown: hidden below 10, marked below 30."""
    if not denominator >= 0:
        raise ValueError(f"A denominator must be 0 or more, not {denominator:g}.")
    if denominator < FEWEST_CUSTOMERS:
        return Standing.HIDDEN
    return Standing.SMALL if denominator < SMALL_SAMPLE else Standing.SHOWN


def with_totals(counts: npt.ArrayLike) -> Floats:
    """Add the totals of every axis: (a, b, …) becomes (a + 1, b + 1, …), the totals last."""
    table = np.asarray(counts, dtype=np.float64)
    for axis in range(table.ndim):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    return table


def hidden_cells(counts: npt.ArrayLike, *, fewest: int = FEWEST_PERSONS) -> Bools:
    """Choose the cells of a table about people that stay hidden, totals included.

    counts: (a,), (a, b) or more axes: how many persons stand behind each cell.
    fewest: a cell or total with fewer persons is hidden.

    Returns a mask shaped as `with_totals` gives it, True where hidden. Beyond the small cells it hides the fewest and smallest
    others that it finds so that somebody who knows every shown cell and total can pin no small one down to a range narrower
    than `fewest`. Totals go last: only when cells alone do not protect. No hidden cell can be taken back without a leak,
    but a cheaper choice may exist, since finding the cheapest is NP-hard.
    Raises ValueError.
    Source: Cox 1980, Suppression methodology; Fischetti and Salazar 2001 for the range an outsider can work out.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim < 1 or table.size == 0:
        raise ValueError("Counts must be a table with at least one cell.")
    if not np.isfinite(table).all() or (table < 0).any() or (table != np.floor(table)).any():
        raise ValueError("Counts of persons must be whole numbers of 0 or more.")
    full = with_totals(table)
    values, equations = full.ravel(), _equations(full.shape)
    is_total = _totals(full.shape).ravel()
    small = values < fewest
    hidden = small.copy()
    while (exposed := _exposed(values, equations, hidden, small, fewest)).any():
        hidden[_next(values, equations, hidden, exposed, is_total)] = True
    # Early choices may turn out needless once later ones are made: take back the dearest first.
    added = np.flatnonzero(hidden & ~small)
    for cell in sorted(added, key=lambda at: (not is_total[at], -values[at])):
        hidden[cell] = False
        if _exposed(values, equations, hidden, small, fewest).any():
            hidden[cell] = True
    return hidden.reshape(full.shape)


def _totals(shape: tuple[int, ...]) -> Bools:
    """Mark the cells of a full table that are totals of some axis."""
    mask = np.zeros(shape, dtype=np.bool_)
    for axis in range(len(shape)):
        mask[(slice(None),) * axis + (-1,)] = True
    return mask


def _equations(shape: tuple[int, ...]) -> Floats:
    """Write down what everybody knows: along each line, the cells less their total are 0. (lines, cells)."""
    index = np.arange(int(np.prod(shape))).reshape(shape)
    rows = []
    for axis in range(len(shape)):
        for line in np.moveaxis(index, axis, -1).reshape(-1, shape[axis]):
            row = np.zeros(index.size)
            row[line] = [1.0] * (len(line) - 1) + [-1.0]
            rows.append(row)
    return np.array(rows)


def _exposed(values: Floats, equations: Floats, hidden: Bools, small: Bools, fewest: int) -> Bools:
    """Find the small cells whose possible values, given all that is shown, span less than `fewest`."""
    unknown = np.flatnonzero(hidden)
    matrix = equations[:, unknown]
    known = -equations[:, ~hidden] @ values[~hidden]
    # Any solution found for one cell also bounds the others, which saves most of the searches.
    low = values[unknown].copy()
    high = values[unknown].copy()
    exposed = np.zeros(len(values), dtype=np.bool_)
    for place in np.flatnonzero(small[unknown]):
        for sign in (-1.0, 1.0):
            if high[place] - low[place] >= fewest - TOLERANCE:
                break
            goal = np.zeros(len(unknown))
            goal[place] = sign
            # An upper bound keeps the search finite where no total is shown.
            bounds = (0.0, float(values.max()) + 2 * fewest)
            found = scipy.optimize.linprog(goal, A_eq=matrix, b_eq=known, bounds=bounds, method="highs")
            if found.status == 0:
                low, high = np.minimum(low, found.x), np.maximum(high, found.x)
        exposed[unknown[place]] = high[place] - low[place] < fewest - TOLERANCE
    return exposed


def _next(values: Floats, equations: Floats, hidden: Bools, exposed: Bools, is_total: Bools) -> int:
    """Choose the next cell to hide: the smallest on a line with an exposed cell, totals last."""
    for wanted in (exposed, hidden):
        lines = (equations[:, wanted] != 0).any(axis=1)
        open_cells = np.flatnonzero((equations[lines] != 0).any(axis=0) & ~hidden)
        if len(open_cells):
            return int(min(open_cells, key=lambda at: (is_total[at], values[at], at)))
    return int(np.flatnonzero(~hidden)[0])
