"""Numbers or arrays in, float64 arrays of one shape out; what makes no sense is refused here, by name."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Booleans", "Floats", "above_zero", "at_least_zero", "share", "together", "whole"]

Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]


def at_least_zero(name: str, values: ArrayLike) -> Floats:
    """Return the values as float64. Raises ValueError unless all are finite and at least 0."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array) & (array >= 0)):
        raise ValueError(f"{name} must be finite and at least 0.")
    return array


def above_zero(name: str, values: ArrayLike) -> Floats:
    """Return the values as float64. Raises ValueError unless all are finite and above 0."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array) & (array > 0)):
        raise ValueError(f"{name} must be finite and above 0.")
    return array


def whole(name: str, values: ArrayLike, *, least: int) -> Floats:
    """Return the values as float64. Raises ValueError unless all are whole numbers of at least `least`."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array) & (array >= least) & (array == np.floor(array))):
        raise ValueError(f"{name} must be a whole number of at least {least}.")
    return array


def share(name: str, values: ArrayLike) -> Floats:
    """Return the values as float64. Raises ValueError unless all are at least 0 and below 1."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all((array >= 0) & (array < 1)):
        raise ValueError(f"{name} must be at least 0 and below 1.")
    return array


def together(*arrays: Floats) -> tuple[tuple[int, ...], list[Floats]]:
    """Return the common shape, and every array broadcast to it and flattened."""
    wide: Any = np.broadcast_arrays(*arrays)
    return wide[0].shape, [array.ravel() for array in wide]
