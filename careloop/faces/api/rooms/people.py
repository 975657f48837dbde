"""People of the workspace and their roles."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.people import queries, rules, services
from careloop.domains.people.errors import MayNotAdministerPeople
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.people import PersonAsked, PersonPage, PersonShown, RoleGiven
from careloop.faces.api.visits import visit_of
from careloop.kernel.actors import Actor, Role

__all__ = ["colleague_of", "room"]

room = Room()


@room.opens("GET", "/people", Scope.PEOPLE_READ, PersonPage)
def list_people(request: HttpRequest, asked: Query[PersonAsked]) -> Any:
    """List the people of the workspace by name, or find them by a part of their name or address."""
    viewer = colleague_of(request)
    if asked.query is not None:
        return {"items": queries.people_of(viewer, matching=asked.query, limit=asked.limit), "next_cursor": None}
    return queries.people_page(viewer, cursor=asked.cursor, limit=asked.limit)


@room.opens("GET", "/people/{person_id}", Scope.PEOPLE_READ, PersonShown)
def get_person(request: HttpRequest, person_id: PathId) -> Any:
    """Get one person of the workspace."""
    return queries.person_of(colleague_of(request), user_id=person_id)


@room.opens("POST", "/people/{person_id}/role", Scope.SETTINGS_WRITE, PersonShown, also=[Scope.PEOPLE_READ])
def change_role(request: HttpRequest, person_id: PathId, given: RoleGiven) -> Any:
    """Give somebody another role; neither it nor theirs may be above one's own."""
    visit = visit_of(request)
    services.change_role(user_id=person_id, role=Role(given.role), actor=visit.actor, at=visit.at)
    return queries.person_of(visit.actor, user_id=person_id)


@room.opens("DELETE", "/people/{person_id}", Scope.SETTINGS_WRITE, None, status=204)
def end_membership(request: HttpRequest, person_id: PathId) -> Any:
    """Take somebody out of the workspace, with their place in teams and their tokens; oneself only on the pages."""
    visit = visit_of(request)
    services.end_membership(user_id=person_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def colleague_of(request: HttpRequest) -> Actor:
    """Return whom the token acts as, if they may see who works here. Raises MayNotAdministerPeople."""
    actor = visit_of(request).actor
    if not rules.may_see_people(actor):
        raise MayNotAdministerPeople(_("Your role does not see who works here."))
    return actor
