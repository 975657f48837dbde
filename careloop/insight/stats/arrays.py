"""Arrays at the door: what comes in is checked once, and refused in a sentence."""

from collections.abc import Sized

import numpy as np
import numpy.typing as npt
import scipy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def numbers(name: str, values: npt.ArrayLike, *, least: float | None = None) -> Floats:
    """Read a one-dimensional array of finite numbers.

    name: what the caller calls it, for the sentence of a refusal.
    values: (n,) anything that NumPy reads as numbers.
    least: the smallest value allowed, or None.

    Returns (n,) float64. Raises ValueError.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers.") from error
    if array.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, not an array of {array.ndim} dimensions.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; leave out what was not measured.")
    if least is not None and (array < least).any():
        raise ValueError(f"{name} must be {least:g} or more; the smallest is {array.min():g}.")
    return array


def whole_numbers(name: str, values: npt.ArrayLike, *, least: int | None = 0) -> Ints:
    """Read a one-dimensional array of whole numbers, such as counts. Raises ValueError."""
    array = numbers(name, values, least=least)
    if (array != np.floor(array)).any():
        raise ValueError(f"{name} must be whole numbers.")
    return array.astype(np.int64)


def same_length(**arrays: Sized) -> int:
    """Return the common length of named arrays. Raises ValueError when they differ."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"These must have the same length: {said}.")
    return next(iter(lengths.values()))


def normal_quantile(confidence: float) -> float:
    """Return z of a two-sided interval: 0.95 gives 1.959964. Raises ValueError unless 0 < confidence < 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence must lie between 0 and 1, as 0.95 does, not {confidence:g}.")
    return float(scipy.special.ndtri((1 + confidence) / 2))
