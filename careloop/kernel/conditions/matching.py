"""Decide in plain Python whether a condition holds for one thing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from careloop.kernel.conditions.fields import OPPOSITES, Operator
from careloop.kernel.conditions.reading import read
from careloop.kernel.conditions.tree import Comparison, Condition, Length, Someone, Value
from careloop.kernel.text import contains

__all__ = ["matches"]


def matches(tree: Condition, facts: Mapping[str, object], now: datetime, *, me: int | None = None) -> bool:
    """Say whether a condition holds.

    tree: a condition that was checked against the registry which these facts belong to.
    facts: field name to value: text, number, boolean, choice and person or reference (its id) as they are, a set for
        tags and choice sets, an aware moment, a duration in seconds. A missing field, None, an empty text and an empty
        set are all "not set".
    now: the moment at which "within the last hour" ends, timezone-aware.
    me: id of the person for whom the condition is read; without one, nobody is "me".
    """
    return read(tree, _Judge(facts=facts, now=now, me=me))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    facts: Mapping[str, object]
    now: datetime
    me: int | None

    def all_of(self, parts: Sequence[bool]) -> bool:
        return all(parts)

    def any_of(self, parts: Sequence[bool]) -> bool:
        return any(parts)

    def opposite(self, part: bool) -> bool:
        return not part

    def comparison(self, comparison: Comparison) -> bool:
        fact: Any = self.facts.get(comparison.field)
        is_missing = fact == "" or (isinstance(fact, Collection) and not fact)
        return self._holds(comparison.operator, None if is_missing else fact, self._plain(comparison.value))

    def _holds(self, operator: Operator, fact: Any, value: Any) -> bool:
        match operator:
            case Operator.IS_NOT | Operator.NONE_OF | Operator.LACKS_WORDS | Operator.IS_NOT_SET:
                return not self._holds(OPPOSITES[operator], fact, value)
            case _ if fact is None:
                return False
            case Operator.IS_SET:
                return True
            case Operator.IS:
                return bool(fact == value)
            case Operator.ANY_OF:
                return not _members(fact).isdisjoint(value)
            case Operator.ALL_OF:
                return _members(fact).issuperset(value)
            case Operator.CONTAINS_WORDS:
                return contains(fact, value)
            case Operator.BEFORE:
                return bool(fact < value)
            case Operator.AFTER:
                return bool(fact > value)
            case Operator.AT_LEAST:
                return bool(fact >= value)
            case Operator.AT_MOST:
                return bool(fact <= value)
            case Operator.BETWEEN if isinstance(fact, datetime):
                return bool(value[0] <= fact < value[1])
            case Operator.BETWEEN:
                return bool(value[0] <= fact <= value[1])
            case Operator.WITHIN_LAST:
                return bool(timedelta() <= self.now - fact <= timedelta(seconds=value))
            case Operator.WITHIN_NEXT:
                return bool(timedelta() <= fact - self.now <= timedelta(seconds=value))
            case Operator.OLDER_THAN:
                return bool(self.now - fact > timedelta(seconds=value))
        assert_never(operator)

    def _plain(self, value: Value) -> object:
        """Return a value as facts are given: a length in seconds, and the id of whoever "me" is."""
        match value:
            case tuple():
                return tuple(map(self._plain, value))
            case Length():
                return value.duration.total_seconds()
            case Someone.ME:
                return self.me
        return value


def _members(fact: Any) -> frozenset[object]:
    """Return the members of a set of values, or one value as such a set."""
    return frozenset([fact] if isinstance(fact, str) or not isinstance(fact, Collection) else fact)
