"""One act is one function, one transaction, one statement for its events.

An act that calls another joins it: the outermost one opens the savepoint that undoes everything when it is refused, and writes
all events at its end, in the order in which they were recorded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from careloop.kernel.events import collected, collecting, forget_after, write_collected

__all__ = ["act", "attempt"]

P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an act: what it writes and records is kept or undone as one."""

    @wraps(function)
    def acting(*args: P.args, **kwargs: P.kwargs) -> R:
        if collected() is not None:
            return function(*args, **kwargs)
        with transaction.atomic(), collecting():
            result = function(*args, **kwargs)
            write_collected()
            return result

    return acting


@contextmanager
def attempt() -> Iterator[None]:
    """Try something within an act that may fail without failing the act: its writes and its events are undone together."""
    mark = len(collected() or ())
    try:
        with transaction.atomic():
            yield
    except BaseException:
        forget_after(mark)
        raise
