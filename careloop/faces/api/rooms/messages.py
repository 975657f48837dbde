"""One message: as it is shown, as it came, taken back, or sent again."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.rules import may_work
from careloop.domains.channels.queries import raw_of_message
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import message_row
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.conversations import message_shown
from careloop.faces.api.rooms.files import handed_out
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.conversations import MessageShown
from careloop.faces.api.visits import visit_of
from careloop.processes import answering
from careloop.processes.timeline import visible_message

__all__ = ["message_said", "room"]

room = Room()


@room.opens("GET", "/messages/{message_id}", Scope.CASES_READ, MessageShown)
def get_message(request: HttpRequest, message_id: PathId) -> Any:
    """Get one message, such as to see whether it was delivered."""
    row, _case_id = visible_message(message_id=message_id, viewer=visit_of(request).actor)
    return message_shown(row)


@room.opens("GET", "/messages/{message_id}/source", Scope.CASES_WRITE, Any)
def download_message(request: HttpRequest, message_id: PathId) -> Any:
    """Download the mail that a message was read from, byte by byte."""
    actor = visit_of(request).actor
    visible_message(message_id=message_id, viewer=actor)
    raw = raw_of_message(message_id)
    if raw is None or not may_work(actor):
        raise MessageNotFound(_("There is no such mail to download."))
    return handed_out(request, sha256=raw.sha256, name=f"message-{message_id}.eml")


@room.opens("POST", "/messages/{message_id}/recall", Scope.CASES_WRITE, MessageShown)
def recall_message(request: HttpRequest, message_id: PathId) -> Any:
    """Take an answer of one's own back while it is still in the house; it becomes a draft again."""
    visit = visit_of(request)
    answering.take_back(message_id=message_id, actor=visit.actor, at=visit.at)
    return message_said(message_id)


@room.opens("POST", "/messages/{message_id}/resending", Scope.CASES_WRITE, MessageShown)
def send_message_again(request: HttpRequest, message_id: PathId) -> Any:
    """Send a message again that failed, came back, or may never have left."""
    visit = visit_of(request)
    answering.send_again(message_id=message_id, actor=visit.actor, at=visit.at)
    return message_said(message_id)


def message_said(message_id: int) -> dict[str, Any]:
    """Return a message that an act of this visit has just written or moved."""
    row = message_row(message_id)
    if row is None:
        raise MessageNotFound(_("There is no such message."))
    return message_shown(row)
