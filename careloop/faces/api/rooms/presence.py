"""Who is on a case: said to colleagues' open pages, kept nowhere."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people.queries import names_of
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.cases import PresenceGiven
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.visits import visit_of
from careloop.processes.presence import PresenceKind, announce

__all__ = ["room"]

room = Room()


@room.opens("POST", "/cases/{number}/presence", Scope.CASES_WRITE, None, status=204)
def show_presence(request: HttpRequest, number: PathId, given: PresenceGiven) -> Any:
    """Let colleagues see that one looks at a case, writes on it, or left it; say it again while it is so."""
    actor = visit_of(request).actor
    name = names_of([actor.id]).get(actor.id, "")
    announce(case_id=case_id_of(request, number), name=name, kind=PresenceKind(given.kind), actor=actor)
    return Status(204, None)
