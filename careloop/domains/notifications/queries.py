"""Questions about notices; everybody sees only their own."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.db.models import Q, Sum

from careloop.domains.notifications.models import Notification, Pending
from careloop.domains.notifications.types import Kind, NoticeRow, Waiting
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged
from careloop.kernel.statements import Asked, Statement

__all__ = ["has_unread", "notices_by_id", "notices_of", "pending_for", "unread_about", "unread_count"]

MOST_COUNTED = 100


def notices_of(*, viewer: Actor, cursor: str | None = None, limit: int = 30) -> Page[NoticeRow]:
    """Return a person's notices, newest first."""
    found = Notification.objects.filter(user_id=viewer.user_id or 0)
    return paged(found, order=[Order(column="id")], cursor=cursor, limit=limit).map(_row)


def unread_count(*, viewer: Actor) -> int:
    """Count what a person has not read, up to a hundred."""
    return Notification.objects.filter(user_id=viewer.user_id or 0, read_at__isnull=True)[:MOST_COUNTED].count()


def has_unread(*, case_id: int, viewer: Actor) -> bool:
    """Say whether a person has not read everything about a case."""
    return bool(UNREAD(user_id=viewer.user_id or 0, case_id=case_id))


UNREAD: Final = Statement(
    lambda: Notification.objects.filter(
        user=Asked("user_id"), case_id=Asked("case_id"), read_at__isnull=True
    ).values_list("pk")[:1]
)


def unread_about(user_ids: Collection[int], *, case_ids: Collection[int], kind: Kind) -> set[tuple[int, int]]:
    """Return who of some people has not read something of a kind about which of some cases, as pairs of both. For the house."""
    if not user_ids or not case_ids:
        return set()
    unread = Notification.objects.filter(user_id__in=user_ids, read_at__isnull=True, case_id__in=case_ids, kind=kind)
    return {(user_id, case_id) for user_id, case_id in unread.values_list("user_id", "case_id") if case_id is not None}


def notices_by_id(ids: Iterable[int]) -> list[NoticeRow]:
    """Return some notices in order, for the mail about them."""
    return [_row(n) for n in Notification.objects.filter(pk__in=list(ids)).order_by("pk")]


def _row(n: Notification) -> NoticeRow:
    return NoticeRow(
        id=n.pk,
        kind=n.kind,
        case_id=n.case_id,
        case_number=n.case_number,
        flag_id=n.flag_id,
        hand_id=n.hand_id,
        call_id=n.call_id,
        task_id=n.task_id,
        actor=n.actor,
        event_id=n.event_id,
        at=n.at,
        is_read=n.read_at is not None,
    )


def pending_for(viewer: Actor) -> Mapping[Waiting, int]:
    """Return how much of each kind waits for a person, by themselves and in their teams, from counters, in one question."""
    if viewer.user_id is None:
        return {}
    found = PENDING(user_id=viewer.user_id, team_ids=sorted(viewer.team_ids))
    return {Waiting(kind): int(total) for kind, total in found if total > 0}


PENDING: Final = Statement(
    lambda: (
        Pending.objects.filter(Q(user_id=Asked("user_id")) | Q(team_id__among=Asked("team_ids")))
        .values_list("kind")
        .annotate(total=Sum("count"))
        .order_by("kind")
    )
)
