"""Reading cases, and opening new ones."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.cases import queries
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.commitments.queries import clocks_of_cases
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.conversations.queries import conversation_rows
from careloop.domains.customers.queries import rows_of
from careloop.domains.people.types import Scope
from careloop.faces.api.histories import case_history
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of, detail_of, is_outsider, shown
from careloop.faces.api.shapes.cases import (
    CaseAsked,
    CaseDetailShown,
    CaseEventPage,
    CaseGiven,
    CasePage,
    OutboundGiven,
    OutboundTextGiven,
)
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.conversations import ContactList, ConversationList
from careloop.faces.api.shapes.promises import PromiseList, promise_shown
from careloop.faces.api.visits import visit_of
from careloop.faces.api.words import words_of
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.conditions import And, Condition
from careloop.processes.answering import open_by_hand, receive_request, text_first, write_first
from careloop.processes.answering.types import Words

__all__ = ["room"]

room = Room()


@room.opens("GET", "/cases", Scope.CASES_READ, CasePage)
def list_cases(request: HttpRequest, asked: Query[CaseAsked]) -> Any:
    """List the cases of a view, or those that meet conditions."""
    visit = visit_of(request)
    parts: list[Condition] = []
    order = asked.order
    if asked.view is not None or asked.conditions is None:
        view = queries.view(key=asked.view or "all", viewer=visit.actor)
        parts.append(as_tree(view.conditions))
        order = order or view.order  # type: ignore[assignment]  # kept views hold names of orders only
    if asked.conditions is not None:
        parts.append(as_tree(_conditions(asked.conditions)))
    return queries.cases(
        viewer=visit.actor,
        condition=And(parts=tuple(parts)),
        order=order or "-activity_at",
        cursor=asked.cursor,
        limit=asked.limit,
        now=visit.at,
    )


@room.opens("POST", "/cases", Scope.CASES_WRITE, CaseDetailShown, status=201)
def open_case(request: HttpRequest, given: CaseGiven) -> Any:
    """Open a case with what a customer wrote, or said on the phone, in a letter or at the counter."""
    visit = visit_of(request)
    customer_id = given.requester_id
    if (customer_id is None) == (given.requester_address is None):
        raise CaseUnclear(_("Name the customer: requester_id, or requester_address for somebody who may be new."))
    if customer_id is not None and customer_id not in rows_of([customer_id]):
        raise CaseUnclear(_("There is no such customer."))
    if given.channel == "api" and (given.assignee_id is not None or given.status_id is not None):
        raise CaseUnclear(
            _("A case that comes through the API begins as a new one. Assign it or change its status then.")
        )
    if given.channel == "api":
        case_id = receive_request(
            channel=given.channel,
            address=given.requester_address or "",
            name=given.requester_name,
            language=given.language,
            subject_line=given.subject,
            words=words_of(given),
            team_id=given.team_id,
            customer=None if customer_id is None else Actor(kind=ActorKind.CUSTOMER, id=customer_id),
            actor=visit.actor,
            at=visit.at,
        )
    else:
        if customer_id is None:
            raise CaseUnclear(_("Look the customer up first, or make them, and send requester_id."))
        case_id = open_by_hand(
            channel=given.channel,
            customer_id=customer_id,
            subject_line=given.subject,
            words=words_of(given),
            team_id=given.team_id,
            assignee_id=given.assignee_id,
            status_id=given.status_id,
            actor=visit.actor,
            at=visit.at,
        )
    return Status(201, shown(queries.case_detail(case_id=case_id, viewer=visit.actor)))


@room.opens("POST", "/outbound-cases", Scope.CASES_WRITE, CaseDetailShown, status=201)
def write_first_mail(request: HttpRequest, given: OutboundGiven) -> Any:
    """Write a mail to a customer who has not written to us, and open a case for it."""
    visit = visit_of(request)
    case_id = write_first(
        mailbox_id=given.mailbox_id,
        to=given.to,
        name=given.name,
        cc=given.cc,
        bcc=given.bcc,
        subject_line=given.subject,
        words=words_of(given),
        team_id=given.team_id,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, shown(queries.case_detail(case_id=case_id, viewer=visit.actor)))


@room.opens("POST", "/outbound-texts", Scope.CASES_WRITE, CaseDetailShown, status=201)
def write_first_text(request: HttpRequest, given: OutboundTextGiven) -> Any:
    """Write a text message to a customer who has not written to us, and open a case for it."""
    visit = visit_of(request)
    case_id = text_first(
        messenger_id=given.messenger_id,
        customer_id=given.customer_id,
        number=given.number,
        words=Words(text=given.text, html=""),
        team_id=given.team_id,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, shown(queries.case_detail(case_id=case_id, viewer=visit.actor)))


@room.opens("GET", "/cases/{number}", Scope.CASES_READ, CaseDetailShown)
def get_case(request: HttpRequest, number: PathId) -> Any:
    """Get everything about a case except its words."""
    return shown(detail_of(request, number))


@room.opens("GET", "/cases/{number}/events", Scope.CASES_READ, CaseEventPage)
def list_case_events(request: HttpRequest, number: PathId, asked: Query[PageAsked]) -> Any:
    """List what happened to a case, the newest first."""
    return case_history(
        case_id=case_id_of(request, number), viewer=visit_of(request).actor, cursor=asked.cursor, limit=asked.limit
    )


@room.opens("GET", "/cases/{number}/promises", Scope.CASES_READ, PromiseList)
def list_promises_of_case(request: HttpRequest, number: PathId) -> Any:
    """List what was promised in a case, by policies and by people, oldest first, and what each clock did up to now."""
    visit, case_id = visit_of(request), case_id_of(request, number)
    clocks = clocks_of_cases([case_id], viewer=visit.actor, at=visit.at).get(case_id, [])
    return {"items": [promise_shown(clock, visit.at) for clock in clocks]}


@room.opens("GET", "/cases/{number}/conversations", Scope.CASES_READ, ConversationList)
def list_conversations(request: HttpRequest, number: PathId) -> Any:
    """List the conversations of a case."""
    rows = conversation_rows(link.conversation_id for link in detail_of(request, number).conversations)
    outside = is_outsider(visit_of(request).actor)
    return {"items": [row for _id, row in sorted(rows.items()) if not outside or row.audience == "customer"]}


@room.opens("GET", "/cases/{number}/contacts", Scope.CASES_READ, ContactList)
def list_case_contacts(request: HttpRequest, number: PathId) -> Any:
    """List the newest 200 contacts of a case with their segments, oldest first."""
    links = detail_of(request, number).conversations
    return {"items": contacts_of_conversations([link.conversation_id for link in links])}


def _conditions(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or "\x00" in text or "\\u0000" in text or "\\ud" in text.lower():
        raise CaseUnclear(_("The conditions are not valid JSON."), fields={"conditions": _("Write a condition tree.")})
    return found
