"""Tell other systems: a message is made with the act it tells of, and goes out after commit (docs/reasons/automation.md)."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from careloop.domains.automation.types import run_of
from careloop.domains.cases.queries import cases_by_id
from careloop.domains.webhooks import services as webhooks
from careloop.domains.webhooks.queries import webhook_behind
from careloop.domains.webhooks.services.keeping import refuse_unless_keeper
from careloop.domains.webhooks.signing import headers_of
from careloop.domains.webhooks.states import Trouble, is_taken
from careloop.gateways.asking import Answer, ask
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.acts import act
from careloop.kernel.events import Event, Recorded, events_by_id
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.processes.workspace import workspace_facts

__all__ = ["POSTING", "ring_webhook", "send_test", "send_webhook", "tell_of_case"]

POSTING = Actor(kind=ActorKind.HOUSE, name="webhooks")
_ENVELOPE = frozenset(field.name for field in fields(Event))


@act
def tell_of_case(*, webhook_id: int, case_id: int, event_id: int, actor: Actor, at: datetime) -> int:
    """Let another system be told of a case as it is now, and return the message.

    event_id: what a rule runs on; a macro is somebody's own wish, so its message tells of no event. at: when it happened.

    Raises WebhookGone.
    """
    run = run_of(str(actor))
    found = events_by_id([event_id]).get(event_id) if run else None
    kind = found.name if found else "macro.applied"
    data = {
        "workspace": workspace_facts().key,
        "event": _event(found) if found else None,
        "rule": {"id": run[0], "run_id": run[1]} if run else None,
        "person_id": actor.user_id,
        "case": _case(case_id),
    }
    body = _body(kind, data, at)
    return webhooks.queue_message(
        webhook_id=webhook_id, kind=kind, body=body, case_id=case_id, actor=actor, at=at, now=clock.now()
    )


@act
def send_test(*, webhook_id: int, actor: Actor, at: datetime) -> int:
    """Let another system be told that this is a test, and return the message. Raises MayNotKeepWebhooks, WebhookGone."""
    refuse_unless_keeper(actor)
    kind = "webhook.tested"
    body = _body(kind, {"workspace": workspace_facts().key, "person_id": actor.user_id}, at)
    return webhooks.queue_message(webhook_id=webhook_id, kind=kind, body=body, case_id=None, actor=actor, at=at, now=at)


def ring_webhook(delivery_id: int, at: datetime) -> None:
    """Hand a message whose time has come to a worker; called by its timer.

    The messages of one webhook go one after another, so that a system that hangs holds one worker and no more.
    """
    webhook_id = webhook_behind(delivery_id)
    if webhook_id is not None:
        app.configure_task("send_webhook", lock=f"webhook {webhook_id}").defer(
            workspace_id=current_workspace(), delivery_id=delivery_id
        )


def send_webhook(*, workspace_id: int, delivery_id: int) -> None:
    """Try a message once. Opens its own scopes, because the wire lies between two transactions."""
    with workspace_scope(workspace_id):
        may_send = workspace_facts().may_send
        outgoing = webhooks.begin_attempt(
            delivery_id=delivery_id, may_send=may_send, actor=POSTING, at=(begun := clock.now())
        )
    if outgoing is None:
        return
    headers = headers_of(key=outgoing.key, body=outgoing.body, secrets=outgoing.secrets, at=begun)
    body, trusts = outgoing.body.encode(), settings.ALLOW_PRIVATE_WEBHOOKS
    answer = ask("POST", outgoing.url, headers=headers, body=body, trusts=trusts)
    with workspace_scope(workspace_id):
        webhooks.end_attempt(
            outgoing=outgoing,
            code=answer.code,
            trouble=_trouble(answer),
            took_ms=answer.took_ms,
            actor=POSTING,
            at=clock.now(),
        )


def _trouble(answer: Answer) -> Trouble:
    if answer.code is None:
        return Trouble(answer.problem or Trouble.NO_ANSWER)
    if is_taken(answer.code):
        return Trouble.NONE
    return Trouble.REDIRECT if 300 <= answer.code < 400 else Trouble.REFUSED


def _body(kind: str, data: dict[str, Any], at: datetime) -> str:
    return json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False, default=_written)


def _event(found: Recorded) -> dict[str, Any]:
    said = {field.name: getattr(found.event, field.name) for field in fields(found.event)}
    return {
        "id": found.id,
        "name": found.name,
        "subject": found.event.subject,
        "actor": found.event.actor,
        "at": found.event.at,
        "data": {name: value for name, value in said.items() if name not in _ENVELOPE},
    }


def _case(case_id: int) -> dict[str, Any] | None:
    row = cases_by_id([case_id], viewer=HOUSE).get(case_id)
    if row is None:
        return None
    address = f"{settings.PUBLIC_URL}/w/{workspace_facts().key}/cases/{row.number}"
    return {**asdict(row), "url": address}


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"A message carries ids, numbers, words and times, not {type(value).__name__}.")
