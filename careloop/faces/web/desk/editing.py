"""The filter editor: a condition as rows of a form, and back.

A row asks one thing about one field. Rows are joined by "and" or by "or"; a group that somebody else built deeper is
kept whole in one row, said in words. Works as plain form posts: every button sends the whole form.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.conditions import REGISTRY, as_tree
from careloop.kernel.conditions import (
    OPERATORS,
    And,
    Comparison,
    Condition,
    Kind,
    Operator,
    Or,
    Registry,
    Unit,
    to_json,
)

__all__ = ["OPERATOR_LABELS", "UNIT_LABELS", "Row", "rows_of", "rows_posted", "tree_of", "written_of"]

OPERATOR_LABELS: Final = {
    Operator.IS: _("is"),
    Operator.IS_NOT: _("is not"),
    Operator.ANY_OF: _("is one of"),
    Operator.ALL_OF: _("has all of"),
    Operator.NONE_OF: _("is none of"),
    Operator.CONTAINS_WORDS: _("contains the words"),
    Operator.LACKS_WORDS: _("does not contain the words"),
    Operator.IS_SET: _("is set"),
    Operator.IS_NOT_SET: _("is not set"),
    Operator.BEFORE: _("is before"),
    Operator.AFTER: _("is after"),
    Operator.WITHIN_LAST: _("is within the last"),
    Operator.WITHIN_NEXT: _("is within the next"),
    Operator.OLDER_THAN: _("is longer ago than"),
    Operator.AT_LEAST: _("is at least"),
    Operator.AT_MOST: _("is at most"),
    Operator.BETWEEN: _("is between"),
}
UNIT_LABELS: Final = {Unit.MINUTES: _("minutes"), Unit.HOURS: _("hours"), Unit.DAYS: _("days")}
_LISTS: Final = frozenset({Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF})
_MOST_ROWS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the editor, as texts of a form.

    field, operator: names of the condition language. values: what is chosen or written. unit: of a length of time.
    kept: JSON of a group that has no single field; the others are then empty.
    registry: the fields that may be asked about.
    """

    field: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    unit: str = Unit.DAYS
    kept: str = ""
    registry: Registry = dataclass_field(default=REGISTRY, repr=False, compare=False)

    @property
    def kind(self) -> Kind:
        return self.registry[self.field].kind

    @property
    def operators(self) -> tuple[Operator, ...]:
        """The operators the field has."""
        return OPERATORS[self.kind]

    @property
    def shape(self) -> str:
        """Which widget the value needs: none, text, texts, number, range, moment, moments, length, yes, one, several."""
        return shape_of(self.kind, Operator(self.operator))

    def told(self) -> "Row":
        """Return the row with a field and an operator that exist and go together."""
        usual = "status" if self.registry.get("status") else next(iter(self.registry)).name
        field = self.field if self.registry.get(self.field) else usual
        row = replace(self, field=field)
        if row.operator in row.operators:
            return row
        return replace(row, operator=row.operators[0].value, values=() if field != self.field else self.values)


def shape_of(kind: Kind, operator: Operator) -> str:
    """Return the widget that a value needs, by the field's kind and the operator."""
    match operator:
        case Operator.IS_SET | Operator.IS_NOT_SET:
            return "none"
        case Operator.WITHIN_LAST | Operator.WITHIN_NEXT | Operator.OLDER_THAN:
            return "length"
        case Operator.BETWEEN:
            return "moments" if kind is Kind.MOMENT else "range"
    match kind:
        case Kind.CHOICE | Kind.PERSON | Kind.REFERENCE:
            return "several" if operator in _LISTS else "one"
        case Kind.MOMENT:
            return "moment"
        case Kind.NUMBER:
            return "number"
        case Kind.BOOLEAN:
            return "yes"
    return "texts" if operator in _LISTS else "text"


