"""Web forms on the company's site."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.channels import queries, services
from careloop.domains.channels.errors import MayNotKeepMailboxes, WebFormNotFound
from careloop.domains.channels.types import WebFormRow
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.rules import may_read_settings
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.mailboxes import WebFormChange, WebFormGiven, WebFormList, WebFormShown
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/web-forms", Scope.SETTINGS_READ, WebFormList)
def list_web_forms(request: HttpRequest) -> Any:
    """List the web forms by name."""
    _check_reader(request)
    return {"items": queries.web_forms()}


@room.opens("POST", "/web-forms", Scope.SETTINGS_WRITE, WebFormShown, status=201)
def create_web_form(request: HttpRequest, given: WebFormGiven) -> Any:
    """Make a web form."""
    visit = visit_of(request)
    form_id = services.add_web_form(
        key=given.key,
        name=given.name,
        language=given.language,
        team_id=given.team_id,
        mailbox_id=given.mailbox_id,
        allowed_origins=given.allowed_origins,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, _form(form_id))


@room.opens("GET", "/web-forms/{form_id}", Scope.SETTINGS_READ, WebFormShown)
def get_web_form(request: HttpRequest, form_id: PathId) -> Any:
    """Get one web form."""
    _check_reader(request)
    return _form(form_id)


@room.opens("PUT", "/web-forms/{form_id}", Scope.SETTINGS_WRITE, WebFormShown)
def change_web_form(request: HttpRequest, form_id: PathId, given: WebFormChange) -> Any:
    """Change a web form."""
    visit = visit_of(request)
    services.change_web_form(
        form_id=form_id,
        name=given.name,
        language=given.language,
        team_id=given.team_id,
        mailbox_id=given.mailbox_id,
        allowed_origins=given.allowed_origins,
        is_active=given.is_active,
        actor=visit.actor,
        at=visit.at,
    )
    return _form(form_id)


def _check_reader(request: HttpRequest) -> None:
    if not may_read_settings(visit_of(request).actor):
        raise MayNotKeepMailboxes(_("Owners and managers look after mailboxes and forms. Ask one of them."))


def _form(form_id: int) -> WebFormRow:
    for row in queries.web_forms():
        if row.id == form_id:
            return row
    raise WebFormNotFound(_("There is no such form."))
