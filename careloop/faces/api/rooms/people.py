"""People and teams of the workspace."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from careloop.domains.people import queries, rules
from careloop.domains.people.errors import MayNotAdministerPeople
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.settings import PersonPage, PersonShown, TeamList
from careloop.faces.api.visits import visit_of
from careloop.kernel.actors import Actor

__all__ = ["room"]

room = Room()


@room.opens("GET", "/people", Scope.PEOPLE_READ, PersonPage)
def list_people(request: HttpRequest, asked: Query[PageAsked]) -> Any:
    """List the people of the workspace by name."""
    return queries.people_page(_colleague(request), cursor=asked.cursor, limit=asked.limit)


@room.opens("GET", "/people/{person_id}", Scope.PEOPLE_READ, PersonShown)
def get_person(request: HttpRequest, person_id: PathId) -> Any:
    """Get one person of the workspace."""
    return queries.person_of(_colleague(request), user_id=person_id)


@room.opens("GET", "/teams", Scope.PEOPLE_READ, TeamList)
def list_teams(request: HttpRequest) -> Any:
    """List the teams in use with their members, by name."""
    return {"items": queries.teams_of(_colleague(request))}


def _colleague(request: HttpRequest) -> Actor:
    actor = visit_of(request).actor
    if not rules.may_see_people(actor):
        raise MayNotAdministerPeople(_("Your role does not see who works here."))
    return actor
