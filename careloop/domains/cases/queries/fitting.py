"""Which of several conditions a case fits first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Q, Value, When
from django.db.models import Case as Choice

from careloop.domains.cases.conditions import as_tree, compiled
from careloop.domains.cases.models import Case

__all__ = ["Fit", "first_fitting", "holding", "opened_lately", "status_ids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """index: of the first condition that holds, None where none does. priority: of the case, 1 (low) to 4 (urgent)."""

    index: int | None
    priority: int


def first_fitting(
    case_ids: Collection[int], conditions: Sequence[Mapping[str, Any]], *, now: datetime
) -> dict[int, Fit]:
    """Return for each case that there is which of some stored conditions it fits first, in one query. For the house."""
    holds = Q(pk__isnull=False)  # so that no condition at all is one that holds
    choices = [
        When(holds & compiled(as_tree(one), me=None, now=now), then=Value(index))
        for index, one in enumerate(conditions)
    ]
    fit = Choice(*choices, default=None, output_field=IntegerField())
    rows = Case.objects.filter(pk__in=case_ids).values_list("pk", "priority", fit)
    return {case_id: Fit(index=index, priority=priority) for case_id, priority, index in rows}


def holding(
    case_ids: Collection[int], conditions: Sequence[Mapping[str, Any]], *, now: datetime
) -> dict[int, frozenset[int]]:
    """Return for each case that there is which of some stored conditions hold for it, by index, in one query. For the house."""
    holds = Q(pk__isnull=False)  # so that no condition at all is one that holds
    asked = {
        f"holds_{index}": ExpressionWrapper(
            holds & compiled(as_tree(one), me=None, now=now), output_field=BooleanField()
        )
        for index, one in enumerate(conditions)
    }
    rows = Case.objects.filter(pk__in=case_ids).annotate(**asked).values_list("pk", *asked)
    return {case_id: frozenset(at for at, one in enumerate(held) if one) for case_id, *held in rows}


def status_ids(case_ids: Collection[int]) -> dict[int, int]:
    """Return the status of some cases. For the house."""
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "status_id"))


def opened_lately(*, since: datetime, limit: int) -> dict[int, datetime]:
    """Return the newest cases opened since a moment, the newest first, each with when it was opened. For the house."""
    rows = Case.objects.filter(opened_at__gte=since).order_by("-opened_at", "-pk")
    return dict(rows.values_list("pk", "opened_at")[:limit])
