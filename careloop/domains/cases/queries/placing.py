"""What those who bring cases and people together ask of a case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.cases.models import Case
from careloop.domains.cases.states import Category

__all__ = ["CasePlace", "last_served_by", "places_of", "unowned_cases"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlace:
    """Where a case lies. is_ours_to_do: somebody of ours has to do something about it now; waits_since: for how long."""

    id: int
    assignee_id: int | None
    is_ours_to_do: bool
    priority: int
    requester_id: int
    waits_since: datetime


def places_of(case_ids: Collection[int]) -> dict[int, CasePlace]:
    """Return where cases lie; those that are gone are left out. For the house."""
    rows = Case.objects.filter(pk__in=set(case_ids)).values_list(
        "pk", "assignee_id", "category", "is_spam", "priority", "requester_id", "waiting_since", "opened_at"
    )
    return {
        case_id: CasePlace(
            id=case_id,
            assignee_id=assignee_id,
            is_ours_to_do=category in {Category.NEW, Category.OPEN} and not is_spam,
            priority=priority,
            requester_id=requester_id,
            waits_since=waiting_since or opened_at,
        )
        for case_id, assignee_id, category, is_spam, priority, requester_id, waiting_since, opened_at in rows
    }


def unowned_cases(*, after: int, limit: int) -> list[int]:
    """Return cases that nobody has and somebody has to do something about, ascending from behind one. For the house."""
    rows = Case.objects.filter(
        assignee=None, category__in=[Category.NEW, Category.OPEN], is_spam=False, pk__gt=after
    ).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def last_served_by(customer_id: int, *, besides: int) -> int | None:
    """Return who has, or had last, another case of a customer; None where nobody has. For the house. besides: this case."""
    rows = Case.objects.filter(requester_id=customer_id, assignee__isnull=False).exclude(pk=besides)
    return rows.order_by("-activity_at", "-pk").values_list("assignee_id", flat=True).first()
