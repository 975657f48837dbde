"""Conditions, the one language of filters, compiled to Ibis (design.md D9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any, assert_never

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.dimensions import DIMENSIONS
from careloop.kernel.conditions import (
    OPPOSITES,
    Comparison,
    Condition,
    Field,
    Kind,
    Length,
    Operator,
    Registry,
    from_json,
    from_text,
    read,
)

__all__ = ["FIELDS", "columns_of", "compiled", "condition"]

_NUMBERS = (
    "wait_s",
    "ring_s",
    "talk_s",
    "hold_s",
    "hold_count",
    "wrap_s",
    "transfer_count",
    "agent_legs",
    "reopen_count",
)
_TEXTS = ("exit", "release_party", "transfer_kind", "state", "customer_id", "contact_id", "case_id")

FIELDS = Registry(
    *(Field(name=name, kind=Kind.TEXT, label=known.words.en) for name, known in DIMENSIONS.items()),
    *(Field(name=name, kind=Kind.TEXT, label=name) for name in _TEXTS),
    *(Field(name=name, kind=Kind.NUMBER, label=name) for name in _NUMBERS),
)


def condition(given: Condition | Mapping[str, object] | str | None) -> Condition | None:
    """Read a filter: a condition as a tree, as loaded JSON, or as text; None is "everything". Raises BadCondition."""
    match given:
        case None | "":
            return None
        case str():
            return from_text(given, registry=FIELDS)
        case Mapping():
            return from_json(given, registry=FIELDS)
    return given


def column_of(field: str) -> str:
    """Return the column that a field of FIELDS names."""
    return DIMENSIONS[field].column if field in DIMENSIONS else field


def columns_of(tree: Condition | None) -> frozenset[str]:
    """Return the columns that a condition asks about."""
    return frozenset() if tree is None else read(tree, _Columns())


def compiled(tree: Condition, rows: ir.Table) -> ir.BooleanValue:
    """Compile a condition over rows that have all its columns. Never null: what is missing does not compare."""
    return read(tree, _Compiler(rows=rows))


@dataclass(frozen=True, slots=True)
class _Columns:
    def all_of(self, parts: Sequence[frozenset[str]]) -> frozenset[str]:
        return frozenset().union(*parts)

    any_of = all_of

    def opposite(self, part: frozenset[str]) -> frozenset[str]:
        return part

    def comparison(self, comparison: Comparison) -> frozenset[str]:
        return frozenset({column_of(comparison.field)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiler:
    rows: ir.Table

    def all_of(self, parts: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
        return reduce(lambda one, other: one & other, parts, ibis.literal(True))

    def any_of(self, parts: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
        return reduce(lambda one, other: one | other, parts, ibis.literal(False))

    def opposite(self, part: ir.BooleanValue) -> ir.BooleanValue:
        return ~part

    def comparison(self, comparison: Comparison) -> ir.BooleanValue:
        column: Any = self.rows[column_of(comparison.field)]
        return self._holds(comparison.operator, column, comparison.value)

    def _holds(self, operator: Operator, column: Any, value: Any) -> ir.BooleanValue:
        match operator:
            case Operator.IS_NOT | Operator.NONE_OF | Operator.LACKS_WORDS | Operator.IS_NOT_SET:
                return ~self._holds(OPPOSITES[operator], column, value)
            case Operator.IS_SET:
                is_set: ir.BooleanValue = column.notnull()
                return is_set & (column != "") if column.type().is_string() else is_set
            case _:
                compared: ir.BooleanValue = self._compared(operator, column, _plain(value))
                return compared.fill_null(False)

    def _compared(self, operator: Operator, column: Any, value: Any) -> Any:
        match operator:
            case Operator.IS:
                return column == value
            case Operator.ANY_OF:
                return column.isin(list(value))
            case Operator.CONTAINS_WORDS:
                return column.lower().contains(str(value).lower())
            case Operator.AT_LEAST | Operator.AFTER:
                return column >= value if operator is Operator.AT_LEAST else column > value
            case Operator.AT_MOST | Operator.BEFORE:
                return column <= value if operator is Operator.AT_MOST else column < value
            case Operator.BETWEEN:
                return column.between(*value)
            case (
                Operator.ALL_OF
                | Operator.WITHIN_LAST
                | Operator.WITHIN_NEXT
                | Operator.OLDER_THAN
                | Operator.IS_NOT
                | Operator.NONE_OF
                | Operator.LACKS_WORDS
                | Operator.IS_SET
                | Operator.IS_NOT_SET
            ):
                raise AssertionError(f"No field of numbers is compared by {operator}.")
        assert_never(operator)


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return tuple(map(_plain, value))
        case Length():
            return value.duration.total_seconds()
        case datetime():
            return value.astimezone(UTC)
    return value
