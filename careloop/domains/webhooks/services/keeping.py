"""What people do with webhooks."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.webhooks import rules
from careloop.domains.webhooks.checking import problem_with_name, problem_with_url
from careloop.domains.webhooks.errors import (
    MayNotKeepWebhooks,
    WebhookNameTaken,
    WebhookNotFound,
    WebhookStandsSo,
    WebhookUnclear,
)
from careloop.domains.webhooks.events import WebhookChanged
from careloop.domains.webhooks.models import Webhook
from careloop.domains.webhooks.signing import new_secret
from careloop.domains.webhooks.states import State, Why
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import seal_secret

__all__ = [
    "OLD_SIGNS_FOR",
    "add_webhook",
    "change_webhook",
    "locked",
    "pause_webhook",
    "refuse_unless_keeper",
    "renew_secret",
    "resume_webhook",
    "retire_webhook",
]

OLD_SIGNS_FOR: Final = timedelta(hours=24)
"""How long a secret signs beside the one that took its place."""


@act
def add_webhook(*, name: str, url: str, may_reach_inside: bool, actor: Actor, at: datetime) -> int:
    """Let another system be told, and return the webhook's primary key; its secret is made here.

    may_reach_inside: whether this installation sends into its own network.

    Raises MayNotKeepWebhooks, WebhookUnclear, WebhookNameTaken. Records WebhookChanged.
    """
    refuse_unless_keeper(actor)
    webhook = Webhook(secret=seal_secret(new_secret()))
    _write(webhook, name, url, may_reach_inside)
    _record(webhook, "made", actor, at)
    return webhook.pk


@act
def change_webhook(*, webhook_id: int, name: str, url: str, may_reach_inside: bool, actor: Actor, at: datetime) -> None:
    """Change a webhook. Another address gets another secret, so that no system can sign for the one before it.

    What waits goes to the new address.

    Raises MayNotKeepWebhooks, WebhookNotFound, WebhookUnclear, WebhookNameTaken. Records WebhookChanged.
    """
    refuse_unless_keeper(actor)
    webhook = locked(webhook_id)
    was = (webhook.name, webhook.url)
    is_elsewhere = url.strip() != webhook.url
    if is_elsewhere:
        webhook.secret, webhook.old_secret, webhook.old_until = seal_secret(new_secret()), b"", None
        webhook.failing_since = None
    _write(webhook, name, url, may_reach_inside)
    fields = tuple(
        field for field, before in zip(("name", "url"), was, strict=True) if getattr(webhook, field) != before
    )
    if fields:
        _record(webhook, "changed", actor, at, fields)


@act
def renew_secret(*, webhook_id: int, actor: Actor, at: datetime) -> None:
    """Give a webhook another secret; the one before signs as well for a day, so that nothing is refused meanwhile.

    Raises MayNotKeepWebhooks, WebhookNotFound. Records WebhookChanged.
    """
    refuse_unless_keeper(actor)
    webhook = locked(webhook_id)
    webhook.old_secret, webhook.old_until = webhook.secret, at + OLD_SIGNS_FOR
    webhook.secret = seal_secret(new_secret())
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    _record(webhook, "secret_renewed", actor, at)


@act
def pause_webhook(*, webhook_id: int, actor: Actor, at: datetime) -> None:
    """Send nothing more until it is resumed; what waits fails and can be sent again.

    Raises MayNotKeepWebhooks, WebhookNotFound, WebhookStandsSo. Records WebhookChanged.
    """
    refuse_unless_keeper(actor)
    webhook = locked(webhook_id)
    if webhook.state == State.PAUSED:
        raise WebhookStandsSo(_("This webhook is paused already."))
    webhook.state, webhook.why = State.PAUSED, Why.PEOPLE
    webhook.save(update_fields=["state", "why"])
    _record(webhook, "paused", actor, at)


@act
def resume_webhook(*, webhook_id: int, actor: Actor, at: datetime) -> None:
    """Send again what happens from now on. Raises MayNotKeepWebhooks, WebhookNotFound, WebhookStandsSo. Records WebhookChanged."""
    refuse_unless_keeper(actor)
    webhook = locked(webhook_id)
    if webhook.state == State.ACTIVE:
        raise WebhookStandsSo(_("This webhook is active already."))
    webhook.state, webhook.why, webhook.failing_since = State.ACTIVE, Why.NONE, None
    webhook.save(update_fields=["state", "why", "failing_since"])
    _record(webhook, "resumed", actor, at)


@act
def retire_webhook(*, webhook_id: int, actor: Actor, at: datetime) -> None:
    """Take a webhook out of use. Rules that name it go on without it, and say so in their log.

    Raises MayNotKeepWebhooks, WebhookNotFound. Records WebhookChanged.
    """
    refuse_unless_keeper(actor)
    webhook = locked(webhook_id)
    webhook.state, webhook.why = State.RETIRED, Why.NONE
    webhook.save(update_fields=["state", "why"])
    _record(webhook, "retired", actor, at)


def refuse_unless_keeper(actor: Actor) -> None:
    """Raises MayNotKeepWebhooks."""
    if not rules.may_keep_webhooks(actor):
        raise MayNotKeepWebhooks(_("Owners and managers connect other systems. Ask one of them."))


def locked(webhook_id: int) -> Webhook:
    """Return a webhook in use or paused that nobody else changes meanwhile. Raises WebhookNotFound."""
    found = Webhook.objects.select_for_update().exclude(state=State.RETIRED).filter(pk=webhook_id).first()
    if found is None:
        raise WebhookNotFound(_("There is no such webhook."))
    return found


def _write(webhook: Webhook, name: str, url: str, may_reach_inside: bool) -> None:
    url = url.strip()
    found = {"name": problem_with_name(name), "url": problem_with_url(url, may_reach_inside=may_reach_inside)}
    problems: dict[str, str | Promise] = {field: words for field, words in found.items() if words}
    if problems:
        raise WebhookUnclear(next(iter(problems.values())), fields=problems)
    webhook.name, webhook.url = name.strip(), url
    try:
        with attempt():
            webhook.save()
    except IntegrityError:
        problem = _("Another webhook has this name. Choose a different one.")
        raise WebhookNameTaken(problem, fields={"name": problem}) from None


def _record(webhook: Webhook, change: str, actor: Actor, at: datetime, fields: tuple[str, ...] = ()) -> None:
    about = subject("webhook", webhook.pk)
    record(WebhookChanged(subject=about, actor=str(actor), at=at, change=change, fields=fields))
