"""What people say in cases, and whose cases they are."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.cases import queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.people.types import Scope
from careloop.faces.api.histories import position_of
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.messages import message_said
from careloop.faces.api.rooms.seen import case_id_of, detail_of, shown
from careloop.faces.api.shapes.cases import (
    AssignmentGiven,
    CaseDetailShown,
    CustomerWordsGiven,
    FollowerGiven,
    ForwardGiven,
    NoteGiven,
    NotePage,
    NoteShown,
    ParticipantGiven,
    ReplyGiven,
)
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.conversations import MessageShown
from careloop.faces.api.visits import visit_of
from careloop.faces.api.words import words_of
from careloop.kernel.actors import Actor, ActorKind
from careloop.processes import answering
from careloop.processes.hands import assign
from careloop.processes.timeline import visible_file

__all__ = ["room"]

room = Room()


@room.opens("POST", "/cases/{number}/replies", Scope.CASES_WRITE, MessageShown, status=201)
def reply_to_case(request: HttpRequest, number: PathId, given: ReplyGiven) -> Any:
    """Answer in a case; it can be taken back for as long as the workspace's setting says."""
    visit = visit_of(request)
    message_id = answering.reply(
        case_id=case_id_of(request, number),
        words=words_of(given),
        conversation_id=given.conversation_id,
        to=given.to,
        cc=given.cc,
        bcc=given.bcc,
        status_id=given.status_id,
        seen_message_id=given.seen_message_id,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, message_said(message_id))


@room.opens("POST", "/cases/{number}/customer-messages", Scope.CASES_WRITE, MessageShown, status=201)
def add_word_of_customer(request: HttpRequest, number: PathId, given: CustomerWordsGiven) -> Any:
    """Hand in what a customer wrote about their case, such as in an app of yours; a solved case opens again."""
    visit, detail = visit_of(request), detail_of(request, number)
    customer_id = given.customer_id or detail.row.requester_id
    if customer_id not in {detail.row.requester_id, *detail.participant_ids}:
        raise CaseUnclear(_("This customer takes no part in the case. Add them to it first."))
    message_id = answering.add_word_of_customer(
        case_id=detail.row.id,
        words=words_of(given),
        customer=Actor(kind=ActorKind.CUSTOMER, id=customer_id),
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, message_said(message_id))


@room.opens("POST", "/cases/{number}/forwards", Scope.CASES_WRITE, MessageShown, status=201)
def forward_case(request: HttpRequest, number: PathId, given: ForwardGiven) -> Any:
    """Ask a third party about a case; their answer comes back into it, and the customer never sees it."""
    visit = visit_of(request)
    detail = detail_of(request, number)
    for file_id in given.shared_file_ids:
        visible_file(file_id=file_id, viewer=visit.actor)
    message_id = answering.forward(
        case_id=detail.row.id,
        to=given.to,
        cc=given.cc,
        words=words_of(given),
        shared_file_ids=given.shared_file_ids,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, message_said(message_id))


@room.opens("GET", "/cases/{number}/notes", Scope.CASES_READ, NotePage)
def list_notes(request: HttpRequest, number: PathId, asked: Query[PageAsked]) -> Any:
    """List the notes of a case, the newest first; none for those who may not read notes."""
    found = queries.notes_of(
        case_id=case_id_of(request, number),
        viewer=visit_of(request).actor,
        limit=asked.limit + 1,
        before_id=position_of(asked.cursor) if asked.cursor else None,
    )
    newest = found[-asked.limit :]
    return {
        "items": newest[::-1],
        "next_cursor": str(newest[0].id) if len(found) > asked.limit else None,
    }


@room.opens("POST", "/cases/{number}/notes", Scope.CASES_WRITE, NoteShown, status=201)
def add_note(request: HttpRequest, number: PathId, given: NoteGiven) -> Any:
    """Write a note that customers and client viewers never see."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    note_id = answering.note(
        case_id=case_id, words=words_of(given), mentions=given.mentions, actor=visit.actor, at=visit.at
    )
    notes = queries.notes_of(case_id=case_id, viewer=visit.actor)
    return Status(201, next(note for note in notes if note.id == note_id))


@room.opens("POST", "/cases/{number}/assignment", Scope.CASES_WRITE, CaseDetailShown)
def assign_case(request: HttpRequest, number: PathId, given: AssignmentGiven) -> Any:
    """Put a case into somebody's hands."""
    visit = visit_of(request)
    assign(
        case_id=case_id_of(request, number),
        assignee_id=given.assignee_id,
        team_id=given.team_id,
        revision=given.revision,
        actor=visit.actor,
        at=visit.at,
    )
    return shown(detail_of(request, number))


@room.opens("POST", "/cases/{number}/following", Scope.CASES_WRITE, CaseDetailShown)
def follow_case(request: HttpRequest, number: PathId) -> Any:
    """Hear of everything that happens in a case."""
    visit = visit_of(request)
    cases.follow(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return shown(detail_of(request, number))


@room.opens("DELETE", "/cases/{number}/following", Scope.CASES_WRITE, None, status=204)
def unfollow_case(request: HttpRequest, number: PathId) -> Any:
    """Stop hearing of a case."""
    visit = visit_of(request)
    cases.unfollow(case_id=case_id_of(request, number), actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/cases/{number}/followers", Scope.CASES_WRITE, CaseDetailShown)
def add_follower(request: HttpRequest, number: PathId, given: FollowerGiven) -> Any:
    """Let a colleague hear of everything that happens in a case; they see it from now on."""
    visit = visit_of(request)
    cases.add_follower(case_id=case_id_of(request, number), user_id=given.user_id, actor=visit.actor, at=visit.at)
    return shown(detail_of(request, number))


@room.opens("DELETE", "/cases/{number}/followers/{person_id}", Scope.CASES_WRITE, None, status=204)
def remove_follower(request: HttpRequest, number: PathId, person_id: PathId) -> Any:
    """Let a colleague follow a case no more."""
    visit = visit_of(request)
    cases.remove_follower(case_id=case_id_of(request, number), user_id=person_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/cases/{number}/participants", Scope.CASES_WRITE, CaseDetailShown)
def add_participant(request: HttpRequest, number: PathId, given: ParticipantGiven) -> Any:
    """Let another customer take part: they see the case in the portal."""
    visit = visit_of(request)
    cases.add_participant(
        case_id=case_id_of(request, number), customer_id=given.customer_id, actor=visit.actor, at=visit.at
    )
    return shown(detail_of(request, number))


@room.opens("DELETE", "/cases/{number}/participants/{customer_id}", Scope.CASES_WRITE, None, status=204)
def remove_participant(request: HttpRequest, number: PathId, customer_id: PathId) -> Any:
    """Let a customer take part no more."""
    visit = visit_of(request)
    cases.remove_participant(
        case_id=case_id_of(request, number), customer_id=customer_id, actor=visit.actor, at=visit.at
    )
    return Status(204, None)
