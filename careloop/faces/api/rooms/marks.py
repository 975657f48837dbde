"""What cases are about, and where they stand."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.cases import services as cases
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of, detail_of, shown
from careloop.faces.api.shapes.cases import (
    CaseDetailShown,
    PriorityGiven,
    ReasonGiven,
    StatusGiven,
    SubjectGiven,
    TagsGiven,
    TypeGiven,
)
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.visits import visit_of
from careloop.processes import hands
from careloop.processes.hands import change_status, close

__all__ = ["room"]

room = Room()


@room.opens("POST", "/cases/{number}/status", Scope.CASES_WRITE, CaseDetailShown)
def set_status(request: HttpRequest, number: PathId, given: StatusGiven) -> Any:
    """Give a case another status."""
    visit = visit_of(request)
    change_status(
        case_id=case_id_of(request, number),
        status_id=given.status_id,
        revision=given.revision,
        actor=visit.actor,
        at=visit.at,
    )
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/closing", Scope.CASES_WRITE, CaseDetailShown)
def close_case(request: HttpRequest, number: PathId) -> Any:
    """Close a case for good."""
    visit = visit_of(request)
    close(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/reopening", Scope.CASES_WRITE, CaseDetailShown)
def reopen_case(request: HttpRequest, number: PathId) -> Any:
    """Take a solved or closed case up again."""
    visit = visit_of(request)
    cases.reopen(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/priority", Scope.CASES_WRITE, CaseDetailShown)
def set_priority(request: HttpRequest, number: PathId, given: PriorityGiven) -> Any:
    """Give a case another priority."""
    visit = visit_of(request)
    cases.prioritize(
        case_id=case_id_of(request, number),
        priority=given.priority,
        revision=given.revision,
        actor=visit.actor,
        at=visit.at,
    )
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/type", Scope.CASES_WRITE, CaseDetailShown)
def set_type(request: HttpRequest, number: PathId, given: TypeGiven) -> Any:
    """Say what kind of matter it is."""
    visit = visit_of(request)
    cases.set_type(
        case_id=case_id_of(request, number),
        type_id=given.type_id,
        revision=given.revision,
        actor=visit.actor,
        at=visit.at,
    )
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/reason", Scope.CASES_WRITE, CaseDetailShown)
def set_reason(request: HttpRequest, number: PathId, given: ReasonGiven) -> Any:
    """Say why the customer came."""
    visit = visit_of(request)
    cases.set_reason(
        case_id=case_id_of(request, number),
        reason_id=given.reason_id,
        revision=given.revision,
        actor=visit.actor,
        at=visit.at,
    )
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/subject", Scope.CASES_WRITE, CaseDetailShown)
def set_subject(request: HttpRequest, number: PathId, given: SubjectGiven) -> Any:
    """Give a case a better subject."""
    visit = visit_of(request)
    detail = detail_of(request, number)
    cases.rename(
        case_id=detail.row.id,
        subject_line=given.subject,
        requester_name=detail.row.requester,
        revision=given.revision,
        actor=visit.actor,
        at=visit.at,
    )
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/tags", Scope.CASES_WRITE, CaseDetailShown)
def tag_case(request: HttpRequest, number: PathId, given: TagsGiven) -> Any:
    """Put tags on a case and take others off."""
    visit = visit_of(request)
    cases.tag(case_id=case_id_of(request, number), add=given.add, remove=given.remove, actor=visit.actor, at=visit.at)
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/spam", Scope.CASES_WRITE, CaseDetailShown)
def mark_spam(request: HttpRequest, number: PathId) -> Any:
    """Put a case among the spam: out of every list and number."""
    visit = visit_of(request)
    hands.mark_spam(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return shown(detail_of(request, number))


@room.opens("DELETE", "/cases/{number}/spam", Scope.CASES_WRITE, None, status=204)
def unmark_spam(request: HttpRequest, number: PathId) -> Any:
    """Take a case out of the spam."""
    visit = visit_of(request)
    cases.unmark_spam(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return Status(204, None)
