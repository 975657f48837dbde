"""What waits, in which order, and to whom it was offered."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.queues import rules
from careloop.domains.queues.errors import QueueNotFound, WaitingNotFound
from careloop.domains.queues.models import Offer, Queue, Rule, Waiting
from careloop.domains.queues.reading import offer_row, queue_row, rule_row, waiting_row
from careloop.domains.queues.states import Kind, Outcome, Stage
from careloop.domains.queues.types import OfferRow, QueueLoad, QueueRow, RuleRow, WaitingRow
from careloop.kernel.actors import Actor

__all__ = [
    "chat_queue_of",
    "has_queues",
    "house_queue",
    "house_rules",
    "house_wait",
    "house_waiting",
    "is_queue",
    "last_waits",
    "loads_of",
    "offer_of",
    "offers_of",
    "open_offer_of",
    "place_of",
    "queue_for",
    "queue_names",
    "queue_of",
    "queues_in_hours",
    "queues_of",
    "rules_of",
    "subjects_among",
    "subjects_waiting",
    "takes",
    "waiting_in",
    "waiting_of",
    "waiting_of_subject",
    "was_taken",
]

OPEN = (Stage.WAITING, Stage.OFFERED)
MOST = 500


def queues_in_hours(calendar_ids: Collection[int]) -> list[QueueRow]:
    """Return the queues in use that are open in the hours of some calendars, by name. For the house."""
    found = Queue.objects.filter(calendar_id__in=calendar_ids, is_active=True).order_by("name", "id")
    return [queue_row(queue) for queue in found]


def queues_of(viewer: Actor) -> list[QueueRow]:
    """Return the queues in use, by name."""
    if not rules.may_see_queues(viewer):
        return []
    return [queue_row(queue) for queue in Queue.objects.filter(is_active=True).order_by("name", "pk")]


def queue_of(viewer: Actor, *, queue_id: int) -> QueueRow:
    """Return one queue in use. Raises QueueNotFound."""
    queue = Queue.objects.filter(pk=queue_id, is_active=True).first() if rules.may_see_queues(viewer) else None
    if queue is None:
        raise QueueNotFound(_("There is no such queue."))
    return queue_row(queue)


def queue_names(queue_ids: Collection[int]) -> dict[int, str]:
    """Return what queues are called, also those that are out of use."""
    return dict(Queue.objects.filter(pk__in=set(queue_ids)).values_list("pk", "name"))


def rules_of(viewer: Actor) -> list[RuleRow]:
    """Return the rules by which cases go into queues, in the order in which they are asked."""
    if not rules.may_see_queues(viewer):
        return []
    return [rule_row(rule) for rule in Rule.objects.order_by("position", "pk")]


def loads_of(viewer: Actor) -> list[QueueLoad]:
    """Return how every queue in use stands, by name; an index of what is open answers, whatever the history."""
    if not rules.may_see_queues(viewer):
        return []
    queues = list(Queue.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", flat=True))
    rows = (
        Waiting.objects.filter(queue__in=queues, stage__in=OPEN)
        .values_list("queue_id", "kind")
        .annotate(
            waiting=Count("pk", filter=Q(stage=Stage.WAITING)),
            offered=Count("pk", filter=Q(stage=Stage.OFFERED)),
            oldest=Min("entered_at"),
        )
    )
    found: dict[int, list[tuple[str, int, int, datetime]]] = defaultdict(list)
    for queue_id, kind, waiting, offered, oldest in rows:
        found[queue_id].append((kind, waiting, offered, oldest))
    return [
        QueueLoad(
            queue_id=queue_id,
            waiting=sum(waiting for _kind, waiting, _offered, _oldest in found[queue_id]),
            offered=sum(offered for _kind, _waiting, offered, _oldest in found[queue_id]),
            # A callback waits for the time that was promised, and is late by its own clock.
            oldest_at=min(
                (oldest for kind, _waiting, _offered, oldest in found[queue_id] if kind != Kind.CALLBACK), default=None
            ),
            by_kind={Kind(kind): waiting + offered for kind, waiting, offered, _oldest in found[queue_id]},
        )
        for queue_id in queues
    ]


def waiting_in(
    viewer: Actor,
    *,
    queue_ids: Collection[int] | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[WaitingRow]:
    """Return what waits or is being offered, the next one first.

    queue_ids: of these queues; None for all. after: rank_at and id of the last one seen, to go on behind it. limit: at most 500.
    """
    if not rules.may_see_queues(viewer):
        return []
    rows = Waiting.objects.filter(stage__in=OPEN).select_related("line")
    if queue_ids is not None:
        rows = rows.filter(queue_id__in=queue_ids)
    if after is not None:
        rows = rows.filter(Q(rank_at__gt=after[0]) | Q(rank_at=after[0], pk__gt=after[1]))
    return [waiting_row(row) for row in rows.order_by("rank_at", "pk")[: min(limit, MOST)]]


def waiting_of(viewer: Actor, *, waiting_id: int) -> WaitingRow:
    """Return one thing that waits, or waited. Raises WaitingNotFound."""
    row = Waiting.objects.select_related("line").filter(pk=waiting_id).first() if rules.may_see_queues(viewer) else None
    if row is None:
        raise WaitingNotFound(_("There is nothing like that in any queue."))
    return waiting_row(row)


def waiting_of_subject(*, kind: Kind, subject_id: int) -> WaitingRow | None:
    """Return the newest wait of something; None when it never waited. For the house and whoever may see the thing."""
    row = Waiting.objects.select_related("line").filter(kind=kind, subject_id=subject_id).order_by("-pk").first()
    return None if row is None else waiting_row(row)


def subjects_waiting(*, kind: Kind, after: int = 0, limit: int = MOST) -> list[int]:
    """Return the primary keys of what is open in any queue, ascending from behind one. For the house."""
    rows = Waiting.objects.filter(kind=kind, stage__in=OPEN, subject_id__gt=after)
    return list(rows.order_by("subject_id").values_list("subject_id", flat=True)[:limit])


def subjects_among(*, kind: Kind, subject_ids: Collection[int]) -> list[int]:
    """Return which of some things are open in any queue. For the house."""
    rows = Waiting.objects.filter(kind=kind, stage__in=OPEN, subject_id__in=set(subject_ids))
    return list(rows.values_list("subject_id", flat=True))


def place_of(*, kind: Kind, subject_id: int) -> int | None:
    """Return how many of the same line are ahead, 0 when it is next; None when it does not wait. Counts at most 100."""
    row = Waiting.objects.filter(kind=kind, subject_id=subject_id, stage__in=OPEN).first()
    if row is None:
        return None
    ahead = Waiting.objects.filter(line_id=row.line_id, stage=Stage.WAITING)
    ahead = ahead.filter(Q(rank_at__lt=row.rank_at) | Q(rank_at=row.rank_at, pk__lt=row.pk))
    return ahead.order_by("rank_at")[:100].count()


def last_waits(*, queue_id: int, kind: Kind, at: datetime, limit: int) -> list[float]:
    """Return how many seconds the last things of a kind waited that somebody took from a queue, the latest first. For the house."""
    taken = Waiting.objects.filter(queue_id=queue_id, kind=kind, stage=Stage.TAKEN, ended_at__lte=at)
    times = taken.order_by("-ended_at").values_list("entered_at", "ended_at")[:limit]
    return [(ended - entered).total_seconds() for entered, ended in times if ended is not None]


def was_taken(waiting_id: int) -> bool:
    """Say whether somebody had taken something that waits by way of the queue, and it came back. For the house."""
    return Offer.objects.filter(waiting_id=waiting_id, outcome=Outcome.ACCEPTED).exists()


def takes(queue_id: int, kind: Kind) -> bool:
    """Say whether a queue is in use and takes something of a kind. For the house."""
    return Queue.objects.filter(pk=queue_id, is_active=True, kinds__contains=[kind]).exists()


def queue_for(kind: Kind) -> int | None:
    """Return the first queue in use, by name, that takes something of a kind; None where there is none. For the house."""
    found = Queue.objects.filter(is_active=True, kinds__contains=[kind]).order_by("name", "pk")
    return found.values_list("pk", flat=True).first()


def chat_queue_of(team_id: int) -> int | None:
    """Return the first queue in use, by name, from which a team takes chats; None where there is none. For the house."""
    found = Queue.objects.filter(is_active=True, kinds__contains=[Kind.CHAT], team_ids__contains=[team_id])
    return found.order_by("name", "pk").values_list("pk", flat=True).first()


def house_queue(queue_id: int) -> QueueRow:
    """Return a queue, also one that is out of use. For the house. Raises QueueNotFound."""
    queue = Queue.objects.filter(pk=queue_id).first()
    if queue is None:
        raise QueueNotFound(_("There is no such queue."))
    return queue_row(queue)


def house_waiting(waiting_id: int) -> WaitingRow | None:
    """Return something that waits, or waited; None where there is none. For the house."""
    row = Waiting.objects.select_related("line").filter(pk=waiting_id).first()
    return None if row is None else waiting_row(row)


def house_wait(waiting_id: int) -> tuple[WaitingRow, QueueRow] | None:
    """Return something that waits, or waited, with its queue; None where there is none. For the house."""
    row = Waiting.objects.select_related("line", "queue").filter(pk=waiting_id).first()
    return None if row is None else (waiting_row(row), queue_row(row.queue))


def is_queue(queue_id: int) -> bool:
    """Say whether there is such a queue in use. For the house."""
    return Queue.objects.filter(pk=queue_id, is_active=True).exists()


def has_queues() -> bool:
    """Say whether the workspace in scope uses any queue. For the house."""
    return Queue.objects.filter(is_active=True).exists()


def house_rules() -> list[RuleRow]:
    """Return the rules in the order in which they are asked. For the house."""
    return [rule_row(rule) for rule in Rule.objects.order_by("position", "pk")]


def offer_of(offer_id: int) -> OfferRow | None:
    """Return an offer as it stands now, None where there is none. For the house and the person it was made to."""
    offer = Offer.objects.select_related("waiting").filter(pk=offer_id).first()
    return None if offer is None else offer_row(offer, offer.waiting)


def open_offer_of(user_id: int) -> OfferRow | None:
    """Return what somebody is being offered in the workspace in scope at this moment. For the house and the person themselves."""
    offer = Offer.objects.select_related("waiting").filter(user_id=user_id, outcome=Outcome.OPEN).first()
    return None if offer is None else offer_row(offer, offer.waiting)


def offers_of(viewer: Actor, *, waiting_ids: Collection[int]) -> dict[int, Sequence[OfferRow]]:
    """Return by what waits, or waited, all offers of it, the oldest first."""
    found: dict[int, list[OfferRow]] = defaultdict(list)
    if rules.may_see_queues(viewer):
        rows = Offer.objects.select_related("waiting").filter(waiting_id__in=set(waiting_ids))
        for offer in rows.order_by("waiting_id", "offered_at", "pk"):
            found[offer.waiting_id].append(offer_row(offer, offer.waiting))
    return dict(found)
