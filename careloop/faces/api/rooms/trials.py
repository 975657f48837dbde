"""Mailboxes on trial. These endpoints call mail servers, so they open their scopes themselves (`door.outward_door`)."""

from typing import Any

from django.http import HttpRequest

from careloop.domains.channels.reasons import quarantine_reason, trouble
from careloop.domains.people.queries import own_account
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.mailboxes import CheckShown, RehearsalShown, TestMailShown
from careloop.faces.api.visits import visit_of
from careloop.processes.mailbox_trial import Finding, RehearsedMail, check_connection, rehearse, send_test_mail

__all__ = ["room"]

room = Room()


@room.opens("POST", "/mailboxes/{mailbox_id}/checks", Scope.SETTINGS_WRITE, CheckShown)
def check_mailbox(request: HttpRequest, mailbox_id: PathId) -> Any:
    """Sign in at both servers of a mailbox and say how it went; takes up to some tens of seconds."""
    visit = visit_of(request)
    reading, sending = check_connection(workspace_id=visit.workspace.id, mailbox_id=mailbox_id, actor=visit.actor)
    return {"reading": _finding(reading), "sending": _finding(sending)}


@room.opens("POST", "/mailboxes/{mailbox_id}/rehearsals", Scope.SETTINGS_WRITE, RehearsalShown)
def rehearse_mailbox(request: HttpRequest, mailbox_id: PathId) -> Any:
    """Say what the newest mails of a mailbox would become; nothing is taken in, on its server nothing is changed."""
    visit = visit_of(request)
    found = rehearse(workspace_id=visit.workspace.id, mailbox_id=mailbox_id, actor=visit.actor, at=visit.at)
    return {
        "finding": _finding(found.finding),
        "since": found.since,
        "total_count": found.total_count,
        "since_count": found.since_count,
        "unseen_count": found.unseen_count,
        "mails": [_rehearsed(mail) for mail in found.mails],
    }


@room.opens("POST", "/mailboxes/{mailbox_id}/test-mails", Scope.SETTINGS_WRITE, TestMailShown)
def send_test_mail_to_oneself(request: HttpRequest, mailbox_id: PathId) -> Any:
    """Send oneself a mail through a mailbox and say how it went."""
    visit = visit_of(request)
    to = own_account(visit.actor.id).email
    found = send_test_mail(
        workspace_id=visit.workspace.id, mailbox_id=mailbox_id, to=to, actor=visit.actor, at=visit.at
    )
    return {"to": to, "finding": _finding(found)}


def _finding(found: Finding) -> dict[str, str]:
    return {
        "trouble": found.trouble,
        "message": trouble(found.trouble) if found.trouble else "",
        "detail": found.detail,
    }


def _rehearsed(mail: RehearsedMail) -> dict[str, Any]:
    seen = mail.foreseen
    return {
        "byte_count": mail.size_bytes,
        "received_at": mail.received_at,
        "written_at": seen.written_at if seen else None,
        "sender": seen.sender if seen else "",
        "subject": seen.subject if seen else "",
        "fate": seen.fate if seen else None,
        "case_number": mail.case_number,
        "reason": quarantine_reason(seen.reason) if seen and seen.reason else "",
        "warnings": seen.warnings if seen else [],
        "is_bulk": seen is not None and seen.is_bulk,
        "is_spam": seen is not None and seen.is_spam,
        "receipt": seen.receipt if seen else "",
    }