def rows_of(tree: Condition, *, registry: Registry = REGISTRY) -> tuple[str, list[Row]]:
    """Return a condition as "and" or "or" with its rows."""
    join = "or" if isinstance(tree, Or) else "and"
    parts = tree.parts if isinstance(tree, And | Or) else (tree,)
    return join, [_row(part, registry) for part in parts]


def rows_posted(given: QueryDict, *, registry: Registry = REGISTRY) -> tuple[str, list[Row]]:
    """Return the rows of the editor's form, in order, whatever it holds."""
    rows = []
    for key in given.getlist("row")[:_MOST_ROWS]:
        kept = given.get(f"kept-{key}", "")
        row = Row(
            field=given.get(f"field-{key}", ""),
            operator=given.get(f"operator-{key}", ""),
            values=tuple(given.getlist(f"value-{key}")),
            unit=given.get(f"unit-{key}", Unit.DAYS),
            registry=registry,
        )
        rows.append(Row(kept=kept, registry=registry) if kept else row.told())
    return ("or" if given.get("join") == "or" else "and"), rows


def tree_of(join: str, rows: Sequence[Row]) -> Condition:
    """Return the condition that rows stand for; no rows hold for every case. Raises CaseUnclear with what is wrong."""
    if not rows:
        return And(parts=())
    return as_tree(written_of(join, rows))


def written_of(join: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the same as JSON, of which nobody has looked yet whether it makes sense; empty for no rows."""
    return {join: [_loaded(row) for row in rows]} if rows else {}


def _row(part: Condition, registry: Registry) -> Row:
    if not isinstance(part, Comparison):
        return Row(kept=json.dumps(to_json(part), ensure_ascii=False), registry=registry)
    loaded = to_json(part).get("value")
    unit = Unit.DAYS.value
    if isinstance(loaded, dict):
        loaded, unit = loaded["amount"], loaded["unit"]
    values = loaded if isinstance(loaded, list) else [] if loaded is None else [loaded]
    kind = registry[part.field].kind
    texts = [_local(value) if kind is Kind.MOMENT and isinstance(value, str) else _text(value) for value in values]
    if shape_of(kind, part.operator) == "texts":
        texts = [", ".join(texts)]
    return Row(field=part.field, operator=part.operator.value, values=tuple(texts), unit=unit, registry=registry)


def _loaded(row: Row) -> Any:
    if row.kept:
        try:
            return json.loads(row.kept)
        except (ValueError, RecursionError):
            return None
    first = row.values[0] if row.values else ""
    asked = {"field": row.field, "operator": row.operator}
    match row.shape:
        case "none":
            return asked
        case "length":
            return {**asked, "value": {"amount": _number(first), "unit": row.unit}}
        case "range":
            return {**asked, "value": [_number(value) for value in row.values]}
        case "number":
            return {**asked, "value": _number(first)}
        case "moment":
            return {**asked, "value": _aware(first)}
        case "moments":
            return {**asked, "value": [_aware(value) for value in row.values]}
        case "yes":
            return {**asked, "value": first == "true"}
        case "texts":
            return {**asked, "value": [text.strip() for text in first.split(",") if text.strip()]}
        case "several":
            return {**asked, "value": [_chosen(row.kind, value) for value in row.values if value]}
        case "one":
            return {**asked, "value": _chosen(row.kind, first)}
    return {**asked, "value": first}


def _chosen(kind: Kind, text: str) -> int | str:
    return text if kind is Kind.CHOICE or text == "me" else _number(text)


def _number(text: str) -> int | str:
    # What is no number stays as it came, so that the condition language refuses it in its own words.
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else text


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _local(text: str) -> str:
    """Return a stored moment as the reader's clock shows it, in the form of a datetime-local field."""
    try:
        return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%dT%H:%M")
    except (ValueError, OverflowError):
        return ""


def _aware(text: str) -> str:
    try:
        return timezone.make_aware(datetime.fromisoformat(text)).isoformat()
    except (ValueError, OverflowError):
        return text
