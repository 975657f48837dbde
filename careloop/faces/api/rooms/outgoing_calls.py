"""Calls of ours. These endpoints ask telephone systems, so they open their scopes themselves (`door.outward_door`)."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.calls import CalleeGiven
from careloop.faces.api.shapes.common import Made, PathId
from careloop.faces.api.visits import visit_of
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import call_back, call_customer

__all__ = ["room"]

room = Room()


@room.opens("POST", "/outgoing-calls", Scope.CASES_WRITE, Made, status=201)
def place_call(request: HttpRequest, given: CalleeGiven) -> Any:
    """Ring the phone of the token's maker and, once they pick it up, call the customer."""
    visit, case_id = visit_of(request), None
    if given.case_number is not None:
        with workspace_scope(visit.workspace.id):
            case_id = case_id_of(request, given.case_number)
    made = call_customer(
        workspace_id=visit.workspace.id,
        customer_id=given.customer_id,
        number=given.number,
        case_id=case_id,
        actor=visit.actor,
    )
    return Status(201, {"id": made})


@room.opens("POST", "/calls/{call_id}/return-call", Scope.CASES_WRITE, Made, status=201)
def return_call(request: HttpRequest, call_id: PathId) -> Any:
    """Call back whoever called, from the phone of the token's maker."""
    visit = visit_of(request)
    made = call_back(workspace_id=visit.workspace.id, call_id=call_id, actor=visit.actor)
    return Status(201, {"id": made})
