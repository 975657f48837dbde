"""What can be asked about a caller who comes into a queue, in the one language of conditions, and decided in plain Python."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from careloop.domains.calls.queries import call_rows
from careloop.domains.calls.types import CallRow
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.commitments.states import About
from careloop.domains.commitments.types import PolicySettings
from careloop.domains.customers.queries import tags_of
from careloop.kernel.conditions import (
    And,
    BadCondition,
    Condition,
    Field,
    Kind,
    Registry,
    from_json,
    matches,
)

__all__ = ["CALLS", "Caller", "call_tree", "callers_of", "first_holding", "tree_of"]

CALLS: Final = Registry(
    Field(name="queue", kind=Kind.TAG, label=_("Queue")),
    Field(name="pbx", kind=Kind.REFERENCE, label=_("Telephone system")),
    Field(name="line", kind=Kind.TAG, label=_("Number called")),
    Field(name="is_known", kind=Kind.BOOLEAN, label=_("Known customer")),
    Field(name="customer_tag", kind=Kind.TAG, label=_("Tag of the customer")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, as it is known now. tags: of the customer."""

    row: CallRow
    tags: Collection[str]

    def facts(self, *, queue: str) -> dict[str, object]:
        """Return what conditions ask of them as they come into a queue."""
        return {
            "queue": {queue},
            "pbx": self.row.pbx_id,
            "line": {self.row.line} - {""},
            "is_known": self.row.customer_id is not None,
            "customer_tag": frozenset(self.tags),
        }


def callers_of(call_ids: Collection[int]) -> dict[int, Caller]:
    """Return who calls in some calls, by call; calls that are gone are left out. For the house."""
    rows = call_rows(call_ids)
    tags = tags_of({row.customer_id for row in rows.values() if row.customer_id is not None})
    return {key: Caller(row=row, tags=tags.get(row.customer_id or 0, ())) for key, row in rows.items()}


def first_holding(conditions: Sequence[Condition], facts: Mapping[str, object], *, now: datetime) -> int | None:
    """Return the index of the first condition that holds, None where none does."""
    return next((index for index, tree in enumerate(conditions) if matches(tree, facts, now)), None)


def tree_of(settings: PolicySettings) -> Condition:
    """Return the conditions of a policy as a checked tree, of cases or of calls. Raises CaseUnclear with what is wrong."""
    return call_tree(settings.conditions) if settings.about is About.CALLS else as_tree(settings.conditions)


def call_tree(conditions: Mapping[str, Any] | None) -> Condition:
    """Return conditions of calls as a checked tree; none at all hold for every call. Raises CaseUnclear with what is wrong."""
    if not conditions:
        return And(parts=())
    try:
        return from_json(conditions, registry=CALLS)
    except BadCondition as problem:
        raise CaseUnclear(problem.sentence(gettext)) from None
