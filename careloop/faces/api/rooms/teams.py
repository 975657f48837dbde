"""Teams, and who is in them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.people import queries, services
from careloop.domains.people.errors import TeamNotFound
from careloop.domains.people.types import Scope, TeamRow
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.people import colleague_of
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.people import MemberGiven, TeamGiven, TeamList, TeamShown
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/teams", Scope.PEOPLE_READ, TeamList)
def list_teams(request: HttpRequest) -> Any:
    """List the teams in use with their members, by name."""
    return {"items": queries.teams_of(colleague_of(request))}


@room.opens("POST", "/teams", Scope.SETTINGS_WRITE, TeamShown, status=201, also=[Scope.PEOPLE_READ])
def create_team(request: HttpRequest, given: TeamGiven) -> Any:
    """Make a team."""
    visit = visit_of(request)
    return Status(201, _team(request, services.create_team(name=given.name, actor=visit.actor, at=visit.at)))


@room.opens("PATCH", "/teams/{team_id}", Scope.SETTINGS_WRITE, TeamShown, also=[Scope.PEOPLE_READ])
def rename_team(request: HttpRequest, team_id: PathId, given: TeamGiven) -> Any:
    """Give a team another name."""
    visit = visit_of(request)
    services.rename_team(team_id=team_id, name=given.name, actor=visit.actor, at=visit.at)
    return _team(request, team_id)


@room.opens("POST", "/teams/{team_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_team(request: HttpRequest, team_id: PathId) -> Any:
    """Take a team out of use; what it did stays under its name."""
    visit = visit_of(request)
    services.retire_team(team_id=team_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/teams/{team_id}/members", Scope.SETTINGS_WRITE, TeamShown, also=[Scope.PEOPLE_READ])
def add_to_team(request: HttpRequest, team_id: PathId, given: MemberGiven) -> Any:
    """Put somebody into a team; a team lead into their own."""
    visit = visit_of(request)
    services.add_to_team(team_id=team_id, user_id=given.user_id, actor=visit.actor, at=visit.at)
    return _team(request, team_id)


@room.opens("DELETE", "/teams/{team_id}/members/{person_id}", Scope.SETTINGS_WRITE, None, status=204)
def remove_from_team(request: HttpRequest, team_id: PathId, person_id: PathId) -> Any:
    """Take somebody out of a team."""
    visit = visit_of(request)
    services.remove_from_team(team_id=team_id, user_id=person_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _team(request: HttpRequest, team_id: int) -> TeamRow:
    for row in queries.teams_of(visit_of(request).actor):
        if row.id == team_id:
            return row
    raise TeamNotFound(_("There is no such team."))
