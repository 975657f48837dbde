"""The story of a case: words, notes and acts, merged by time."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.cases.types import NoteRow
from careloop.domains.conversations.types import MessageRow
from careloop.domains.people.types import Scope
from careloop.faces.api.histories import event_shown
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.conversations import message_shown
from careloop.faces.api.rooms.seen import detail_of
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.stories import StoryPage
from careloop.faces.api.visits import visit_of
from careloop.processes.timeline import Moment, mark_of, newest, older

__all__ = ["room"]

room = Room()


@room.opens("GET", "/cases/{number}/timeline", Scope.CASES_READ, StoryPage)
def read_timeline(request: HttpRequest, number: PathId, asked: Query[PageAsked]) -> Any:
    """Read what happened in a case, the newest first: messages, notes and acts."""
    viewer, detail = visit_of(request).actor, detail_of(request, number)
    story = (
        newest(detail=detail, viewer=viewer, limit=asked.limit)
        if asked.cursor is None
        else older(detail=detail, viewer=viewer, before=mark_of(asked.cursor), limit=asked.limit)
    )
    return {
        "items": [_shown(moment) for moment in reversed(story.moments)],
        "next_cursor": str(story.begins_at) if story.has_older else None,
    }


def _shown(moment: Moment) -> dict[str, Any]:
    what = moment.what
    return {
        "kind": moment.kind,
        "at": moment.at,
        "message": message_shown(what) if isinstance(what, MessageRow) else None,
        "note": what if isinstance(what, NoteRow) else None,
        "event": None if isinstance(what, MessageRow | NoteRow) else event_shown(what),
    }
