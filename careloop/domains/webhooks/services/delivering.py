"""Messages to other systems: written with the act that they tell of, tried after it, and every try written down.

    transaction 1   the try begins, committed
    the wire        outside any transaction
    transaction 2   delivered, waiting for the next try, or failed

Whoever dies between 1 and 2 leaves a try that nobody concluded; the next worker tries again under the same key, by which
the other system knows what it has had already: at least once.
"""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.webhooks.errors import DeliveryNotFound, WebhookGone
from careloop.domains.webhooks.events import (
    WebhookChanged,
    WebhookDelivered,
    WebhookFailed,
    WebhookQueued,
    WebhookResent,
)
from careloop.domains.webhooks.models import Attempt, Delivery, Webhook
from careloop.domains.webhooks.services.keeping import refuse_unless_keeper
from careloop.domains.webhooks.signing import new_key
from careloop.domains.webhooks.states import GONE, PAUSES, DeliveryState, State, Trouble, Why, is_taken
from careloop.domains.webhooks.types import Outgoing
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import Unreadable, open_secret
from careloop.kernel.timers import set_timer

__all__ = ["WEBHOOK_DUE", "begin_attempt", "end_attempt", "forget_deliveries", "queue_message", "send_again"]

WEBHOOK_DUE: Final = "webhook.due"
"""The timer that lets a message be tried. Its subject is the delivery."""
AT_ONCE: Final = 1000


@act
def queue_message(
    *, webhook_id: int, kind: str, body: str, case_id: int | None, actor: Actor, at: datetime, now: datetime
) -> int:
    """Let a message be sent after commit, and return its primary key. For the house.

    kind: what happened, as the log names it. body: the JSON that is signed and sent, as it is. at: when it happened.

    Raises WebhookGone. Records WebhookQueued.
    """
    webhook = Webhook.objects.filter(pk=webhook_id, state=State.ACTIVE).first()
    if webhook is None:
        raise WebhookGone(_("The webhook is paused or out of use."))
    made = Delivery.objects.create(
        webhook=webhook, key=new_key(), kind=kind, case_id=case_id, body=body, made_by=str(actor), at=at, next_at=now
    )
    set_timer(kind=WEBHOOK_DUE, subject_id=made.pk, due_at=now)
    record(
        WebhookQueued(subject=_about(webhook), actor=str(actor), at=at, delivery_id=made.pk, kind=kind, case_id=case_id)
    )
    return made.pk


@act
def send_again(*, webhook_id: int, delivery_id: int, actor: Actor, at: datetime) -> None:
    """Send a message again under its key, with all tries before it; one that waits is tried now.

    Raises MayNotKeepWebhooks, DeliveryNotFound, WebhookGone. Records WebhookResent.
    """
    refuse_unless_keeper(actor)
    found = Delivery.objects.select_for_update(of=("self",)).select_related("webhook")
    delivery = found.filter(pk=delivery_id, webhook_id=webhook_id).exclude(webhook__state=State.RETIRED).first()
    if delivery is None:
        raise DeliveryNotFound(_("There is no such message."))
    if delivery.webhook.state != State.ACTIVE:
        raise WebhookGone(_("The webhook is paused. Resume it first."))
    delivery.state, delivery.tries, delivery.next_at = DeliveryState.WAITING, 0, at
    delivery.save(update_fields=["state", "tries", "next_at"])
    set_timer(kind=WEBHOOK_DUE, subject_id=delivery.pk, due_at=at)
    about = _about(delivery.webhook)
    record(WebhookResent(subject=about, actor=str(actor), at=at, delivery_id=delivery.pk))


