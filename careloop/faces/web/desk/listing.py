"""Which list of cases an address asks for: a view, perhaps with other conditions, order and columns than it keeps.

The whole list stands in its address, so it can be sent to a colleague: `filter` is the JSON of a condition tree,
`order` a name among ORDERS, `column` repeated for each column, `cursor` the place in the list.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from careloop.domains.cases import queries
from careloop.domains.cases.conditions import COLUMNS, ORDERS, REGISTRY, as_tree
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.types import ViewRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.kernel.actors import Actor, Role
from careloop.kernel.conditions import And, BadCondition, Comparison, Condition, Operator, from_text, to_json

__all__ = ["Listing", "first_view_of", "listing_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of cases as its address asks for it.

    view: where it started. condition: what holds now. is_changed: whether anything differs from the view.
    """

    workspace: str
    view: ViewRow
    condition: Condition
    order: str
    columns: tuple[str, ...]

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions that must all hold, one chip each."""
        return self.condition.parts if isinstance(self.condition, And) else (self.condition,)

    @property
    def is_refined(self) -> bool:
        """Whether other conditions hold than the view keeps."""
        return to_json(self.condition) != to_json(as_tree(self.view.conditions))

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what the view keeps."""
        return self.is_refined or self.order != self.view.order or self.columns != self.view.columns

    @property
    def filter_text(self) -> str:
        """The condition as the compact JSON that stands in addresses and forms."""
        return json.dumps(to_json(self.condition), ensure_ascii=False, separators=(",", ":"))

    def address(self, *, cursor: str = "") -> str:
        """Return the page of this list, without what the view keeps anyway."""
        path = reverse("case_view", kwargs={"workspace": self.workspace, "key": self.view.key})
        return f"{path}?{self.query(cursor=cursor)}".rstrip("?")

    def query(self, *, cursor: str = "") -> str:
        """Return what follows the question mark of this list's addresses."""
        pairs: list[tuple[str, str]] = []
        if self.is_refined:
            pairs.append(("filter", self.filter_text))
        if self.order != self.view.order:
            pairs.append(("order", self.order))
        if self.columns != self.view.columns:
            pairs += [("column", column) for column in self.columns]
        if cursor:
            pairs.append(("cursor", cursor))
        return urlencode(pairs)

    def with_condition(self, condition: Condition) -> "Listing":
        """Return the list in which something else holds."""
        return replace(self, condition=condition)

    def with_parts(self, parts: Sequence[Condition]) -> "Listing":
        """Return the list in which all of these hold."""
        return self.with_condition(And(parts=tuple(parts)))

    def without(self, index: int) -> "Listing":
        """Return the list without one of its parts."""
        return self.with_parts([part for at, part in enumerate(self.parts) if at != index])

    def asked(self, field: str) -> str:
        """Return the one value a field must be, as text, or empty: what the quick filter of the field shows."""
        for part in self.parts:
            if isinstance(part, Comparison) and part.field == field and _is_quick(part):
                return _quick_text(part)
        return ""

    def asking(self, field: str, *asked: Mapping[str, Any]) -> "Listing":
        """Return the list in which these are what is asked quickly about a field, each an operator and a value.

        Raises CaseUnclear when one does not fit the field.
        """
        others = [p for p in self.parts if not (isinstance(p, Comparison) and p.field == field and _is_quick(p))]
        return self.with_parts([*others, *(as_tree({"field": field, **one}) for one in asked)])


def first_view_of(viewer: Actor) -> str:
    """Return the key of the view that a person starts with: an agent's own cases, for everybody else what is to do."""
    return "mine" if viewer.has_role(Role.AGENT) else "open"


def listing_of(request: HttpRequest, key: str) -> Listing:
    """Read a list from an address or a form. Raises CaseNotFound for somebody else's view, CaseUnclear for a bad filter."""
    row = queries.view(key=key, viewer=actor_of(request))
    given: QueryDict = request.POST if request.method == "POST" else request.GET
    order = given.get("order", row.order)
    columns = tuple(dict.fromkeys(name for name in given.getlist("column") if name in COLUMNS))
    return Listing(
        workspace=workspace_of(request).key,
        view=row,
        condition=_read(given.get("filter", "")) or as_tree(row.conditions),
        order=order if order in ORDERS else row.order,
        columns=columns or row.columns,
    )


def _read(text: str) -> Condition | None:
    if not text:
        return None
    try:
        return from_text(text, registry=REGISTRY)
    except BadCondition as problem:
        raise CaseUnclear(problem.sentence(gettext)) from None


def _is_quick(part: Comparison) -> bool:
    return part.operator in {Operator.IS, Operator.IS_NOT_SET, Operator.WITHIN_LAST} or (
        part.operator in {Operator.ANY_OF, Operator.ALL_OF} and isinstance(part.value, tuple) and len(part.value) == 1
    )


def _quick_text(part: Comparison) -> str:
    loaded = to_json(part).get("value")
    match loaded:
        case None:
            return "none"
        case [only]:
            return str(only)
        case {"amount": amount, "unit": "days"}:
            return str(amount)
    return str(loaded)
