"""Contacts: each interaction as the customer lived it."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.contacts import queries
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.conversations import ContactAsked, ContactPage, ContactShown
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/contacts", Scope.CASES_READ, ContactPage)
def list_contacts(request: HttpRequest, asked: Query[ContactAsked]) -> Any:
    """List contacts with their segments, the newest first."""
    return queries.contacts(
        viewer=visit_of(request).actor, customer_id=asked.customer_id, cursor=asked.cursor, limit=asked.limit
    )


@room.opens("GET", "/contacts/{contact_id}", Scope.CASES_READ, ContactShown)
def get_contact(request: HttpRequest, contact_id: PathId) -> Any:
    """Get one contact with its segments."""
    return queries.contact(contact_id=contact_id, viewer=visit_of(request).actor)
