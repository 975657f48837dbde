"""Work off together what many bring at the same moment: while one batch is at work, the next gathers.

The more there is to do, the less each costs; whoever comes alone is served at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar, cast

__all__ = ["Gathering"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(eq=False, slots=True)
class _Brought(Generic[T, R]):
    one: T
    answer: R | None = None
    problem: BaseException | None = None
    is_done: bool = False


class Gathering(Generic[T, R]):
    """Where the threads of a process bring things of one kind; one of those that wait works for all of them.

    work: does some in one transaction and answers each, in their order; it must be safe to try again. most: in one batch.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]], *, most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: list[_Brought[T, R]] = []
        self._is_at_work = Lock()

    def bring(self, one: T) -> R:
        """Have one thing done, and return the answer to it. Raises what the work raises where it does this one alone."""
        mine: _Brought[T, R] = _Brought(one)
        self._waiting.append(mine)
        with self._is_at_work:
            while not mine.is_done:
                # The eldest first, so that nobody is overtaken.
                batch = self._waiting[: self._most]
                del self._waiting[: len(batch)]
                self._do(batch)
        if mine.problem is not None:
            raise mine.problem
        return cast(R, mine.answer)

    def _do(self, batch: Sequence[_Brought[T, R]]) -> None:
        try:
            answers = self._work([brought.one for brought in batch])
        except BaseException as problem:  # noqa: BLE001 - raised to whoever brought it
            if len(batch) > 1:
                # Each is tried again by itself, so that whoever spoilt it spoils nothing for the others.
                for brought in batch:
                    self._do([brought])
                return
            batch[0].problem = problem
        else:
            for brought, answer in zip(batch, answers, strict=True):
                brought.answer = answer
        for brought in batch:
            brought.is_done = True
