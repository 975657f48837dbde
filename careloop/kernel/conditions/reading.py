"""Read a condition from the leaves up: the way to compile it to SQL, to Ibis, or to anything else."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar, assert_never

from careloop.kernel.conditions.tree import And, Comparison, Condition, Not, Or

__all__ = ["Reader", "comparisons_of", "read"]

Result = TypeVar("Result")


class Reader(Protocol[Result]):
    """What a compiler says to each part of a condition.

    Every result is two-valued: a comparison with a missing value does not hold, and the operators in `OPPOSITES` hold
    exactly when their opposites do not. In SQL, take care that NULL does not leak into `opposite`.
    """

    def all_of(self, parts: Sequence[Result]) -> Result:
        """Join parts that must all hold; without parts, return what always holds."""

    def any_of(self, parts: Sequence[Result]) -> Result:
        """Join parts of which one must hold; without parts, return what never holds."""

    def opposite(self, part: Result) -> Result:
        """Return what holds exactly when the part does not."""

    def comparison(self, comparison: Comparison) -> Result:
        """Compile one comparison."""


def comparisons_of(tree: Condition) -> Iterator[Comparison]:
    """Yield every comparison in a condition, from left to right."""
    match tree:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from comparisons_of(part)
        case Not(part=part):
            yield from comparisons_of(part)
        case Comparison():
            yield tree


def read(tree: Condition, reader: Reader[Result]) -> Result:
    """Compile a condition with a reader, and return what the reader made of the whole."""
    match tree:
        case And(parts=parts):
            return reader.all_of([read(part, reader) for part in parts])
        case Or(parts=parts):
            return reader.any_of([read(part, reader) for part in parts])
        case Not(part=part):
            return reader.opposite(read(part, reader))
        case Comparison():
            return reader.comparison(tree)
    assert_never(tree)
