"""The audit log: who did what, in the order it was committed."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from careloop.domains.people.errors import MayNotAdministerPeople
from careloop.domains.people.rules import may_read_audit
from careloop.domains.people.types import Scope
from careloop.faces.api.histories import event_shown, position_of, trail_cursor, trail_place
from careloop.faces.api.problems import InvalidInput
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.settings import EventAsked, EventPage, TrailAsked, TrailPage
from careloop.faces.api.visits import visit_of
from careloop.kernel.events import events_between, known_events, trail

__all__ = ["room"]

room = Room()
END_OF_LOG = 2**63 - 1


@room.opens("GET", "/events", Scope.AUDIT_READ, EventPage)
def list_events(request: HttpRequest, asked: Query[EventAsked]) -> Any:
    """List what was done in the workspace, the oldest first; what was committed a moment ago may still lack its position."""
    _check_reader(request)
    after = position_of(asked.cursor) if asked.cursor else 0
    found = events_between(after, END_OF_LOG, limit=asked.limit + 1)
    shown = found[: asked.limit]
    return {
        "items": [event_shown(one) for one in shown],
        "next_cursor": str(shown[-1].position) if len(found) > asked.limit else None,
    }


@room.opens("GET", "/audit", Scope.AUDIT_READ, TrailPage)
def read_audit(request: HttpRequest, asked: Query[TrailAsked]) -> Any:
    """List who did what, the newest first, by person, act and period."""
    _check_reader(request)
    if asked.name is not None and asked.name not in known_events():
        sentence = _("There is no such act. Take a name of docs/reference/events.md.")
        raise InvalidInput(sentence, fields={"name": sentence})
    found = trail(
        actor=None if asked.person_id is None else f"user:{asked.person_id}",
        names=() if asked.name is None else (asked.name,),
        since=asked.since,
        until=asked.until,
        before=trail_place(asked.cursor) if asked.cursor else None,
        limit=asked.limit + 1,
    )
    shown = found[: asked.limit]
    return {
        "items": [event_shown(one) for one in shown],
        "next_cursor": trail_cursor(shown[-1]) if len(found) > asked.limit else None,
    }


def _check_reader(request: HttpRequest) -> None:
    if not may_read_audit(visit_of(request).actor):
        raise MayNotAdministerPeople(_("Only an owner or a manager can see who did what in the whole workspace."))
