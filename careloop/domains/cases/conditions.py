"""What can be asked about cases, and how it is asked of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Final, assert_never

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.models import CaseTag
from careloop.domains.cases.states import Category
from careloop.kernel.conditions import (
    ME,
    And,
    BadCondition,
    Comparison,
    Condition,
    Field,
    Kind,
    Length,
    Operator,
    Registry,
    from_json,
    read,
    to_json,
)
from careloop.kernel.text import exact_query

__all__ = ["COLUMNS", "EVERY_CASE", "ORDERS", "REGISTRY", "as_tree", "compiled", "validated"]

REGISTRY: Final = Registry(
    Field(
        name="category",
        kind=Kind.CHOICE,
        label=_("Stage"),
        choices={
            Category.NEW: _("New"),
            Category.OPEN: _("Open"),
            Category.WAITING: _("Waiting for the customer"),
            Category.SOLVED: _("Solved"),
            Category.CLOSED: _("Closed"),
        },
    ),
    Field(name="status", kind=Kind.REFERENCE, label=_("Status")),
    Field(name="assignee", kind=Kind.PERSON, label=_("Assignee")),
    Field(name="team", kind=Kind.REFERENCE, label=_("Team")),
    Field(
        name="priority",
        kind=Kind.CHOICE,
        label=_("Priority"),
        choices={"1": _("Low"), "2": _("Normal"), "3": _("High"), "4": _("Urgent")},
    ),
    Field(name="type", kind=Kind.REFERENCE, label=_("Type")),
    Field(name="reason", kind=Kind.REFERENCE, label=_("Reason")),
    Field(name="tag", kind=Kind.TAG, label=_("Tag")),
    Field(
        name="channel",
        kind=Kind.CHOICE,
        label=_("Channel"),
        choices={
            "email": _("Mail"),
            "web_form": _("Web form"),
            "portal": _("Portal"),
            "voice": _("Phone"),
            "letter": _("Letter"),
            "in_person": _("Counter"),
            "chat": _("Chat"),
            "sms": _("Text message"),
            "api": _("API"),
        },
    ),
    Field(name="words", kind=Kind.TEXT, label=_("Subject or customer")),
    Field(name="requester", kind=Kind.REFERENCE, label=_("Customer")),
    Field(name="opened_at", kind=Kind.MOMENT, label=_("Opened")),
    Field(name="activity_at", kind=Kind.MOMENT, label=_("Last activity")),
    Field(name="waiting_since", kind=Kind.MOMENT, label=_("Customer waiting since")),
    Field(name="due_at", kind=Kind.MOMENT, label=_("Promise due")),
    Field(name="is_overdue", kind=Kind.BOOLEAN, label=_("Overdue")),
    Field(name="first_response_at", kind=Kind.MOMENT, label=_("First answer")),
    Field(name="solved_at", kind=Kind.MOMENT, label=_("Solved at")),
    Field(name="reopen_count", kind=Kind.NUMBER, label=_("Times reopened")),
    Field(name="has_open_tasks", kind=Kind.BOOLEAN, label=_("Has open tasks")),
    Field(name="is_spam", kind=Kind.BOOLEAN, label=_("Spam")),
)

COLUMNS: Final[Mapping[str, str]] = {
    "number": _("Number"),
    "subject": _("Subject"),
    "requester": _("Customer"),
    "status": _("Status"),
    "priority": _("Priority"),
    "assignee": _("Assignee"),
    "team": _("Team"),
    "type": _("Type"),
    "channel": _("Channel"),
    "tags": _("Tags"),
    "opened": _("Opened"),
    "activity": _("Last activity"),
    "waiting": _("Waiting"),
    "due": _("Next due"),
    "promises": _("Promises"),
}

EVERY_CASE: Final = And(parts=())
ORDERS: Final[Mapping[str, str]] = {
    "-activity_at": _("Newest activity first"),
    "activity_at": _("Oldest activity first"),
    "-opened_at": _("Newest first"),
    "opened_at": _("Oldest first"),
    "due_at": _("Due next first"),
}

_ANSWERS: Final = {
    "category": "category",
    "status": "status_id",
    "assignee": "assignee_id",
    "team": "team_id",
    "priority": "priority",
    "type": "type_id",
    "reason": "reason_id",
    "channel": "channel",
    "requester": "requester_id",
    "opened_at": "opened_at",
    "activity_at": "activity_at",
    "waiting_since": "waiting_since",
    "due_at": "due_at",
    "first_response_at": "first_response_at",
    "solved_at": "solved_at",
    "reopen_count": "reopen_count",
    "is_spam": "is_spam",
}


def as_tree(conditions: Any) -> Condition:
    """Return conditions as a checked tree; none at all hold for every case. Raises CaseUnclear with what is wrong."""
    if not conditions:
        return EVERY_CASE
    try:
        return from_json(conditions, registry=REGISTRY)
    except BadCondition as problem:
        raise CaseUnclear(problem.sentence(gettext)) from None


def validated(conditions: Any) -> dict[str, Any]:
    """Return conditions in the form they are stored in. Raises CaseUnclear with what is wrong."""
    return to_json(as_tree(conditions))


def compiled(tree: Condition, *, me: int | None, now: datetime) -> Q:
    """Return a tree as a filter of cases. me: the user for whom "me" stands, if any."""
    return read(tree, _Compiler(me=me, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiler:
    me: int | None
    now: datetime

    def all_of(self, parts: Sequence[Q]) -> Q:
        return reduce(and_, parts, Q())

    def any_of(self, parts: Sequence[Q]) -> Q:
        return reduce(or_, parts) if parts else Q(pk__in=[])

    def opposite(self, part: Q) -> Q:
        return ~part if part else Q(pk__in=[])

    def comparison(self, comparison: Comparison) -> Q:
        value = self._plain(comparison.value)
        if comparison.field == "tag":
            return self._tagged(comparison.operator, value)
        if comparison.field == "words":
            return self._worded(comparison.operator, value)
        if comparison.field == "is_overdue":
            return self._overdue(comparison.operator, value)
        if comparison.field == "has_open_tasks":
            return self._asked(comparison.operator, value)
        return self._compared(_ANSWERS[comparison.field], comparison.operator, value)

    def _compared(self, column: str, operator: Operator, value: Any) -> Q:
        match operator:
            case Operator.IS | Operator.IS_NOT:
                held = Q(**{column: value})
            case Operator.ANY_OF | Operator.NONE_OF | Operator.ALL_OF:
                held = Q(**{f"{column}__in": value})
            case Operator.IS_SET | Operator.IS_NOT_SET:
                held = Q(**{f"{column}__isnull": False})
            case Operator.BEFORE:
                held = Q(**{f"{column}__lt": value})
            case Operator.AFTER:
                held = Q(**{f"{column}__gt": value})
            case Operator.AT_LEAST:
                held = Q(**{f"{column}__gte": value})
            case Operator.AT_MOST:
                held = Q(**{f"{column}__lte": value})
            case Operator.BETWEEN if isinstance(value[0], datetime):
                held = Q(**{f"{column}__gte": value[0], f"{column}__lt": value[1]})
            case Operator.BETWEEN:
                held = Q(**{f"{column}__gte": value[0], f"{column}__lte": value[1]})
            case Operator.WITHIN_LAST:
                held = Q(**{f"{column}__gte": self.now - value, f"{column}__lte": self.now})
            case Operator.WITHIN_NEXT:
                held = Q(**{f"{column}__gte": self.now, f"{column}__lte": self.now + value})
            case Operator.OLDER_THAN:
                held = Q(**{f"{column}__lt": self.now - value})
            case Operator.CONTAINS_WORDS | Operator.LACKS_WORDS:
                raise ValueError(f"No field but the words of a case is asked {operator}.")
            case _:
                assert_never(operator)
        return ~held if operator in _NEGATIVE else held

    def _tagged(self, operator: Operator, value: Any) -> Q:
        tags = CaseTag.objects.filter(case=OuterRef("pk"))
        match operator:
            case Operator.IS_SET | Operator.IS_NOT_SET:
                held = Q(Exists(tags))
            case Operator.ALL_OF:
                held = reduce(and_, [Q(Exists(tags.filter(tag__name=name))) for name in value])
            case _:
                held = Q(Exists(tags.filter(tag__name__in=value)))
        return ~held if operator in _NEGATIVE else held

    def _overdue(self, operator: Operator, value: Any) -> Q:
        match operator:
            case Operator.IS_SET | Operator.IS_NOT_SET:
                return Q(pk__isnull=operator is Operator.IS_NOT_SET)
        # Each way round in words that an index understands.
        return Q(due_at__lt=self.now) if value else Q(due_at__isnull=True) | Q(due_at__gte=self.now)

    def _asked(self, operator: Operator, value: Any) -> Q:
        match operator:
            case Operator.IS_SET | Operator.IS_NOT_SET:
                return Q(pk__isnull=operator is Operator.IS_NOT_SET)
        return Q(open_task_count__gt=0) if value else Q(open_task_count=0)

    def _worded(self, operator: Operator, value: Any) -> Q:
        match operator:
            case Operator.IS_SET | Operator.IS_NOT_SET:
                held = Q()
            case Operator.CONTAINS_WORDS | Operator.LACKS_WORDS:
                held = _holds_words(str(value))
            case Operator.IS | Operator.IS_NOT:
                held = Q(subject=value)
            case _:
                held = Q(subject__in=value)
        if operator not in _NEGATIVE:
            return held
        return ~held if held else Q(pk__in=[])

    def _plain(self, value: Any) -> Any:
        if value is ME:
            return self.me if self.me is not None else 0
        match value:
            case Length():
                return value.duration
            case tuple():
                return [self._plain(part) for part in value]
        return value


_NEGATIVE = frozenset({Operator.IS_NOT, Operator.NONE_OF, Operator.IS_NOT_SET, Operator.LACKS_WORDS})


def _holds_words(words: str) -> Q:
    expression = exact_query(words)
    if expression is None:
        return Q(pk__in=[])
    return Q(search__holds=expression)
