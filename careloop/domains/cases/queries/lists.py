"""Lists of cases: of the staff's, of a customer's, and what a search finds."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from careloop.domains.cases import rules
from careloop.domains.cases.conditions import ORDERS, compiled
from careloop.domains.cases.models import Case, CaseTag, Follower, Note, Participant
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import CaseRow, CaseTitle, RequestRow
from careloop.kernel.actors import Actor, Role
from careloop.kernel.conditions import Condition
from careloop.kernel.paging import Order, Page, paged
from careloop.kernel.search import matching_ids
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "case_rows",
    "cases",
    "cases_by_id",
    "cases_of_customer",
    "cases_opened_by",
    "find_cases",
    "find_notes",
    "other_cases",
    "requests_of",
    "row_of",
    "row_values",
    "seen_by",
]


MOST_OTHERS: Final = 7


def seen_by(viewer: Actor) -> QuerySet[Case]:
    """Return the cases a viewer may see: the one filter behind every list, search, export and stream."""
    found = Case.objects.all()
    if rules.may_see_all(viewer):
        return found
    if viewer.is_customer:
        takes_part = Exists(Participant.objects.filter(case=OuterRef("pk"), customer_id=viewer.id))
        return found.filter(Q(requester_id=viewer.id) | Q(takes_part))
    if viewer.has_role(Role.COLLEAGUE) and viewer.allows("cases:read"):
        follows = Exists(Follower.objects.filter(case=OuterRef("pk"), user_id=viewer.id))
        return found.filter(Q(assignee_id=viewer.id) | Q(team_id__in=viewer.team_ids) | Q(follows))
    return found.none()


def cases(
    *, viewer: Actor, condition: Condition, order: str, cursor: str | None = None, limit: int = 50, now: datetime
) -> Page[CaseRow]:
    """Return one page of the cases that meet a condition, in two queries.

    order: a name among ORDERS; the id breaks ties, and what is not due comes behind all that is.

    Raises BadCursor.
    """
    order = order if order in ORDERS else "-activity_at"
    column, is_descending = order.lstrip("-"), order.startswith("-")
    found = seen_by(viewer).filter(compiled(condition, me=viewer.user_id, now=now)).only("id", column)
    page = paged(
        found,
        order=[
            Order(column=column, is_descending=is_descending, is_nullable=column == "due_at"),
            Order(column="id", is_descending=is_descending),
        ],
        cursor=cursor,
        limit=limit,
    )
    rows = case_rows([case.pk for case in page.items])
    return Page(items=[rows[case.pk] for case in page.items if case.pk in rows], next_cursor=page.next_cursor)


def cases_by_id(case_ids: Iterable[int], *, viewer: Actor) -> Mapping[int, CaseRow]:
    """Return those of some cases that the viewer may see."""
    wanted = set(case_ids)
    if not wanted or rules.may_see_all(viewer):
        return case_rows(wanted)
    return {row["id"]: row_of(row) for row in row_values(seen_by(viewer).filter(pk__in=wanted))}


def cases_of_customer(*, customer_id: int, viewer: Actor, limit: int = 20) -> list[CaseRow]:
    """Return the newest cases of a customer that the viewer may see."""
    found = seen_by(viewer).filter(requester_id=customer_id).order_by("-activity_at", "-id")
    return [row_of(row) for row in row_values(found)[:limit]]


def other_cases(*, customer_id: int, case_id: int, viewer: Actor) -> list[CaseTitle]:
    """Return the newest cases of a customer besides one that the viewer may see, at most seven."""
    found = (
        OTHERS(customer_id=customer_id, case_id=case_id)
        if rules.may_see_all(viewer)
        else _others(seen_by(viewer), customer_id=customer_id, case_id=case_id)
    )
    return [CaseTitle(number=n, subject=subject, status=status, activity_at=at) for n, subject, status, at in found]


def _others(cases: QuerySet[Case], **of: Any) -> QuerySet[Case, Any]:
    found = cases.filter(requester=of["customer_id"]).exclude(pk=of["case_id"]).order_by("-activity_at", "-id")
    return found.values_list("number", "subject", "status__name", "activity_at")[:MOST_OTHERS]


OTHERS: Final = Statement(
    lambda: _others(Case.objects.all(), customer_id=Asked("customer_id"), case_id=Asked("case_id"))
)


def cases_opened_by(
    *, customer_id: int, viewer: Actor, behind: tuple[datetime, int] | None, limit: int
) -> list[CaseRow]:
    """Return the cases of a customer that the viewer may see, the last opened first.

    behind: (opened, id) of the last one seen; None begins with the newest.
    """
    found = seen_by(viewer).filter(requester_id=customer_id)
    if behind is not None:
        at, case_id = behind
        found = found.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=case_id), opened_at__lte=at)
    return [row_of(row) for row in row_values(found.order_by("-opened_at", "-pk"))[:limit]]


def find_cases(*, text: str, viewer: Actor, limit: int = 20) -> list[CaseRow]:
    """Return the newest cases whose number, subject or customer is meant by the words."""
    digits = text.strip().lstrip("#")
    ids: list[int] = []
    if digits.isascii() and digits.isdigit() and len(digits) < 18:
        ids = list(Case.objects.filter(number=int(digits)).values_list("pk", flat=True))
    ids += [i for i in matching_ids("cases", text, limit=limit) if i not in ids]
    rows = cases_by_id(ids, viewer=viewer)
    return [rows[i] for i in ids if i in rows][:limit]


def find_notes(*, text: str, viewer: Actor, limit: int = 50) -> list[tuple[int, int]]:
    """Return (note, case) of the newest notes that hold the words; none for those who may not read notes."""
    if not rules.may_read_notes(viewer):
        return []
    found = Note.objects.filter(pk__in=matching_ids("notes", text, limit=limit), case__in=seen_by(viewer))
    return list(found.order_by("-pk").values_list("pk", "case_id"))


def requests_of(*, customer: Actor, cursor: str | None = None, limit: int = 20) -> Page[RequestRow]:
    """Return a customer's own requests, the liveliest first."""
    found = seen_by(customer).filter(is_spam=False).defer("search")
    order = [Order(column="activity_at"), Order(column="id")]
    return paged(found, order=order, cursor=cursor, limit=limit).map(request_row)


