"""The word that is given to a customer in a case: to come back by a time."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.commitments import services
from careloop.domains.commitments.states import NotReached, Reason, Way
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.common import Made, PathId
from careloop.faces.api.shapes.promises import CallbackAttemptGiven, CallbackGiven, CancellationGiven, MoveGiven
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("POST", "/cases/{number}/callback", Scope.CASES_WRITE, Made, status=201)
def promise_callback(request: HttpRequest, number: PathId, given: CallbackGiven) -> Any:
    """Promise the customer of a case to come back by a time, within opening hours or outside; one at a time."""
    visit = visit_of(request)
    made = services.promise_callback(
        case_id=case_id_of(request, number),
        due_at=given.due_at,
        way=Way(given.way),
        note=given.note,
        from_at=given.from_at,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, {"id": made})


@room.opens("POST", "/cases/{number}/callback/move", Scope.CASES_WRITE, None, status=204)
def move_callback(request: HttpRequest, number: PathId, given: MoveGiven) -> Any:
    """Promise it for another time, before the first one is over."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    services.move_callback(
        case_id=case_id,
        due_at=given.due_at,
        reason=Reason(given.reason),
        from_at=given.from_at,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(204, None)


@room.opens("POST", "/cases/{number}/callback/attempt", Scope.CASES_WRITE, None, status=204)
def try_callback(request: HttpRequest, number: PathId, given: CallbackAttemptGiven) -> Any:
    """Say that you called and did not reach the customer. Calls made from Careloop about the case say so by themselves."""
    visit = visit_of(request)
    services.try_callback(
        case_id=case_id_of(request, number),
        outcome=NotReached(given.outcome),
        ring_s=given.ring_seconds,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(204, None)


@room.opens("POST", "/cases/{number}/callback/completion", Scope.CASES_WRITE, None, status=204)
def finish_callback(request: HttpRequest, number: PathId) -> Any:
    """Say that you came back to the customer. An answer does so by itself where it was promised to write."""
    visit = visit_of(request)
    services.finish_callback(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/cases/{number}/callback/cancellation", Scope.CASES_WRITE, None, status=204)
def cancel_callback(request: HttpRequest, number: PathId, given: CancellationGiven) -> Any:
    """Take it back; one whose time is over stays missed."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    services.cancel_callback(case_id=case_id, reason=Reason(given.reason), actor=visit.actor, at=visit.at)
    return Status(204, None)
