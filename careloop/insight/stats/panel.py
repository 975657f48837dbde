"""How two figures of the same units move together, each unit against itself (metrics.md §3.5)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import Floats, numbers, same_length, whole_numbers

__all__ = ["Moves", "within_moves"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moves:
    """What is left of two figures once units and periods have had their say.

    products, squares: (units,) per unit, Σ x̃ỹ and Σ x̃². Their sums make the slope; drawing units again makes its interval.
    """

    products: Floats
    squares: Floats

    @property
    def slope(self) -> float | None:
        """Return by how much y rises with one more of x; None where x does not move."""
        below = float(self.squares.sum())
        return float(self.products.sum()) / below if below > 0 else None


def within_moves(*, units: npt.ArrayLike, periods: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike) -> Moves:
    """Take the effects of units and of periods off two figures.

    units, periods: (rows,) whole numbers from 0, one row for each unit and period at most. x, y: (rows,).

    What a unit always has, such as its mix of work, and what a period has for everybody cannot make x and y move together then.
    Between units the sign is often the other one. Raises ValueError. Source: Frisch and Waugh 1933; Mundlak 1978.
    """
    unit, period = whole_numbers("Units", units), whole_numbers("Periods", periods)
    one, other = numbers("x", x), numbers("y", y)
    rows = same_length(units=unit, periods=period, x=one, y=other)
    if rows == 0:
        return Moves(products=np.zeros(0), squares=np.zeros(0))
    design = np.zeros((rows, int(unit.max()) + int(period.max()) + 2))
    design[np.arange(rows), unit] = 1
    design[np.arange(rows), int(unit.max()) + 1 + period] = 1
    both = np.stack([one, other], axis=1)
    left = both - design @ np.linalg.lstsq(design, both, rcond=None)[0]
    # What is nothing but rounding is no movement.
    left[np.abs(left) < 1e-9 * np.maximum(1.0, np.abs(both).max(axis=0))] = 0.0
    return Moves(
        products=np.bincount(unit, weights=left[:, 0] * left[:, 1]).astype(np.float64),
        squares=np.bincount(unit, weights=np.square(left[:, 0])).astype(np.float64),
    )