def request_row(case: Case) -> RequestRow:
    """Return a case as its customer sees it."""
    return RequestRow(
        id=case.pk,
        number=case.number,
        subject=case.subject,
        category=case.category,
        opened_at=case.opened_at,
        activity_at=case.activity_at,
        is_waiting_for_us=case.category in {Category.NEW, Category.OPEN},
    )


def case_rows(case_ids: Collection[int]) -> dict[int, CaseRow]:
    """Return the rows of some cases by id, in one query; whether they may be seen is settled before."""
    return {row["id"]: row_of(row) for row in ROWS.by_name(case_ids=list(case_ids))} if case_ids else {}


def row_values(found: QuerySet[Case], *more: str, **worked_out: Any) -> QuerySet[Case, dict[str, Any]]:
    """Return what a row shows of some cases, read down its foreign keys in one statement; `row_of` makes rows of it.

    more, worked_out: further columns and expressions.
    """
    rows: QuerySet[Case, dict[str, Any]] = found.values(
        "id",
        "number",
        "subject",
        "category",
        "priority",
        "channel",
        "requester_id",
        "assignee_id",
        "team_id",
        "is_spam",
        "opened_at",
        "activity_at",
        "waiting_since",
        "due_at",
        "solved_at",
        *more,
        status_name=F("status__name"),
        type_name=F("type__name"),
        requester_name=F("requester__name"),
        assignee_name=F("assignee__name"),
        team_name=F("team__name"),
        tag_names=ArraySubquery(CaseTag.objects.filter(case=OuterRef("pk")).order_by("tag__name").values("tag__name")),
        **worked_out,
    )
    return rows


ROWS: Final = Statement(lambda: row_values(Case.objects.filter(pk__among=Asked("case_ids"))))


def row_of(row: Mapping[str, Any]) -> CaseRow:
    """Return one of `row_values` as a row."""
    return CaseRow(
        id=row["id"],
        number=row["number"],
        subject=row["subject"],
        status=row["status_name"],
        category=row["category"],
        priority=row["priority"],
        type=row["type_name"],
        channel=row["channel"],
        requester_id=row["requester_id"],
        requester=row["requester_name"],
        assignee_id=row["assignee_id"],
        assignee=row["assignee_name"] or "",
        team_id=row["team_id"],
        team=row["team_name"] or "",
        is_spam=row["is_spam"],
        opened_at=row["opened_at"],
        activity_at=row["activity_at"],
        waiting_since=row["waiting_since"],
        due_at=row["due_at"],
        solved_at=row["solved_at"],
        tags=tuple(row["tag_names"]),
    )
