"""A registry with a field of every kind, and strategies for conditions and facts about it."""

from datetime import UTC, datetime, timedelta
from typing import assert_never

from hypothesis import strategies as st

from careloop.kernel.conditions import (
    ME,
    OPERATORS,
    And,
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
    Value,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)

CASES = Registry(
    Field(name="subject", kind=Kind.TEXT, label="Subject"),
    Field(name="replies", kind=Kind.NUMBER, label="Replies"),
    Field(name="is_spam", kind=Kind.BOOLEAN, label="Spam"),
    Field(name="status", kind=Kind.CHOICE, label="Status", choices={"open": "Open", "solved": "Solved", "new": "New"}),
    Field(name="channels", kind=Kind.CHOICE_SET, label="Channels", choices={"mail": "Mail", "phone": "Phone"}),
    Field(name="opened_at", kind=Kind.MOMENT, label="Opened"),
    Field(name="wait_seconds", kind=Kind.DURATION, label="Waiting time"),
    Field(name="assignee", kind=Kind.PERSON, label="Assignee"),
    Field(name="team", kind=Kind.REFERENCE, label="Team"),
    Field(name="tags", kind=Kind.TAG, label="Tags"),
)

TEXTS = st.sampled_from(["refund", "Đơn hàng", "환불", "退款", "refund 환불"])
MOMENTS = st.timedeltas(timedelta(days=-5), timedelta(days=5)).map(lambda apart: NOW + apart)
LENGTHS = st.builds(Length, amount=st.integers(1, 100), unit=st.sampled_from(Unit))
PEOPLE = st.integers(1, 3)


def one(field: Field) -> st.SearchStrategy[Value]:
    match field.kind:
        case Kind.TEXT | Kind.TAG:
            return TEXTS
        case Kind.NUMBER:
            return st.integers(-3, 3) | st.floats(-3, 3)
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.CHOICE | Kind.CHOICE_SET:
            return st.sampled_from(sorted(field.choices))
        case Kind.MOMENT:
            return MOMENTS
        case Kind.DURATION:
            return LENGTHS
        case Kind.PERSON:
            return PEOPLE | st.just(ME)
        case Kind.REFERENCE:
            return PEOPLE
    assert_never(field.kind)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    field = draw(st.sampled_from(list(CASES)))
    operator = draw(st.sampled_from(OPERATORS[field.kind]))
    value: Value
    match operator:
        case Operator.IS_SET | Operator.IS_NOT_SET:
            value = None
        case Operator.ANY_OF | Operator.ALL_OF | Operator.NONE_OF:
            value = tuple(draw(st.lists(one(field), min_size=1, max_size=3, unique=True)))  # type: ignore[arg-type]
        case Operator.BETWEEN:
            pair = draw(st.lists(one(field), min_size=2, max_size=2))
            value = tuple(sorted(pair, key=lambda each: each.duration if isinstance(each, Length) else each))  # type: ignore[arg-type, return-value]
        case Operator.WITHIN_LAST | Operator.WITHIN_NEXT | Operator.OLDER_THAN:
            value = draw(LENGTHS)
        case _:
            value = draw(one(field))
    return Comparison(field=field.name, operator=operator, value=value)


def conditions() -> st.SearchStrategy[Condition]:
    """Lawful conditions of up to a few levels."""
    leaves: st.SearchStrategy[Condition] = comparisons()
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: And(parts=tuple(parts))),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(parts=tuple(parts))),
            inner.map(lambda part: Not(part=part)),
        ),
        max_leaves=6,
    ).filter(lambda tree: depth(tree) <= 8)


def depth(tree: Condition) -> int:
    match tree:
        case And(parts=parts) | Or(parts=parts):
            return 1 + max(map(depth, parts), default=0)
        case Not(part=part):
            return 1 + depth(part)
        case Comparison():
            return 1
    assert_never(tree)


def facts() -> st.SearchStrategy[dict[str, object]]:
    """What is known about one case; any of it may be missing."""
    return st.fixed_dictionaries(
        {},
        optional={
            "subject": st.none() | st.just("") | TEXTS,
            "replies": st.none() | st.integers(-3, 3),
            "is_spam": st.none() | st.booleans(),
            "status": st.none() | st.sampled_from(["open", "solved", "new"]),
            "channels": st.frozensets(st.sampled_from(["mail", "phone"])),
            "opened_at": st.none() | MOMENTS,
            "wait_seconds": st.none() | st.integers(0, 500_000),
            "assignee": st.none() | PEOPLE,
            "team": st.none() | PEOPLE,
            "tags": st.frozensets(TEXTS),
        },
    )
