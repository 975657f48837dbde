"""Numbers for text messages: tokens go in and never come out."""

from dataclasses import fields
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.channels import queries, services
from careloop.domains.channels.errors import MailNotFound, MayNotKeepMailboxes
from careloop.domains.channels.reasons import text_reason
from careloop.domains.channels.rules import may_tend_quarantine
from careloop.domains.channels.services import MessengerSettings
from careloop.domains.channels.types import HookRow
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.rules import may_read_settings
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.messengers import (
    HookList,
    MessengerChange,
    MessengerGiven,
    MessengerList,
    MessengerShown,
)
from careloop.faces.api.visits import visit_of
from careloop.gateways.texting import Unusable, read_text

__all__ = ["room"]

room = Room()


@room.opens("GET", "/messengers", Scope.SETTINGS_READ, MessengerList)
def list_messengers(request: HttpRequest) -> Any:
    """List the numbers for text messages and how they fare."""
    _check_reader(request)
    return {"items": queries.messengers()}


@room.opens("POST", "/messengers", Scope.SETTINGS_WRITE, MessengerShown, status=201)
def add_messenger(request: HttpRequest, given: MessengerGiven) -> Any:
    """Add a number for text messages, on trial: what comes waits, and nothing is sent until it is opened."""
    visit = visit_of(request)
    settings = MessengerSettings(**given.model_dump())
    messenger_id = services.add_messenger(settings=settings, actor=visit.actor, at=visit.at)
    return Status(201, queries.messenger(messenger_id))


@room.opens("GET", "/messengers/{messenger_id}", Scope.SETTINGS_READ, MessengerShown)
def get_messenger(request: HttpRequest, messenger_id: PathId) -> Any:
    """Get one number, without its token."""
    _check_reader(request)
    return queries.messenger(messenger_id)


@room.opens("PATCH", "/messengers/{messenger_id}", Scope.SETTINGS_WRITE, MessengerShown)
def change_messenger(request: HttpRequest, messenger_id: PathId, given: MessengerChange) -> Any:
    """Change a number; what is left out stays. Another account needs its token with it."""
    visit, was = visit_of(request), queries.messenger(messenger_id)
    kept = {item.name: getattr(was, item.name) for item in fields(MessengerSettings) if item.name != "token"}
    said = given.model_dump(exclude_unset=True)
    wanted = {name: value for name, value in said.items() if value is not None or name == "team_id"}
    settings = MessengerSettings(**{**kept, **wanted})
    services.change_messenger(messenger_id=messenger_id, settings=settings, actor=visit.actor, at=visit.at)
    return queries.messenger(messenger_id)


@room.opens("POST", "/messengers/{messenger_id}/opening", Scope.SETTINGS_WRITE, MessengerShown)
def open_messenger(request: HttpRequest, messenger_id: PathId) -> Any:
    """Let a number go live; what waited is read."""
    visit = visit_of(request)
    services.open_messenger(messenger_id=messenger_id, actor=visit.actor, at=visit.at)
    return queries.messenger(messenger_id)


@room.opens("POST", "/messengers/{messenger_id}/pause", Scope.SETTINGS_WRITE, MessengerShown)
def pause_messenger(request: HttpRequest, messenger_id: PathId) -> Any:
    """Let a number rest until it is opened again."""
    visit = visit_of(request)
    services.pause_messenger(messenger_id=messenger_id, actor=visit.actor, at=visit.at)
    return queries.messenger(messenger_id)


@room.opens("GET", "/messengers/{messenger_id}/quarantine", Scope.CASES_WRITE, HookList)
def list_unread_texts(request: HttpRequest, messenger_id: PathId) -> Any:
    """List what could not be read of a number, the newest first."""
    return {"items": [_shown(one) for one in _waiting(request, messenger_id)]}


@room.opens("POST", "/messengers/{messenger_id}/quarantine/{hook_id}/retry", Scope.CASES_WRITE, None, status=204)
def retry_text(request: HttpRequest, messenger_id: PathId, hook_id: PathId) -> Any:
    """Have a text message read again that could not be read."""
    visit = visit_of(request)
    _refuse_unless_waits(request, messenger_id, hook_id)
    services.retry_hook(hook_id=hook_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/messengers/{messenger_id}/quarantine/{hook_id}/discarding", Scope.CASES_WRITE, None, status=204)
def discard_text(request: HttpRequest, messenger_id: PathId, hook_id: PathId) -> Any:
    """Put a text message aside that is for nobody."""
    visit = visit_of(request)
    _refuse_unless_waits(request, messenger_id, hook_id)
    services.discard_hook(hook_id=hook_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _waiting(request: HttpRequest, messenger_id: int) -> list[HookRow]:
    actor = visit_of(request).actor
    if not may_tend_quarantine(actor):
        raise MayNotKeepMailboxes(_("Team leads look after the quarantine. Ask one of them."))
    return queries.hooks_in_quarantine(queries.messenger(messenger_id).id, viewer=actor)


def _refuse_unless_waits(request: HttpRequest, messenger_id: int, hook_id: int) -> None:
    if hook_id not in {one.id for one in _waiting(request, messenger_id)}:
        raise MailNotFound(_("There is no such message."))


def _shown(row: HookRow) -> dict[str, Any]:
    try:
        told = read_text(row.body)
        sender, text = told.sender, told.text
    except Unusable:
        sender, text = "", ""
    return {
        "id": row.id,
        "received_at": row.received_at,
        "sender": sender,
        "text": text,
        "reason": row.reason,
        "message": text_reason(row.reason),
    }


def _check_reader(request: HttpRequest) -> None:
    if not may_read_settings(visit_of(request).actor):
        raise MayNotKeepMailboxes(_("Owners and managers connect numbers. Ask one of them."))
