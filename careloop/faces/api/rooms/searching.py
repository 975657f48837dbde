"""Search over cases, messages, notes and customers."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.finds import FindsShown, SearchAsked
from careloop.faces.api.visits import visit_of
from careloop.processes.searching import search

__all__ = ["room"]

room = Room()


@room.opens("GET", "/search", Scope.CASES_READ, FindsShown)
def search_everything(request: HttpRequest, asked: Query[SearchAsked]) -> Any:
    """Find cases, messages, notes and customers by words, the newest of each kind first."""
    found = search(text=asked.query, viewer=visit_of(request).actor, limit=asked.limit)
    return {
        "cases": found.cases,
        "words": [
            {
                "is_note": hit.is_note,
                "who": hit.who,
                "at": hit.at,
                "case_number": hit.case.number,
                "segments": hit.segments,
            }
            for hit in found.words
        ],
        "customers": found.customers,
    }
