"""What a reader hands over at a time."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa

__all__ = ["Batch", "Progress", "Step", "ahead"]

Batch = tuple[str, pa.Table]
"""The name of a fact table, and rows of it."""

Made = TypeVar("Made")

Progress = Callable[[int, int], None]
"""Told how many bytes of the file are read, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Facts to be written together. key: the same whenever the same lines are read; batches: tables by name."""

    key: str
    batches: Sequence[Batch]


def ahead(steps: Generator[Made, None, None]) -> Generator[Made, None, None]:
    """Work out the next step, or what steps are made of, while the last one is being worked on; never more than one.

    Not for steps that take being asked for the next one as word that the last one is kept.
    """
    with ThreadPoolExecutor(1) as worker:
        try:
            waiting = worker.submit(next, steps, None)
            while (step := waiting.result()) is not None:
                waiting = worker.submit(next, steps, None)
                yield step
        finally:
            worker.submit(steps.close).result()
