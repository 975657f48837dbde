"""Conditions in and out of JSON; whatever is wrong is named with its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.kernel.conditions import (
    ME,
    And,
    BadCondition,
    BadField,
    Comparison,
    Condition,
    Field,
    Kind,
    Length,
    Not,
    Operator,
    Or,
    Registry,
    Unit,
    from_json,
    from_text,
    to_json,
)
from tests.kernel.conditions_cast import CASES, conditions

OPEN = {"field": "status", "operator": "is", "value": "open"}


def ask(field: str, operator: str, value: object = None) -> dict[str, object]:
    return {"field": field, "operator": operator, "value": value}


class TestReading:
    def test_reads_a_tree(self) -> None:
        loaded = {"and": [OPEN, {"not": {"or": [ask("assignee", "is", "me"), ask("tags", "any_of", ["vip"])]}}]}

        assert from_json(loaded, registry=CASES) == And(
            parts=(
                Comparison(field="status", operator=Operator.IS, value="open"),
                Not(
                    part=Or(
                        parts=(
                            Comparison(field="assignee", operator=Operator.IS, value=ME),
                            Comparison(field="tags", operator=Operator.ANY_OF, value=("vip",)),
                        )
                    )
                ),
            )
        )

    def test_reads_moments_as_utc(self) -> None:
        loaded = ask("opened_at", "before", "2026-11-21T18:00:00+09:00")

        assert to_json(from_json(loaded, registry=CASES))["value"] == "2026-11-21T09:00:00+00:00"

    def test_reads_lengths_as_people_say_them(self) -> None:
        loaded = ask("opened_at", "within_last", {"amount": 4, "unit": "hours"})

        assert from_json(loaded, registry=CASES) == Comparison(
            field="opened_at", operator=Operator.WITHIN_LAST, value=Length(amount=4, unit=Unit.HOURS)
        )

    def test_leaves_repeated_values_out(self) -> None:
        loaded = ask("status", "any_of", ["open", "new", "open"])

        assert to_json(from_json(loaded, registry=CASES))["value"] == ["open", "new"]

    @given(conditions())
    def test_comes_back_as_it_went_out(self, tree: Condition) -> None:
        assert from_text(json.dumps(to_json(tree)), registry=CASES) == tree


class TestRefusals:
    @pytest.mark.parametrize(
        ("loaded", "path", "reason"),
        [
            (None, "", "either “and”"),
            ({}, "", "either “and”"),
            ({"and": [], "or": []}, "", "either “and”"),
            ({**OPEN, "extra": 1}, "", "either “and”"),
            ({"and": {}}, "and", "stand in a list"),
            ({"or": []}, "or", "at least one part"),
            ({"and": [OPEN, {"not": {"or": [OPEN, 7]}}]}, "and[1].not.or[1]", "either “and”"),
            (ask("color", "is", "red"), "field", "no field “color”"),
            (ask("x" * 99, "is", "red"), "field", "no field “" + "x" * 40 + "…”"),
            ({"field": ["status"], "operator": "is", "value": 1}, "field", "no field “list”"),
            ({"not": ask("status", "at_least", "open")}, "not.operator", "“Status” cannot be compared by “at_least”"),
            (ask("status", "is", "opne"), "value", "“Status” has no choice “opne”"),
            (ask("status", "any_of", ["open", 3]), "value[1]", "compared with a text"),
            (ask("status", "any_of", []), "value", "1 to 100 values"),
            (ask("status", "any_of", ["open"] * 101), "value", "1 to 100 values"),
            (ask("status", "is_set", "open"), "value", "takes no value"),
            (ask("subject", "is", " "), "value", "compared with a text"),
            (ask("subject", "is", "x" * 501), "value", "at most 500 characters"),
            (ask("subject", "is", "a\0"), "value", "cannot be stored"),
            (ask("subject", "is", "a\ud800"), "value", "cannot be stored"),
            (ask("subject", "contains_words", "…!"), "value", "no word in “…!”"),
            (ask("replies", "at_least", True), "value", "compared with a number"),
            (ask("replies", "at_least", float("nan")), "value", "too large"),
            (ask("replies", "at_least", 10**400), "value", "too large"),
            (ask("replies", "between", [3]), "value", "two values"),
            (ask("replies", "between", [3, 1]), "value", "Swap them"),
            (ask("is_spam", "is", "yes"), "value", "true or false"),
            (ask("opened_at", "before", "2026-11-21T09:00:00"), "value", "moment such as"),
            (ask("opened_at", "before", "0001-01-01T00:00:00+14:00"), "value", "moment such as"),
            (ask("opened_at", "before", 5), "value", "moment such as"),
            (ask("opened_at", "within_last", {"amount": 0, "unit": "hours"}), "value", "minutes, hours or days"),
            (ask("opened_at", "within_last", {"amount": 1, "unit": "years"}), "value", "minutes, hours or days"),
            (ask("wait_seconds", "at_least", 60), "value", "minutes, hours or days"),
            (ask("team", "is", "me"), "value", "chosen by its number"),
            (ask("assignee", "is", True), "value", "chosen by its number"),
            (ask("assignee", "is", 2**63), "value", "chosen by its number"),
        ],
    )
    def test_says_where_and_why(self, loaded: object, path: str, reason: str) -> None:
        with pytest.raises(BadCondition) as refusal:
            from_json(loaded, registry=CASES)

        assert refusal.value.path == path
        assert reason in str(refusal.value)
        assert str(refusal.value).startswith(path)

    def test_speaks_the_language_of_the_reader(self) -> None:
        words = {
            "Status": "상태",
            "“%(field)s” has no choice “%(choice)s”.": "‘%(field)s’에 ‘%(choice)s’이(가) 없습니다.",
        }

        with pytest.raises(BadCondition) as refusal:
            from_json(ask("status", "is", "x"), registry=CASES)

        assert refusal.value.sentence(words.__getitem__) == "value: ‘상태’에 ‘x’이(가) 없습니다."

    def test_refuses_what_is_too_deep(self) -> None:
        loaded: dict[str, Any] = OPEN
        for _ in range(8):
            loaded = {"not": loaded}

        with pytest.raises(BadCondition, match="at most 8 levels"):
            from_json(loaded, registry=CASES)

    def test_refuses_what_is_too_large(self) -> None:
        with pytest.raises(BadCondition, match="at most 200 parts"):
            from_json({"and": [OPEN] * 200}, registry=CASES)

    @pytest.mark.parametrize("text", ["", "{", "[" * 60_000, "9" * 60_000, '{"and": NaN}'])
    def test_refuses_text_that_is_no_condition(self, text: str) -> None:
        with pytest.raises(BadCondition):
            from_text(text, registry=CASES)

    def test_refuses_a_long_text_before_reading_it(self) -> None:
        with pytest.raises(BadCondition, match="too long"):
            from_text(" " * 65_537, registry=CASES)

    @given(st.data())
    def test_hostile_json_is_refused_and_never_breaks(self, data: st.DataObject) -> None:
        keys = st.sampled_from(["and", "or", "not", "field", "operator", "value", "amount", "unit"]) | st.text(
            max_size=3
        )
        names = st.sampled_from([*(field.name for field in CASES), *Operator, "hours", "me"])
        leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), names)
        likely = st.fixed_dictionaries(
            {"field": names, "operator": names, "value": leaves | st.lists(leaves, max_size=3)}
        )
        hostile = st.recursive(
            leaves | likely,
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3),
            max_leaves=12,
        )
        loaded = data.draw(hostile)

        try:
            tree = from_json(loaded, registry=CASES)
        except BadCondition:
            return

        assert from_json(to_json(tree), registry=CASES) == tree


class TestRegistry:
    def test_refuses_two_fields_of_one_name(self) -> None:
        tags = Field(name="tags", kind=Kind.TAG, label="Tags")

        with pytest.raises(BadField, match="same name"):
            Registry(tags, tags)

    def test_refuses_a_choice_without_choices_and_choices_without_a_choice(self) -> None:
        with pytest.raises(BadField, match="Choices"):
            Field(name="status", kind=Kind.CHOICE, label="Status")
        with pytest.raises(BadField, match="Choices"):
            Field(name="subject", kind=Kind.TEXT, label="Subject", choices={"a": "A"})

    def test_refuses_a_field_without_a_label(self) -> None:
        with pytest.raises(BadField, match="label"):
            Field(name="status", kind=Kind.TEXT, label="")
