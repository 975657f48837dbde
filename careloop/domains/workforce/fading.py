"""How much a program got lately: a sum in which what was given fades, half of it in half an hour. Pure."""

from datetime import datetime
from typing import Final

__all__ = ["HALF_S", "faded"]

HALF_S: Final = 1800.0


def faded(given: float, *, since: datetime, at: datetime) -> float:
    """Return what is left at a moment of a sum as it stood earlier; what was given at `since` counts half after `HALF_S`."""
    return float(given * 0.5 ** (max(0.0, (at - since).total_seconds()) / HALF_S))
