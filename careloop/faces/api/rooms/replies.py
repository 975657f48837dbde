"""Saved replies: texts that are written often."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.conversations import services
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import replies_known_to
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.settings import SavedReplyAsked, SavedReplyGiven, SavedReplyList, SavedReplyShown
from careloop.faces.api.visits import visit_of
from careloop.faces.api.words import clean_html

__all__ = ["room"]

room = Room()
MOST = 10_000


@room.opens("GET", "/saved-replies", Scope.CASES_READ, SavedReplyList)
def list_saved_replies(request: HttpRequest, asked: Query[SavedReplyAsked]) -> Any:
    """List one's own and the shared saved replies, the most used first."""
    return {"items": replies_known_to(viewer=visit_of(request).actor, text=asked.query, limit=asked.limit)}


@room.opens("POST", "/saved-replies", Scope.CASES_WRITE, SavedReplyShown, status=201)
def create_saved_reply(request: HttpRequest, given: SavedReplyGiven) -> Any:
    """Keep a text for later."""
    return Status(201, _saved(request, None, given))


@room.opens("PUT", "/saved-replies/{reply_id}", Scope.CASES_WRITE, SavedReplyShown)
def change_saved_reply(request: HttpRequest, reply_id: PathId, given: SavedReplyGiven) -> Any:
    """Change a kept text."""
    return _saved(request, reply_id, given)


@room.opens("DELETE", "/saved-replies/{reply_id}", Scope.CASES_WRITE, None, status=204)
def delete_saved_reply(request: HttpRequest, reply_id: PathId) -> Any:
    """Throw a kept text away."""
    visit = visit_of(request)
    services.delete_saved_reply(reply_id=reply_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _saved(request: HttpRequest, reply_id: int | None, given: SavedReplyGiven) -> Any:
    visit = visit_of(request)
    saved_id = services.save_reply(
        reply_id=reply_id,
        name=given.name,
        language=given.language,
        html=clean_html(given.html),
        is_shared=given.is_shared,
        actor=visit.actor,
        at=visit.at,
    )
    for row in replies_known_to(viewer=visit.actor, limit=MOST):
        if row.id == saved_id:
            return row
    raise MessageNotFound(_("There is no such saved reply."))
