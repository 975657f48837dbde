"""Calls: who calls, what it belongs to, and what was said."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Status

from careloop.domains.calls import queries, services
from careloop.domains.commitments.queries import clocks_of_call
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.calls import (
    CallAsked,
    CallAttachmentGiven,
    CallbackBooked,
    CallbackWindowShown,
    CallCallerGiven,
    CallPage,
    CallRecordingPlace,
    CallRecordingShown,
    CallShown,
    CallsNow,
    CallTransferList,
    CallTransferTargets,
    CallWriteUpGiven,
)
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.promises import PromiseList, promise_shown
from careloop.faces.api.visits import visit_of
from careloop.processes.calling import attach, book_callback, callback_window, transfer_targets, write_up

__all__ = ["room"]

room = Room()


@room.opens("GET", "/calls", Scope.CASES_READ, CallPage)
def list_calls(request: HttpRequest, asked: Query[CallAsked]) -> Any:
    """List the calls that are over, the newest first: agents those of their teams and those that nobody answered."""
    return queries.calls(viewer=visit_of(request).actor, is_own=asked.mine, cursor=asked.cursor, limit=asked.limit)


@room.opens("GET", "/live-calls", Scope.CASES_READ, CallsNow)
def list_live_calls(request: HttpRequest) -> Any:
    """List the calls that go on, the oldest first, at most 200."""
    return {"items": queries.calls_now(viewer=visit_of(request).actor)}


@room.opens("GET", "/calls/{call_id}", Scope.CASES_READ, CallShown)
def get_call(request: HttpRequest, call_id: PathId) -> Any:
    """Get one call."""
    return queries.call_seen_by(visit_of(request).actor, call_id=call_id)


@room.opens("GET", "/calls/{call_id}/promises", Scope.CASES_READ, PromiseList)
def list_promises_of_call(request: HttpRequest, call_id: PathId) -> Any:
    """List what was promised to a caller each time they came into a queue, oldest first, and what each clock did up to now."""
    visit = visit_of(request)
    queries.call_seen_by(visit.actor, call_id=call_id)
    clocks = clocks_of_call(call_id, viewer=visit.actor, at=visit.at)
    return {"items": [promise_shown(clock, visit.at) for clock in clocks]}


@room.opens("GET", "/calls/{call_id}/recording", Scope.CASES_READ, CallRecordingShown)
def get_call_recording(request: HttpRequest, call_id: PathId) -> Any:
    """Get what is known of the recording of a call: consent, and what was left out."""
    return queries.recording_of(call_id=call_id, viewer=visit_of(request).actor)


@room.opens("POST", "/calls/{call_id}/recording-opening", Scope.CASES_READ, CallRecordingPlace)
def open_call_recording(request: HttpRequest, call_id: PathId) -> Any:
    """Get where the recording of a call is heard. For those who lead, manage or judge calls; the log says that you asked."""
    visit = visit_of(request)
    return {"url": services.open_recording(call_id=call_id, actor=visit.actor, at=visit.at)}


@room.opens("GET", "/calls/{call_id}/callback-window", Scope.CASES_READ, CallbackWindowShown)
def get_callback_window(request: HttpRequest, call_id: PathId) -> Any:
    """Get when whoever called could be called back, by how long the last callbacks waited; nothing is promised by asking."""
    visit = visit_of(request)
    queries.call_seen_by(visit.actor, call_id=call_id)
    return callback_window(at=visit.at)


@room.opens("POST", "/calls/{call_id}/callback-booking", Scope.CASES_WRITE, CallbackBooked, status=201)
def book_callback_of_call(request: HttpRequest, call_id: PathId) -> Any:
    """Promise whoever called a callback within the window, in the case of the call or in a new one; it waits in the queue."""
    visit = visit_of(request)
    return Status(201, book_callback(call_id=call_id, actor=visit.actor, at=visit.at))


@room.opens("GET", "/calls/{call_id}/transfers", Scope.CASES_READ, CallTransferList)
def list_call_transfers(request: HttpRequest, call_id: PathId) -> Any:
    """List to whom a call was passed on and what came of it, the newest first."""
    return {"items": queries.transfers_of(call_id=call_id, viewer=visit_of(request).actor)}


@room.opens(
    "GET", "/calls/{call_id}/transfer-targets", Scope.CASES_READ, CallTransferTargets, also=(Scope.PEOPLE_READ,)
)
def list_call_transfer_targets(request: HttpRequest, call_id: PathId) -> Any:
    """List the colleagues and queues that a call can be passed on to, whoever is free first."""
    viewer = visit_of(request).actor
    return transfer_targets(queries.call_seen_by(viewer, call_id=call_id), viewer=viewer)


@room.opens("PUT", "/customers/{customer_id}/no-calls", Scope.CUSTOMERS_WRITE, None, status=204)
def decline_calls(request: HttpRequest, customer_id: PathId) -> Any:
    """Note that a customer does not want to be called."""
    visit = visit_of(request)
    services.decline_calls(customer_id=customer_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("DELETE", "/customers/{customer_id}/no-calls", Scope.CUSTOMERS_WRITE, None, status=204)
def accept_calls(request: HttpRequest, customer_id: PathId) -> Any:
    """Note that a customer may be called again."""
    visit = visit_of(request)
    services.accept_calls(customer_id=customer_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/caller", Scope.CASES_WRITE, None, status=204)
def name_caller(request: HttpRequest, call_id: PathId, given: CallCallerGiven) -> Any:
    """Say which customer called."""
    visit = visit_of(request)
    services.identify_caller(call_id=call_id, customer_id=given.customer_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/attachment", Scope.CASES_WRITE, None, status=204)
def attach_call(request: HttpRequest, call_id: PathId, given: CallAttachmentGiven) -> Any:
    """Say which case a call belongs to. A caller who was not known is its customer from then on."""
    visit = visit_of(request)
    queries.call_seen_by(visit.actor, call_id=call_id)
    attach(call_id=call_id, case_id=case_id_of(request, given.case_number), actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/calls/{call_id}/write-up", Scope.CASES_WRITE, None, status=204)
def write_up_call(request: HttpRequest, call_id: PathId, given: CallWriteUpGiven) -> Any:
    """Note what a call was about, once it is over. The note stands in its case; the agent is free again."""
    visit = visit_of(request)
    write_up(call_id=call_id, reason_id=given.reason_id, note=given.note, actor=visit.actor, at=visit.at)
    return Status(204, None)
