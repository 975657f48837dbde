"""What protects people from customers who abuse them."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.domains.supervision.queries import abuse_in
from careloop.domains.supervision.states import AbuseKind
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.protection import AbuseGiven, AbuseList, AbuseShown, RestGiven, abuse_shown
from careloop.faces.api.visits import visit_of
from careloop.processes import protecting

__all__ = ["room"]

room = Room()


@room.opens("GET", "/cases/{number}/abuse", Scope.CASES_READ, AbuseList)
def list_abuse(request: HttpRequest, number: PathId) -> Any:
    """List what was written down about abuse in a case, the newest first; empty for those who neither serve customers nor judge."""
    case_id = case_id_of(request, number)
    return {"items": [abuse_shown(row) for row in abuse_in(visit_of(request).actor, case_id=case_id)]}


@room.opens("POST", "/cases/{number}/abuse", Scope.CASES_WRITE, AbuseShown, status=201, also=[Scope.CASES_READ])
def note_abuse(request: HttpRequest, number: PathId, given: AbuseGiven) -> Any:
    """Write down that the customer abused one; noted again, it stands once."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    abuse_id = protecting.note_abuse(case_id=case_id, kind=AbuseKind(given.kind), actor=visit.actor, at=visit.at)
    return Status(201, _one(request, case_id, abuse_id))


@room.opens("POST", "/cases/{number}/abuse-warning", Scope.CASES_WRITE, AbuseShown, status=201, also=[Scope.CASES_READ])
def warn_customer(request: HttpRequest, number: PathId, given: AbuseGiven) -> Any:
    """Warn the customer in their language, once in a contact, and write it down."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    abuse_id = protecting.warn(case_id=case_id, kind=AbuseKind(given.kind), actor=visit.actor, at=visit.at)
    return Status(201, _one(request, case_id, abuse_id))


@room.opens("POST", "/cases/{number}/abuse-ending", Scope.CASES_WRITE, AbuseShown, status=201, also=[Scope.CASES_READ])
def end_abusive_contact(request: HttpRequest, number: PathId, given: AbuseGiven) -> Any:
    """End the contact after a warning, or at once after threats or sexual harassment; the case is nobody's then."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    abuse_id = protecting.end_contact(case_id=case_id, kind=AbuseKind(given.kind), actor=visit.actor, at=visit.at)
    return Status(201, _one(request, case_id, abuse_id))


@room.opens("POST", "/abuse/{abuse_id}/rest", Scope.CASES_WRITE, None, status=204)
def rest_after_abuse(request: HttpRequest, abuse_id: PathId, given: RestGiven) -> Any:
    """Rest after an abusive contact, or let a colleague rest as who leads; nothing is offered until it is over."""
    visit = visit_of(request)
    protecting.give_rest(abuse_id=abuse_id, minutes=given.minutes, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _one(request: HttpRequest, case_id: int, abuse_id: int) -> dict[str, Any]:
    rows = abuse_in(visit_of(request).actor, case_id=case_id)
    return next(abuse_shown(row) for row in rows if row.id == abuse_id)
