"""Other systems that are told what happens: kept, tested, and what was sent to them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Status

from careloop.domains.people.types import Scope
from careloop.domains.webhooks import queries, services
from careloop.domains.webhooks.states import DeliveryState
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.webhooks import (
    DeliveriesAsked,
    WebhookDeliveryPage,
    WebhookDeliveryShown,
    WebhookGiven,
    WebhookList,
    WebhookSecretShown,
    WebhookShown,
    delivery_shown,
    webhook_shown,
)
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes.webhooks import send_test

__all__ = ["room"]

room = Room()


@room.opens("GET", "/webhooks", Scope.SETTINGS_READ, WebhookList)
def list_webhooks(request: HttpRequest) -> Any:
    """List the webhooks in use or paused."""
    return {"items": [webhook_shown(row) for row in queries.webhooks_of(visit_of(request).actor)]}


@room.opens("POST", "/webhooks", Scope.SETTINGS_WRITE, WebhookShown, status=201)
def create_webhook(request: HttpRequest, given: WebhookGiven) -> Any:
    """Let another system be told; its secret is made here, and shown on its page."""
    visit = visit_of(request)
    made = services.add_webhook(
        name=given.name,
        url=given.url,
        may_reach_inside=settings.ALLOW_PRIVATE_WEBHOOKS,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, _webhook(visit, made))


@room.opens("GET", "/webhooks/{webhook_id}", Scope.SETTINGS_READ, WebhookShown)
def get_webhook(request: HttpRequest, webhook_id: PathId) -> Any:
    """Get a webhook, without its secret."""
    return _webhook(visit_of(request), webhook_id)


@room.opens("PUT", "/webhooks/{webhook_id}", Scope.SETTINGS_WRITE, WebhookShown)
def change_webhook(request: HttpRequest, webhook_id: PathId, given: WebhookGiven) -> Any:
    """Change a webhook's name and address; another address gets another secret."""
    visit = visit_of(request)
    services.change_webhook(
        webhook_id=webhook_id,
        name=given.name,
        url=given.url,
        may_reach_inside=settings.ALLOW_PRIVATE_WEBHOOKS,
        actor=visit.actor,
        at=visit.at,
    )
    return _webhook(visit, webhook_id)


@room.opens("POST", "/webhooks/{webhook_id}/secret", Scope.SETTINGS_WRITE, WebhookSecretShown)
def renew_webhook_secret(request: HttpRequest, webhook_id: PathId) -> Any:
    """Make a new secret and tell it; the one before signs as well for 24 hours."""
    visit = visit_of(request)
    services.renew_secret(webhook_id=webhook_id, actor=visit.actor, at=visit.at)
    return {"secret": queries.webhook_secret(visit.actor, webhook_id=webhook_id)}


@room.opens("POST", "/webhooks/{webhook_id}/test", Scope.SETTINGS_WRITE, WebhookDeliveryShown)
def send_webhook_test(request: HttpRequest, webhook_id: PathId) -> Any:
    """Let another system be told that this is a test."""
    visit = visit_of(request)
    _webhook(visit, webhook_id)
    made = send_test(webhook_id=webhook_id, actor=visit.actor, at=visit.at)
    return _delivery(visit, webhook_id, made)


@room.opens("POST", "/webhooks/{webhook_id}/pause", Scope.SETTINGS_WRITE, WebhookShown)
def pause_webhook(request: HttpRequest, webhook_id: PathId) -> Any:
    """Send nothing more until it is resumed; what waits fails and can be sent again."""
    visit = visit_of(request)
    services.pause_webhook(webhook_id=webhook_id, actor=visit.actor, at=visit.at)
    return _webhook(visit, webhook_id)


@room.opens("POST", "/webhooks/{webhook_id}/resumption", Scope.SETTINGS_WRITE, WebhookShown)
def resume_webhook(request: HttpRequest, webhook_id: PathId) -> Any:
    """Send again what happens from now on."""
    visit = visit_of(request)
    services.resume_webhook(webhook_id=webhook_id, actor=visit.actor, at=visit.at)
    return _webhook(visit, webhook_id)


@room.opens("POST", "/webhooks/{webhook_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_webhook(request: HttpRequest, webhook_id: PathId) -> Any:
    """Take a webhook out of use; rules and macros that name it go on without it."""
    visit = visit_of(request)
    services.retire_webhook(webhook_id=webhook_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens(
    "GET", "/webhooks/{webhook_id}/deliveries", Scope.SETTINGS_READ, WebhookDeliveryPage, also=[Scope.CASES_READ]
)
def list_deliveries(request: HttpRequest, webhook_id: PathId, asked: Query[DeliveriesAsked]) -> Any:
    """List what was sent to a webhook, the newest first."""
    return queries.deliveries_of(
        visit_of(request).actor,
        webhook_id=webhook_id,
        state=DeliveryState(asked.state) if asked.state else None,
        before_id=int(asked.cursor) if asked.cursor else None,
        limit=asked.limit,
    ).map(delivery_shown)


@room.opens(
    "GET",
    "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    Scope.SETTINGS_READ,
    WebhookDeliveryShown,
    also=[Scope.CASES_READ],
)
def get_delivery(request: HttpRequest, webhook_id: PathId, delivery_id: PathId) -> Any:
    """Get one message with all its tries."""
    return _delivery(visit_of(request), webhook_id, delivery_id)


@room.opens(
    "POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/resending", Scope.SETTINGS_WRITE, WebhookDeliveryShown
)
def resend_delivery(request: HttpRequest, webhook_id: PathId, delivery_id: PathId) -> Any:
    """Send a message again under its key; one that waits is tried now."""
    visit = visit_of(request)
    services.send_again(webhook_id=webhook_id, delivery_id=delivery_id, actor=visit.actor, at=visit.at)
    return _delivery(visit, webhook_id, delivery_id)


def _webhook(visit: Visit, webhook_id: int) -> dict[str, Any]:
    return webhook_shown(queries.webhook_of(visit.actor, webhook_id=webhook_id))


def _delivery(visit: Visit, webhook_id: int, delivery_id: int) -> dict[str, Any]:
    return delivery_shown(queries.delivery_of(visit.actor, webhook_id=webhook_id, delivery_id=delivery_id))
