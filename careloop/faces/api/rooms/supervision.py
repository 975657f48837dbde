"""Who asks for help and who comes, and what whoever leads does with chats that somebody has."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.chats.queries import chat_seen_by, going_on
from careloop.domains.people.types import Scope
from careloop.domains.supervision import queries
from careloop.domains.supervision import services as acts
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.supervision import (
    ChatBackGiven,
    ChatMoveGiven,
    HelpGiven,
    LiveChatList,
    LiveChatShown,
    RaisedHandList,
    RaisedHandShown,
    chat_shown,
    hand_shown,
)
from careloop.faces.api.visits import visit_of
from careloop.processes.chatting import move_chat, move_chat_back

__all__ = ["room"]

room = Room()


@room.opens("GET", "/hands", Scope.PEOPLE_READ, RaisedHandList)
def list_hands(request: HttpRequest) -> Any:
    """List who asks for help, the longest waiting first; empty for those who do not lead, manage or judge the work."""
    return {"items": [hand_shown(row) for row in queries.hands_up(visit_of(request).actor)]}


@room.opens("GET", "/me/hand", Scope.CASES_WRITE, RaisedHandList)
def get_my_hand(request: HttpRequest) -> Any:
    """Get what one asks help for: nothing, or one thing."""
    row = queries.own_hand(visit_of(request).actor)
    return {"items": [hand_shown(row)] if row is not None else []}


@room.opens("POST", "/me/hand", Scope.CASES_WRITE, RaisedHandShown, status=201)
def raise_my_hand(request: HttpRequest, given: HelpGiven) -> Any:
    """Ask for help; asked again before it is over, nothing more happens."""
    visit = visit_of(request)
    case_id = None if given.case_number is None else case_id_of(request, given.case_number)
    hand_id = acts.raise_hand(about=given.about, case_id=case_id, actor=visit.actor, at=visit.at)
    return Status(201, hand_shown(queries.hand_of(visit.actor, hand_id=hand_id)))


@room.opens("POST", "/hands/{hand_id}/helper", Scope.CASES_WRITE, RaisedHandShown, also=[Scope.PEOPLE_READ])
def take_up_hand(request: HttpRequest, hand_id: PathId) -> Any:
    """Say that one is on the way to help."""
    visit = visit_of(request)
    acts.take_up_hand(hand_id=hand_id, actor=visit.actor, at=visit.at)
    return hand_shown(queries.hand_of(visit.actor, hand_id=hand_id))


@room.opens("DELETE", "/hands/{hand_id}", Scope.CASES_WRITE, None, status=204)
def lower_hand(request: HttpRequest, hand_id: PathId) -> Any:
    """Say that help is not needed any more."""
    visit = visit_of(request)
    acts.lower_hand(hand_id=hand_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/chats", Scope.CASES_READ, LiveChatList)
def list_chats_going_on(request: HttpRequest) -> Any:
    """List the chats that somebody has, the oldest first; at most 200."""
    return {"items": [chat_shown(row) for row in going_on(visit_of(request).actor)]}


@room.opens("POST", "/chats/{chat_id}/person", Scope.CASES_WRITE, LiveChatShown, also=[Scope.CASES_READ])
def move_chat_to(request: HttpRequest, chat_id: PathId, given: ChatMoveGiven) -> Any:
    """Put a chat that somebody has into somebody else's hands, one's own too."""
    visit = visit_of(request)
    chat_seen_by(visit.actor, chat_id=chat_id)
    move_chat(chat_id=chat_id, user_id=given.user_id, seen_agent_id=given.seen_agent_id, actor=visit.actor, at=visit.at)
    return chat_shown(chat_seen_by(visit.actor, chat_id=chat_id))


@room.opens("POST", "/chats/{chat_id}/waiting", Scope.CASES_WRITE, LiveChatShown, also=[Scope.CASES_READ])
def let_chat_wait(request: HttpRequest, chat_id: PathId, given: ChatBackGiven) -> Any:
    """Let a chat that somebody has wait again."""
    visit = visit_of(request)
    chat_seen_by(visit.actor, chat_id=chat_id)
    move_chat_back(chat_id=chat_id, seen_agent_id=given.seen_agent_id, actor=visit.actor, at=visit.at)
    return chat_shown(chat_seen_by(visit.actor, chat_id=chat_id))
