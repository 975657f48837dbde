"""Pages where owners and managers connect other systems, see what was sent to them, and send it again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.automation.states import EVENTS
from careloop.domains.cases.queries import cases_by_id
from careloop.domains.cases.types import CaseRow
from careloop.domains.webhooks import queries, rules, services
from careloop.domains.webhooks.errors import MayNotKeepWebhooks
from careloop.domains.webhooks.states import DeliveryState, Trouble
from careloop.domains.webhooks.types import AttemptRow, DeliveryRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.saving import saved_or_shown
from careloop.faces.web.webhooks.forms import WebhookForm
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.processes.webhooks import send_test

__all__ = [
    "delivery_page",
    "delivery_resending",
    "webhook_list",
    "webhook_new",
    "webhook_page",
    "webhook_pause",
    "webhook_resumption",
    "webhook_retirement",
    "webhook_secret",
    "webhook_settings",
    "webhook_test",
]

METHODS: Final = ["GET", "HEAD", "POST"]
PAGE: Final = 50
KINDS: Final = {
    "macro.applied": gettext_lazy("A macro was applied"),
    "webhook.tested": gettext_lazy("A test"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryShown:
    """A message in the log. kind: what it tells. problem: why its last try did not deliver. body: laid out for reading."""

    row: DeliveryRow
    kind: str
    case: CaseRow | None
    problem: str
    body: str = ""


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """List the webhooks and how they fare."""
    _refuse_unless_keeper(request)
    return render(request, "webhooks/webhooks.html", {"rows": queries.webhooks_of(actor_of(request))})


@require_http_methods(METHODS)
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Ask for everything that a webhook needs."""
    return _form(request, None)


@require_http_methods(METHODS)
def webhook_settings(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Show and change a webhook's name and address."""
    return _form(request, webhook_id)


@require_safe
def webhook_page(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Show a webhook, its secret, and what was sent to it, the newest first."""
    _refuse_unless_keeper(request)
    viewer, state, cursor = actor_of(request), request.GET.get("state", ""), request.GET.get("cursor", "")
    page = queries.deliveries_of(
        viewer,
        webhook_id=webhook_id,
        state=DeliveryState(state) if state in DeliveryState.values else None,
        before_id=int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None,
        limit=PAGE,
    )
    kept = f"state={state}&" if state in DeliveryState.values else ""
    context = {
        "row": queries.webhook_of(viewer, webhook_id=webhook_id),
        "secret": queries.webhook_secret(viewer, webhook_id=webhook_id),
        "deliveries": _shown(page.items, viewer),
        "states": DeliveryState.choices,
        "state": state,
        "older": f"?{kept}cursor={page.next_cursor}" if page.next_cursor else "",
        "newest": f"?{kept}" if cursor else "",
        "now": clock.now(),
    }
    return render(request, "webhooks/webhook.html", context)


@require_POST
def webhook_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Give a webhook another secret."""
    services.renew_secret(webhook_id=webhook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("There is a new secret. The one before signs as well for 24 hours."))
    return _back(request, webhook_id)


@require_POST
def webhook_test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send a test."""
    send_test(webhook_id=webhook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("A test is on its way. Reload the page to see what was answered."))
    return _back(request, webhook_id)


@require_POST
def webhook_pause(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send nothing more until it is resumed."""
    services.pause_webhook(webhook_id=webhook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The webhook is paused. What waits fails now and can be sent again later."))
    return _back(request, webhook_id)


@require_POST
def webhook_resumption(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send again what happens from now on."""
    services.resume_webhook(webhook_id=webhook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The webhook is told again what happens from now on."))
    return _back(request, webhook_id)


@require_POST
def webhook_retirement(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Take a webhook out of use."""
    services.retire_webhook(webhook_id=webhook_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The webhook is out of use."))
    return redirect("admin_webhooks", workspace=workspace_of(request).key)


@require_safe
def delivery_page(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Show a message as it is sent, and every try of it."""
    _refuse_unless_keeper(request)
    viewer = actor_of(request)
    found = queries.delivery_of(viewer, webhook_id=webhook_id, delivery_id=delivery_id)
    (shown,) = _shown([found], viewer)
    context = {
        "row": queries.webhook_of(viewer, webhook_id=webhook_id),
        "one": shown,
        "body": json.dumps(json.loads(found.body), indent=2, ensure_ascii=False),
        "attempts": [(one, _problem(one)) for one in found.attempts],
    }
    return render(request, "webhooks/delivery.html", context)


@require_POST
def delivery_resending(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Send a message again."""
    services.send_again(webhook_id=webhook_id, delivery_id=delivery_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The message is on its way again. Reload the page to see what was answered."))
    key = workspace_of(request).key
    return redirect("admin_webhook_delivery", workspace=key, webhook_id=webhook_id, delivery_id=delivery_id)


def _form(request: HttpRequest, webhook_id: int | None) -> HttpResponse:
    _refuse_unless_keeper(request)
    actor = actor_of(request)
    row = None if webhook_id is None else queries.webhook_of(actor, webhook_id=webhook_id)
    form = WebhookForm(request.POST or None, initial={"name": row.name, "url": row.url} if row else {})

    def save() -> HttpResponse:
        kept = _keep(webhook_id, form, actor)
        messages.success(request, _("Saved. Give the secret to the other system, and send a test."))
        return _back(request, kept)

    return saved_or_shown(request, form, "webhooks/settings.html", {"row": row}, save=save)


def _keep(webhook_id: int | None, form: WebhookForm, actor: Actor) -> int:
    name, url = form.cleaned_data["name"], form.cleaned_data["url"]
    may, at = settings.ALLOW_PRIVATE_WEBHOOKS, clock.now()
    if webhook_id is None:
        return services.add_webhook(name=name, url=url, may_reach_inside=may, actor=actor, at=at)
    services.change_webhook(webhook_id=webhook_id, name=name, url=url, may_reach_inside=may, actor=actor, at=at)
    return webhook_id


def _shown(rows: Sequence[DeliveryRow], viewer: Actor) -> list[DeliveryShown]:
    cases = cases_by_id({row.case_id for row in rows if row.case_id is not None}, viewer=viewer)
    return [
        DeliveryShown(
            row=row,
            kind=_kind(row.kind),
            case=cases.get(row.case_id) if row.case_id is not None else None,
            problem=_problem(row),
        )
        for row in rows
    ]


def _kind(kind: str) -> str:
    return str(EVENTS[kind].label if kind in EVENTS else KINDS.get(kind, kind))


def _problem(row: DeliveryRow | AttemptRow) -> str:
    """Say why a try did not deliver; a code says more than that it was refused."""
    if row.trouble is Trouble.NONE:
        return ""
    return str(row.trouble.label)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_webhooks(actor_of(request)):
        raise MayNotKeepWebhooks(_("Owners and managers connect other systems. Ask one of them."))


def _back(request: HttpRequest, webhook_id: int) -> HttpResponse:
    return redirect("admin_webhook", workspace=workspace_of(request).key, webhook_id=webhook_id)
