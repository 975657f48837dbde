"""Calls of ours. These endpoints ask telephone systems, so they open their scopes themselves (`door.outward_door`)."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.calls import (
    CalleeGiven,
    CallInterventionGiven,
    CallRecordingConsentGiven,
    CallTransferGiven,
)
from careloop.faces.api.shapes.common import Made, PathId
from careloop.faces.api.visits import visit_of
from careloop.gateways.telephony import Side
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import (
    call_back,
    call_customer,
    end_call,
    go_into_call,
    pause_recording,
    resume_recording,
    say_consent,
    transfer_call,
)

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


@room.opens("POST", "/calls/{call_id}/intervention", Scope.CASES_WRITE, None, status=204)
def intervene(request: HttpRequest, call_id: PathId, given: CallInterventionGiven) -> Any:
    """Ring the phone of the token's maker and, once they pick it up, let them into a call. For those who lead or manage."""
    visit = visit_of(request)
    go_into_call(workspace_id=visit.workspace.id, call_id=call_id, how=Side(given.how), actor=visit.actor)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/ending", Scope.CASES_WRITE, None, status=204)
def end_call_at_once(request: HttpRequest, call_id: PathId) -> Any:
    """Hang up on both sides of a call that the token's maker talks in; those who lead end any."""
    visit = visit_of(request)
    end_call(workspace_id=visit.workspace.id, call_id=call_id, actor=visit.actor)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/transfer", Scope.CASES_WRITE, None, status=204, also=(Scope.PEOPLE_READ,))
def transfer_call_on(request: HttpRequest, call_id: PathId, given: CallTransferGiven) -> Any:
    """Pass on a call that the token's maker talks in, to a colleague or to a queue. What comes of it stands under `/transfers`."""
    visit = visit_of(request)
    transfer_call(
        workspace_id=visit.workspace.id,
        call_id=call_id,
        receiver_id=given.receiver_id,
        queue=given.queue,
        is_announced=given.is_announced,
        note=given.note,
        actor=visit.actor,
    )
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/recording-consent", Scope.CASES_WRITE, None, status=204)
def note_recording_consent(request: HttpRequest, call_id: PathId, given: CallRecordingConsentGiven) -> Any:
    """Note whether the caller agrees to be recorded. A refusal ends the recording where the telephone system lets us."""
    visit = visit_of(request)
    say_consent(workspace_id=visit.workspace.id, call_id=call_id, consent=given.consent, actor=visit.actor)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/recording-pause", Scope.CASES_WRITE, None, status=204)
def pause_call_recording(request: HttpRequest, call_id: PathId) -> Any:
    """Leave out of the recording what is said from now on, such as the number of a card."""
    visit = visit_of(request)
    pause_recording(workspace_id=visit.workspace.id, call_id=call_id, actor=visit.actor)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/recording-resumption", Scope.CASES_WRITE, None, status=204)
def resume_call_recording(request: HttpRequest, call_id: PathId) -> Any:
    """Record again what is said. Resuming what another paused stands in the log and on their card."""
    visit = visit_of(request)
    resume_recording(workspace_id=visit.workspace.id, call_id=call_id, actor=visit.actor)
    return Status(204, None)
