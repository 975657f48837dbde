"""Customers."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.cases.queries import cases_of_customer
from careloop.domains.customers import queries, services
from careloop.domains.customers.errors import CustomerNotFound
from careloop.domains.customers.types import CustomerCard
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.conversations import message_shown
from careloop.faces.api.shapes.cases import CasePage
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.customers import (
    CustomerAsked,
    CustomerCardShown,
    CustomerChange,
    CustomerGiven,
    CustomerNoteGiven,
    CustomerPage,
    CustomerTagsGiven,
    IdentityGiven,
)
from careloop.faces.api.shapes.stories import CustomerStoryPage
from careloop.faces.api.visits import visit_of
from careloop.processes.customer_history import Moment, history_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/customers", Scope.CUSTOMERS_READ, CustomerPage)
def list_customers(request: HttpRequest, asked: Query[CustomerAsked]) -> Any:
    """List customers, the newest first, or find them by words."""
    viewer = visit_of(request).actor
    if asked.query is not None:
        return {"items": queries.find(text=asked.query, viewer=viewer, limit=asked.limit), "next_cursor": None}
    return queries.customers(viewer=viewer, cursor=asked.cursor, limit=asked.limit)


@room.opens("POST", "/customers", Scope.CUSTOMERS_WRITE, CustomerCardShown, status=201)
def create_customer(request: HttpRequest, given: CustomerGiven) -> Any:
    """Make a customer, with a first address or number."""
    visit = visit_of(request)
    customer_id = services.create_customer(
        name=given.name,
        kind=given.kind,
        value=given.value,
        language=given.language,
        source="api",
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, _card(request, customer_id))


@room.opens("GET", "/customers/{customer_id}", Scope.CUSTOMERS_READ, CustomerCardShown)
def get_customer(request: HttpRequest, customer_id: PathId) -> Any:
    """Get everything that is kept about a customer."""
    return queries.card(customer_id=customer_id, viewer=visit_of(request).actor)


@room.opens("PATCH", "/customers/{customer_id}", Scope.CUSTOMERS_WRITE, CustomerCardShown)
def change_customer(request: HttpRequest, customer_id: PathId, given: CustomerChange) -> Any:
    """Change what is written about a customer; what is left out stays."""
    visit, was = visit_of(request), _card(request, customer_id)
    sent = given.model_fields_set
    services.change_customer(
        customer_id=customer_id,
        name=given.name if given.name is not None else was.name,
        language=given.language if given.language is not None else was.language,
        time_zone=given.time_zone if given.time_zone is not None else was.time_zone,
        organization_id=given.organization_id if "organization_id" in sent else was.organization_id,
        actor=visit.actor,
        at=visit.at,
    )
    return _card(request, customer_id)


@room.opens("GET", "/customers/{customer_id}/cases", Scope.CASES_READ, CasePage)
def list_cases_of_customer(request: HttpRequest, customer_id: PathId) -> Any:
    """List the newest 100 cases of a customer."""
    found = cases_of_customer(customer_id=customer_id, viewer=visit_of(request).actor, limit=100)
    if not found:
        _card(request, customer_id)
    return {"items": found, "next_cursor": None}


@room.opens(
    "GET", "/customers/{customer_id}/timeline", Scope.CASES_READ, CustomerStoryPage, also=[Scope.CUSTOMERS_READ]
)
def read_customer_timeline(request: HttpRequest, customer_id: PathId, asked: Query[PageAsked]) -> Any:
    """Read what happened with a customer, the newest first: cases, messages, and notes about them."""
    _card(request, customer_id)
    page = history_of(customer_id=customer_id, viewer=visit_of(request).actor, cursor=asked.cursor, limit=asked.limit)
    return page.map(_moment)


@room.opens("POST", "/customers/{customer_id}/identities", Scope.CUSTOMERS_WRITE, CustomerCardShown, status=201)
def link_identity(request: HttpRequest, customer_id: PathId, given: IdentityGiven) -> Any:
    """Add an address, number or handle to a customer."""
    visit = visit_of(request)
    services.link_identity(
        customer_id=customer_id,
        kind=given.kind,
        value=given.value,
        confidence=given.confidence,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, _card(request, customer_id))


@room.opens("DELETE", "/customers/{customer_id}/identities/{identity_id}", Scope.CUSTOMERS_WRITE, None, status=204)
def unlink_identity(request: HttpRequest, customer_id: PathId, identity_id: PathId) -> Any:
    """Take an address off a customer."""
    visit = visit_of(request)
    if identity_id not in {identity.id for identity in _card(request, customer_id).identities}:
        raise CustomerNotFound(_("This address is not linked any more."))
    services.unlink_identity(identity_id=identity_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/customers/{customer_id}/notes", Scope.CUSTOMERS_WRITE, CustomerCardShown, status=201)
def note_customer(request: HttpRequest, customer_id: PathId, given: CustomerNoteGiven) -> Any:
    """Write a note about a customer for colleagues."""
    visit = visit_of(request)
    services.add_note(customer_id=customer_id, text=given.text, actor=visit.actor, at=visit.at)
    return Status(201, _card(request, customer_id))


@room.opens("POST", "/customers/{customer_id}/tags", Scope.CUSTOMERS_WRITE, CustomerCardShown)
def tag_customer(request: HttpRequest, customer_id: PathId, given: CustomerTagsGiven) -> Any:
    """Put tags on a customer and take others off."""
    visit = visit_of(request)
    services.tag_customer(
        customer_id=customer_id,
        add=frozenset(given.add),
        remove=frozenset(given.remove),
        actor=visit.actor,
        at=visit.at,
    )
    return _card(request, customer_id)


def _moment(moment: Moment) -> dict[str, Any]:
    message = moment.message
    return {
        "kind": "note" if moment.note else "message" if message else "case",
        "at": moment.at,
        "who": moment.who,
        "case": moment.case,
        "message": None if message is None else message_shown(message),
        "note": moment.note,
    }


def _card(request: HttpRequest, customer_id: int) -> CustomerCard:
    return queries.card(customer_id=customer_id, viewer=visit_of(request).actor)