@act
def begin_attempt(*, delivery_id: int, may_send: bool, actor: Actor, at: datetime) -> Outgoing | None:
    """Write down that a message is tried, before it is, and return it; None when there is nothing to send any more.

    may_send: whether the workspace sends to the outside at all; a demo does not.

    Records WebhookFailed where it must not be sent.
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, state=DeliveryState.WAITING).first()
    if delivery is None:
        return None
    webhook = Webhook.objects.get(pk=delivery.webhook_id)
    trouble, secrets = _why_not(webhook, may_send), list[str]()
    if trouble is Trouble.NONE:
        try:
            secrets = _secrets(webhook, at)
        except Unreadable:
            trouble = Trouble.SEALED
    if trouble is not Trouble.NONE:
        _fail(delivery, None, trouble, actor, at)
        return None
    delivery.attempts, delivery.tries, delivery.next_at = delivery.attempts + 1, delivery.tries + 1, None
    delivery.save(update_fields=["attempts", "tries", "next_at"])
    Attempt.objects.create(delivery=delivery, number=delivery.attempts, at=at)
    return Outgoing(
        delivery_id=delivery.pk,
        attempt=delivery.attempts,
        url=webhook.url,
        key=delivery.key,
        body=delivery.body,
        secrets=secrets,
    )


@act
def end_attempt(
    *, outgoing: Outgoing, code: int | None, trouble: Trouble, took_ms: int, actor: Actor, at: datetime
) -> None:
    """Write down what became of a try: the message is delivered, tried again later, or has failed.

    code: of the answer, None where there was none. An answer of 410 pauses the webhook.

    Records WebhookDelivered, or WebhookFailed when no further try is made, and WebhookChanged for what is gone.
    """
    webhook = _webhook_of(outgoing.delivery_id)
    delivery = Delivery.objects.select_for_update().get(pk=outgoing.delivery_id)
    Attempt.objects.filter(delivery=delivery, number=outgoing.attempt).update(
        code=code, trouble=trouble, took_ms=took_ms
    )
    delivery.code, delivery.trouble = code, trouble
    if is_taken(code):
        delivery.state = DeliveryState.DELIVERED
        delivery.save(update_fields=["state", "code", "trouble"])
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
        record(
            WebhookDelivered(
                subject=_about(webhook),
                actor=str(actor),
                at=at,
                delivery_id=delivery.pk,
                code=code or 0,
                attempts=delivery.attempts,
            )
        )
        return
    if webhook.failing_since is None:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=at)
    if code == GONE and webhook.state == State.ACTIVE:
        Webhook.objects.filter(pk=webhook.pk).update(state=State.PAUSED, why=Why.GONE)
        record(WebhookChanged(subject=_about(webhook), actor=str(actor), at=at, change="gone"))
    if code == GONE or delivery.tries > len(PAUSES):
        _fail(delivery, code, trouble, actor, at)
        return
    delivery.next_at = at + PAUSES[delivery.tries - 1]
    delivery.save(update_fields=["code", "trouble", "next_at"])
    set_timer(kind=WEBHOOK_DUE, subject_id=delivery.pk, due_at=delivery.next_at)


@act
def forget_deliveries(*, before: datetime) -> int:
    """Throw away what was sent before a moment, the oldest first, and return how many messages that were; some at once."""
    old = Delivery.objects.filter(at__lt=before).order_by("at", "pk").values_list("pk", flat=True)[:AT_ONCE]
    found = list(old)
    Delivery.objects.filter(pk__in=found).delete()
    return len(found)


def _webhook_of(delivery_id: int) -> Webhook:
    """Return the webhook of a message, held until the act is over; webhooks are held before their messages."""
    return Webhook.objects.select_for_update().get(
        pk=Delivery.objects.filter(pk=delivery_id).values_list("webhook_id", flat=True).get()
    )


def _why_not(webhook: Webhook, may_send: bool) -> Trouble:
    if webhook.state != State.ACTIVE:
        return Trouble.PAUSED
    return Trouble.NONE if may_send else Trouble.DEMO


def _secrets(webhook: Webhook, at: datetime) -> list[str]:
    is_old_good = webhook.old_until is not None and at < webhook.old_until
    sealed = [webhook.secret, webhook.old_secret] if is_old_good else [webhook.secret]
    return [open_secret(bytes(one)) for one in sealed]


def _fail(delivery: Delivery, code: int | None, trouble: Trouble, actor: Actor, at: datetime) -> None:
    delivery.state, delivery.code, delivery.trouble, delivery.next_at = DeliveryState.FAILED, code, trouble, None
    delivery.save(update_fields=["state", "code", "trouble", "next_at"])
    record(
        WebhookFailed(
            subject=subject("webhook", delivery.webhook_id),
            actor=str(actor),
            at=at,
            delivery_id=delivery.pk,
            code=code,
            trouble=trouble,
            attempts=delivery.attempts,
        )
    )


def _about(webhook: Webhook) -> str:
    return subject("webhook", webhook.pk)
