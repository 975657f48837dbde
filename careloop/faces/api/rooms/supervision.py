"""Who asks for help and who comes, and what whoever leads tells a team."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.domains.supervision import queries
from careloop.domains.supervision import services as acts
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import case_id_of
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.supervision import (
    HelpGiven,
    OwnMessageList,
    RaisedHandList,
    RaisedHandShown,
    SentMessageList,
    TeamMessageGiven,
    hand_shown,
    message_shown,
    sent_shown,
)
from careloop.faces.api.visits import visit_of
from careloop.processes.floor import tell_everybody, tell_team

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


@room.opens("GET", "/team-messages", Scope.PEOPLE_READ, SentMessageList)
def list_team_messages(request: HttpRequest) -> Any:
    """List the newest messages to teams with who has read them; empty for those who may send none."""
    return {"items": [sent_shown(row) for row in queries.messages_sent(visit_of(request).actor, limit=50)]}


@room.opens("POST", "/team-messages", Scope.CASES_WRITE, SentMessageList, status=201, also=[Scope.PEOPLE_READ])
def send_team_message(request: HttpRequest, given: TeamMessageGiven) -> Any:
    """Tell a team, or everybody at work, something that stays before their eyes until they have read it."""
    visit = visit_of(request)
    if given.team_id is None:
        tell_everybody(text=given.text, actor=visit.actor, at=visit.at)
    else:
        tell_team(team_id=given.team_id, text=given.text, actor=visit.actor, at=visit.at)
    return Status(201, {"items": [sent_shown(row) for row in queries.messages_sent(visit.actor, limit=1)]})


@room.opens("GET", "/me/team-messages", Scope.PEOPLE_READ, OwnMessageList)
def list_my_team_messages(request: HttpRequest) -> Any:
    """List what was said to one's team and one has not read."""
    return {"items": [message_shown(row) for row in queries.unread_messages(visit_of(request).actor)]}


@room.opens("POST", "/team-messages/{team_message_id}/reading", Scope.CASES_WRITE, None, status=204)
def read_team_message(request: HttpRequest, team_message_id: PathId) -> Any:
    """Say that one has read a message to one's team."""
    visit = visit_of(request)
    acts.read_message(message_id=team_message_id, actor=visit.actor, at=visit.at)
    return Status(204, None)
