"""Which systems are told what happens, and what became of what was sent to them."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.webhooks import rules
from careloop.domains.webhooks.errors import DeliveryNotFound, MayNotKeepWebhooks, WebhookNotFound
from careloop.domains.webhooks.models import Attempt, Delivery, Webhook
from careloop.domains.webhooks.states import DeliveryState, State, Trouble, Why
from careloop.domains.webhooks.types import AttemptRow, DeliveryRow, WebhookRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Page
from careloop.kernel.secrets import open_secret

__all__ = [
    "deliveries_of",
    "delivery_of",
    "is_webhook",
    "webhook_behind",
    "webhook_choices",
    "webhook_names",
    "webhook_of",
    "webhook_secret",
    "webhooks_of",
]


def webhooks_of(viewer: Actor) -> list[WebhookRow]:
    """Return the webhooks in use or paused, by name. Raises MayNotKeepWebhooks."""
    _refuse_unless_reader(viewer)
    rows = list(Webhook.objects.exclude(state=State.RETIRED).order_by("name", "pk"))
    counts: dict[int, dict[str, Any]] = {
        row["webhook_id"]: dict(row)
        for row in Delivery.objects.filter(webhook__in=[row.pk for row in rows])
        .values("webhook_id")
        .annotate(
            last=Max("at"),
            waiting=Count("pk", filter=Q(state=DeliveryState.WAITING)),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        )
    }
    return [_webhook(row, counts.get(row.pk, {})) for row in rows]


def webhook_of(viewer: Actor, *, webhook_id: int) -> WebhookRow:
    """Return one of these. Raises MayNotKeepWebhooks, WebhookNotFound."""
    found = next((row for row in webhooks_of(viewer) if row.id == webhook_id), None)
    if found is None:
        raise WebhookNotFound(_("There is no such webhook."))
    return found


def webhook_secret(viewer: Actor, *, webhook_id: int) -> str:
    """Return what the other system checks signatures with, in the clear, for its keepers.

    Raises MayNotKeepWebhooks, WebhookNotFound, Unreadable.
    """
    if not rules.may_keep_webhooks(viewer):
        raise MayNotKeepWebhooks(_("Owners and managers connect other systems. Ask one of them."))
    for sealed in Webhook.objects.exclude(state=State.RETIRED).filter(pk=webhook_id).values_list("secret", flat=True):
        return open_secret(bytes(sealed))
    raise WebhookNotFound(_("There is no such webhook."))


def webhook_choices() -> list[tuple[int, str]]:
    """Return the webhooks to which something can be sent, by name; nothing else about them is told."""
    return list(Webhook.objects.filter(state=State.ACTIVE).order_by("name", "pk").values_list("pk", "name"))


def is_webhook(webhook_id: int) -> bool:
    """Say whether a webhook is in use or paused."""
    return Webhook.objects.exclude(state=State.RETIRED).filter(pk=webhook_id).exists()


def webhook_names(webhook_ids: Collection[int]) -> dict[int, str]:
    """Return what webhooks are called, also those that are out of use."""
    return dict(Webhook.objects.filter(pk__in=webhook_ids).values_list("pk", "name")) if webhook_ids else {}


def webhook_behind(delivery_id: int) -> int | None:
    """Return the webhook to which a message goes; None when the message is gone. For the house."""
    return Delivery.objects.filter(pk=delivery_id).values_list("webhook_id", flat=True).first()


def deliveries_of(
    viewer: Actor,
    *,
    webhook_id: int,
    state: DeliveryState | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Page[DeliveryRow]:
    """Return what was sent to a webhook, the newest first. Raises MayNotKeepWebhooks, WebhookNotFound.

    state: only these. before_id: only older ones, for reading on.
    """
    _refuse_unless_reader(viewer)
    if not is_webhook(webhook_id):
        raise WebhookNotFound(_("There is no such webhook."))
    asked: dict[str, Any] = {"webhook_id": webhook_id, "state": state, "pk__lt": before_id}
    found = Delivery.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    rows = list(found.order_by("-pk")[: limit + 1])
    cursor = str(rows[limit - 1].pk) if len(rows) > limit else None
    return Page(items=[_delivery(row) for row in rows[:limit]], next_cursor=cursor)


def delivery_of(viewer: Actor, *, webhook_id: int, delivery_id: int) -> DeliveryRow:
    """Return one message with all its tries, the newest first. Raises MayNotKeepWebhooks, DeliveryNotFound."""
    _refuse_unless_reader(viewer)
    found = Delivery.objects.filter(pk=delivery_id, webhook_id=webhook_id).exclude(webhook__state=State.RETIRED).first()
    if found is None:
        raise DeliveryNotFound(_("There is no such message."))
    tries = tuple(
        AttemptRow(number=one.number, at=one.at, code=one.code, trouble=Trouble(one.trouble), took_ms=one.took_ms)
        for one in Attempt.objects.filter(delivery=found).order_by("-number")
    )
    return _delivery(found, tries)


def _refuse_unless_reader(viewer: Actor) -> None:
    if not rules.may_see_webhooks(viewer):
        raise MayNotKeepWebhooks(_("Owners and managers connect other systems. Ask one of them."))


def _webhook(row: Webhook, counts: dict[str, Any]) -> WebhookRow:
    return WebhookRow(
        id=row.pk,
        name=row.name,
        url=row.url,
        state=State(row.state),
        why=Why(row.why),
        old_until=row.old_until,
        failing_since=row.failing_since,
        last_at=counts.get("last"),
        waiting_count=counts.get("waiting", 0),
        failed_count=counts.get("failed", 0),
    )


def _delivery(row: Delivery, attempts: tuple[AttemptRow, ...] = ()) -> DeliveryRow:
    return DeliveryRow(
        id=row.pk,
        webhook_id=row.webhook_id,
        key=row.key,
        kind=row.kind,
        case_id=row.case_id,
        at=row.at,
        state=DeliveryState(row.state),
        attempt_count=row.attempts,
        next_at=row.next_at,
        code=row.code,
        trouble=Trouble(row.trouble),
        body=row.body,
        attempts=attempts,
    )
