"""What a condition decides, and that a compiled one decides the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.kernel.conditions import OPPOSITES, And, Comparison, Condition, Not, Or, from_json, matches, read
from tests.kernel.conditions_cast import CASES, NOW, comparisons, conditions, facts

Facts = Mapping[str, object]
HOUR = timedelta(hours=1)


def holds(field: str, operator: str, value: object, fact: object, me: int | None = None) -> bool:
    loaded = {"field": field, "operator": operator, "value": value}
    return matches(from_json(loaded, registry=CASES), {field: fact}, NOW, me=me)


@pytest.mark.parametrize(
    ("field", "operator", "value", "fact", "expected"),
    [
        ("status", "is", "open", "open", True),
        ("status", "is", "open", None, False),
        ("status", "is_not", "open", None, True),
        ("status", "none_of", ["open", "new"], "new", False),
        ("subject", "contains_words", "don hang", "Hỏi về đơn hàng", True),
        ("subject", "contains_words", "환불", "상품 환불을 원해요", True),
        ("subject", "lacks_words", "refund", "", True),
        ("subject", "is_set", None, "", False),
        ("replies", "is_set", None, 0, True),
        ("replies", "between", [1, 3], 3, True),
        ("replies", "at_most", 2, None, False),
        ("is_spam", "is", False, False, True),
        ("is_spam", "is", False, None, False),
        ("channels", "all_of", ["mail", "phone"], {"mail"}, False),
        ("channels", "any_of", ["mail", "phone"], ["mail"], True),
        ("tags", "none_of", ["vip"], set(), True),
        ("tags", "is_not_set", None, frozenset(), True),
        ("wait_seconds", "at_least", {"amount": 2, "unit": "minutes"}, 120, True),
        ("wait_seconds", "at_least", {"amount": 2, "unit": "minutes"}, 119, False),
        ("opened_at", "within_last", {"amount": 1, "unit": "hours"}, NOW - HOUR, True),
        ("opened_at", "within_last", {"amount": 1, "unit": "hours"}, NOW + HOUR, False),
        ("opened_at", "within_next", {"amount": 1, "unit": "days"}, NOW + HOUR, True),
        ("opened_at", "older_than", {"amount": 60, "unit": "minutes"}, NOW - HOUR, False),
        ("opened_at", "between", ["2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z"], NOW, False),
        ("opened_at", "between", ["2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"], NOW, True),
        ("opened_at", "after", "2026-11-21T08:00:00Z", NOW, True),
        ("opened_at", "before", "2026-11-21T09:00:00Z", NOW, False),
    ],
)
def test_decides(field: str, operator: str, value: object, fact: object, expected: bool) -> None:
    assert holds(field, operator, value, fact) is expected


def test_me_is_whoever_asks() -> None:
    assert holds("assignee", "is", "me", 7, me=7)
    assert not holds("assignee", "is", "me", 8, me=7)
    assert not holds("assignee", "any_of", ["me", 9], None)
    assert holds("assignee", "is_not", "me", 7)


class TestLaws:
    @given(conditions(), facts())
    def test_not_is_the_opposite(self, tree: Condition, known: Facts) -> None:
        assert matches(Not(part=tree), known, NOW, me=1) is not matches(tree, known, NOW, me=1)

    @given(st.lists(conditions(), max_size=3), facts())
    def test_and_or_and_not_obey_de_morgan(self, trees: list[Condition], known: Facts) -> None:
        opposites = tuple(Not(part=tree) for tree in trees)

        nothing = matches(Not(part=Or(parts=tuple(trees))), known, NOW)

        assert matches(And(parts=opposites), known, NOW) is nothing
        assert matches(And(parts=tuple(trees)), known, NOW) is all(matches(tree, known, NOW) for tree in trees)

    @given(comparisons().filter(lambda comparison: comparison.operator in OPPOSITES), facts())
    def test_opposite_operators_are_opposite(self, comparison: Comparison, known: Facts) -> None:
        positive = Comparison(field=comparison.field, operator=OPPOSITES[comparison.operator], value=comparison.value)

        assert matches(positive, known, NOW, me=2) is not matches(comparison, known, NOW, me=2)


class Closures:
    """A compiler of the plainest kind: a condition becomes a function of the facts."""

    def all_of(self, parts: Sequence[Callable[[Facts], bool]]) -> Callable[[Facts], bool]:
        return lambda known: all(part(known) for part in parts)

    def any_of(self, parts: Sequence[Callable[[Facts], bool]]) -> Callable[[Facts], bool]:
        return lambda known: any(part(known) for part in parts)

    def opposite(self, part: Callable[[Facts], bool]) -> Callable[[Facts], bool]:
        return lambda known: not part(known)

    def comparison(self, comparison: Comparison) -> Callable[[Facts], bool]:
        return lambda known: matches(comparison, known, NOW, me=1)


@given(conditions(), facts())
def test_a_compiled_condition_decides_the_same(tree: Condition, known: Facts) -> None:
    compiled = read(tree, Closures())

    assert compiled(known) is matches(tree, known, NOW, me=1)
