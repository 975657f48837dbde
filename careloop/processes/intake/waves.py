"""Mails that have nothing to do with each other are settled together; those that have, one after the other."""

from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

__all__ = ["first_wave"]

T = TypeVar("T")


def first_wave(waiting: Sequence[tuple[T, Collection[Hashable]]]) -> tuple[list[T], list[T]]:
    """Split what waits into those that may be settled together now, and the rest; both keep their order.

    waiting: (one, what it touches), the oldest first. No two of the wave touch the same thing, and none of it touches what an
    older one of the rest does: an answer never overtakes what it answers.
    """
    touched: set[Hashable] = set()
    wave: list[T] = []
    rest: list[T] = []
    for one, keys in waiting:
        (wave if touched.isdisjoint(keys) else rest).append(one)
        touched.update(keys)
    return wave, rest
