"""Mailboxes: where mail comes from and leaves through. Passwords go in and never come out."""

from dataclasses import fields
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.rules import may_work
from careloop.domains.channels import queries, services
from careloop.domains.channels.errors import MayNotKeepMailboxes
from careloop.domains.channels.services import MailboxSettings
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.rules import may_read_settings
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.mailboxes import (
    MailboxChange,
    MailboxDetailShown,
    MailboxGiven,
    MailboxList,
    OpeningGiven,
    OutboundMailboxList,
)
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()
SECRETS = frozenset({"imap_password", "smtp_password"})


@room.opens("GET", "/mailboxes", Scope.SETTINGS_READ, MailboxList)
def list_mailboxes(request: HttpRequest) -> Any:
    """List the mailboxes and how they fare."""
    _check_reader(request)
    return {"items": queries.mailboxes()}


@room.opens("GET", "/outbound-mailboxes", Scope.CASES_READ, OutboundMailboxList)
def list_outbound_mailboxes(request: HttpRequest) -> Any:
    """List the mailboxes that a first mail to a customer can leave through, by address."""
    if not may_work(visit_of(request).actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
    return {"items": queries.mailboxes()}


@room.opens("POST", "/mailboxes", Scope.SETTINGS_WRITE, MailboxDetailShown, status=201)
def add_mailbox(request: HttpRequest, given: MailboxGiven) -> Any:
    """Add a mailbox, on trial: it takes nothing in until it is opened."""
    visit = visit_of(request)
    settings = MailboxSettings(**given.model_dump())
    mailbox_id = services.add_mailbox(settings=settings, actor=visit.actor, at=visit.at)
    return Status(201, queries.mailbox(mailbox_id))


@room.opens("GET", "/mailboxes/{mailbox_id}", Scope.SETTINGS_READ, MailboxDetailShown)
def get_mailbox(request: HttpRequest, mailbox_id: PathId) -> Any:
    """Get one mailbox with its servers, without their passwords."""
    _check_reader(request)
    return queries.mailbox(mailbox_id)


@room.opens("PATCH", "/mailboxes/{mailbox_id}", Scope.SETTINGS_WRITE, MailboxDetailShown)
def change_mailbox(request: HttpRequest, mailbox_id: PathId, given: MailboxChange) -> Any:
    """Change a mailbox; what is left out stays. A server that is another one needs its password with it."""
    visit, was = visit_of(request), queries.mailbox(mailbox_id)
    kept = {item.name: getattr(was, item.name) for item in fields(MailboxSettings) if item.name not in SECRETS}
    wanted = {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    if "team_id" in given.model_fields_set:
        wanted["team_id"] = given.team_id
    services.change_mailbox(
        mailbox_id=mailbox_id, settings=MailboxSettings(**{**kept, **wanted}), actor=visit.actor, at=visit.at
    )
    return queries.mailbox(mailbox_id)


@room.opens("POST", "/mailboxes/{mailbox_id}/opening", Scope.SETTINGS_WRITE, MailboxDetailShown)
def open_mailbox(request: HttpRequest, mailbox_id: PathId, given: OpeningGiven) -> Any:
    """Let a mailbox take its mail in, from now or from an earlier moment on."""
    visit = visit_of(request)
    since = min(given.since or visit.at, visit.at)
    services.go_live(mailbox_id=mailbox_id, accepts_since=since, actor=visit.actor, at=visit.at)
    return queries.mailbox(mailbox_id)


@room.opens("POST", "/mailboxes/{mailbox_id}/pause", Scope.SETTINGS_WRITE, MailboxDetailShown)
def pause_mailbox(request: HttpRequest, mailbox_id: PathId) -> Any:
    """Read a mailbox no more until it is opened again; its mail stays on the server."""
    visit = visit_of(request)
    services.pause_mailbox(mailbox_id=mailbox_id, actor=visit.actor, at=visit.at)
    return queries.mailbox(mailbox_id)


def _check_reader(request: HttpRequest) -> None:
    if not may_read_settings(visit_of(request).actor):
        raise MayNotKeepMailboxes(_("Owners and managers look after mailboxes and forms. Ask one of them."))
