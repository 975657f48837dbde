"""How customers reach the workspace: mailboxes, web forms, and mail that could not be read."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.channels import queries, services
from careloop.domains.channels.errors import MayNotKeepMailboxes, WebFormNotFound
from careloop.domains.channels.types import WebFormRow
from careloop.domains.people.types import Scope
from careloop.domains.workspaces.rules import may_read_settings
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.settings import (
    MailboxList,
    MailboxShown,
    QuarantinedShown,
    QuarantinePage,
    WebFormChange,
    WebFormGiven,
    WebFormList,
    WebFormShown,
)
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/mailboxes", Scope.SETTINGS_READ, MailboxList)
def list_mailboxes(request: HttpRequest) -> Any:
    """List the mailboxes without their secrets."""
    _check_reader(request)
    return {"items": queries.mailboxes()}


@room.opens("GET", "/mailboxes/{mailbox_id}", Scope.SETTINGS_READ, MailboxShown)
def get_mailbox(request: HttpRequest, mailbox_id: PathId) -> Any:
    """Get one mailbox without its secrets."""
    _check_reader(request)
    return queries.mailbox(mailbox_id)


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


@room.opens("GET", "/quarantine", Scope.CASES_WRITE, QuarantinePage)
def list_quarantine(request: HttpRequest, asked: Query[PageAsked]) -> Any:
    """List the mails that could not be read, the newest first."""
    return queries.quarantine(viewer=visit_of(request).actor, cursor=asked.cursor, limit=asked.limit)


@room.opens("POST", "/quarantine/{mail_id}/retry", Scope.CASES_WRITE, QuarantinedShown)
def retry_mail(request: HttpRequest, mail_id: PathId) -> Any:
    """Have a mail read again."""
    visit = visit_of(request)
    services.retry_raw(raw_id=mail_id, actor=visit.actor, at=visit.at)
    return queries.raw_mail(raw_id=mail_id, viewer=visit.actor)


@room.opens("POST", "/quarantine/{mail_id}/discarding", Scope.CASES_WRITE, QuarantinedShown)
def discard_mail(request: HttpRequest, mail_id: PathId) -> Any:
    """Put a mail aside that is not for anybody; it can still be read again."""
    visit = visit_of(request)
    services.discard_raw(raw_id=mail_id, reason="by_hand", actor=visit.actor, at=visit.at)
    return queries.raw_mail(raw_id=mail_id, viewer=visit.actor)


def _check_reader(request: HttpRequest) -> None:
    if not may_read_settings(visit_of(request).actor):
        raise MayNotKeepMailboxes(_("Owners and managers look after mailboxes and forms. Ask one of them."))


def _form(form_id: int) -> WebFormRow:
    for row in queries.web_forms():
        if row.id == form_id:
            return row
    raise WebFormNotFound(_("There is no such form."))
