"""Mail that could not be read, and what a person does with it."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.channels import queries, services
from careloop.domains.channels.types import RawRow
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.files import handed_out
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.mailboxes import QuarantinedShown, QuarantinePage
from careloop.faces.api.visits import visit_of
from careloop.processes.intake import glimpse

__all__ = ["room"]

room = Room()


@room.opens("GET", "/quarantine", Scope.CASES_WRITE, QuarantinePage)
def list_quarantine(request: HttpRequest, asked: Query[PageAsked]) -> Any:
    """List the mails that could not be read, the newest first."""
    return queries.quarantine(viewer=visit_of(request).actor, cursor=asked.cursor, limit=asked.limit).map(_shown)


@room.opens("GET", "/quarantine/{mail_id}", Scope.CASES_WRITE, QuarantinedShown)
def get_mail(request: HttpRequest, mail_id: PathId) -> Any:
    """Get one mail as it arrived, also after it was read again or discarded."""
    return _shown(queries.raw_mail(raw_id=mail_id, viewer=visit_of(request).actor))


@room.opens("GET", "/quarantine/{mail_id}/source", Scope.CASES_WRITE, Any)
def download_mail(request: HttpRequest, mail_id: PathId) -> Any:
    """Download a mail as it arrived, byte by byte."""
    row = queries.raw_mail(raw_id=mail_id, viewer=visit_of(request).actor)
    return handed_out(request, sha256=row.sha256, name=f"mail-{row.id}.eml")


@room.opens("POST", "/quarantine/{mail_id}/retry", Scope.CASES_WRITE, QuarantinedShown)
def retry_mail(request: HttpRequest, mail_id: PathId) -> Any:
    """Have a mail read again, which takes a moment; its state says what came of it."""
    visit = visit_of(request)
    services.retry_raw(raw_id=mail_id, actor=visit.actor, at=visit.at)
    return _shown(queries.raw_mail(raw_id=mail_id, viewer=visit.actor))


@room.opens("POST", "/quarantine/{mail_id}/discarding", Scope.CASES_WRITE, QuarantinedShown)
def discard_mail(request: HttpRequest, mail_id: PathId) -> Any:
    """Put a mail aside that is not for anybody; it can still be read again."""
    visit = visit_of(request)
    services.discard_raw(raw_id=mail_id, reason="by_hand", actor=visit.actor, at=visit.at)
    return _shown(queries.raw_mail(raw_id=mail_id, viewer=visit.actor))


def _shown(row: RawRow) -> dict[str, Any]:
    seen = glimpse(row)
    return {**asdict(row), "sender": seen.sender, "subject": seen.subject}
