"""Search over cases, messages, notes and customers."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.cases import queries as cases
from careloop.domains.conversations.queries import find_messages
from careloop.domains.customers.queries import find
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import is_outsider
from careloop.faces.api.shapes.finds import FindsShown
from careloop.faces.api.shapes.settings import SearchAsked
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()
LOOKED_AT = 5
"""Words may stand in messages that the viewer does not see; so many times the asked number are looked through."""


@room.opens("GET", "/search", Scope.CASES_READ, FindsShown)
def search(request: HttpRequest, asked: Query[SearchAsked]) -> Any:
    """Find cases, messages, notes and customers by words, the newest of each kind first."""
    viewer = visit_of(request).actor
    said = [] if is_outsider(viewer) else find_messages(text=asked.query, limit=asked.limit * LOOKED_AT)
    case_of = cases.visible_case_ids({conversation_id for _id, conversation_id in said}, viewer=viewer)
    noted = cases.find_notes(text=asked.query, viewer=viewer, limit=asked.limit)
    rows = cases.cases_by_id({*case_of.values(), *(case_id for _id, case_id in noted)}, viewer=viewer)
    return {
        "cases": cases.find_cases(text=asked.query, viewer=viewer, limit=asked.limit),
        "messages": [
            {"message_id": message_id, "case_number": rows[case_of[conversation_id]].number}
            for message_id, conversation_id in said
            if conversation_id in case_of and case_of[conversation_id] in rows
        ][: asked.limit],
        "notes": [
            {"note_id": note_id, "case_number": rows[case_id].number} for note_id, case_id in noted if case_id in rows
        ],
        "customers": find(text=asked.query, viewer=viewer, limit=asked.limit),
    }
