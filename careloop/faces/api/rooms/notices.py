"""One's own notices."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Status

from careloop.domains.notifications import queries, services
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.settings import NoticePage
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/notices", Scope.CASES_READ, NoticePage)
def list_notices(request: HttpRequest, asked: Query[PageAsked]) -> Any:
    """List one's notices, the newest first."""
    viewer = visit_of(request).actor
    page = queries.notices_of(viewer=viewer, cursor=asked.cursor, limit=asked.limit)
    return {
        "items": page.items,
        "next_cursor": page.next_cursor,
        "unread_count": queries.unread_count(viewer=viewer),
    }


@room.opens("POST", "/notices/reading", Scope.CASES_WRITE, None, status=204)
def read_notices(request: HttpRequest) -> Any:
    """Have read all notices."""
    visit = visit_of(request)
    services.mark_all_read(actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/cases/{number}/reading", Scope.CASES_WRITE, None, status=204)
def read_case(request: HttpRequest, number: PathId) -> Any:
    """Have read all notices about a case."""
    visit = visit_of(request)
    services.mark_case_read(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return Status(204, None)
