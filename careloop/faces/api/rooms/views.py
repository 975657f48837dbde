"""Views: named lists of cases."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.cases import queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.settings import PlaceGiven, ViewCountShown, ViewGiven, ViewList, ViewShown
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/views", Scope.CASES_READ, ViewList)
def list_views(request: HttpRequest) -> Any:
    """List the system's views, the shared ones, and one's own."""
    return {"items": queries.views_of(visit_of(request).actor)}


@room.opens("POST", "/views", Scope.CASES_WRITE, ViewShown, status=201)
def create_view(request: HttpRequest, given: ViewGiven) -> Any:
    """Keep a list under a name."""
    return Status(201, _saved(request, None, given))


@room.opens("GET", "/views/{key}", Scope.CASES_READ, ViewShown)
def get_view(request: HttpRequest, key: str) -> Any:
    """Get one view by its key."""
    return queries.view(key=key, viewer=visit_of(request).actor)


@room.opens("GET", "/views/{key}/count", Scope.CASES_READ, ViewCountShown)
def count_view(request: HttpRequest, key: str) -> Any:
    """Count the cases of a view; a free one up to 1,000."""
    visit = visit_of(request)
    count = queries.count_of(queries.view(key=key, viewer=visit.actor), viewer=visit.actor, now=visit.at)
    return {"count": count.number, "is_bounded": count.is_bounded}


@room.opens("PUT", "/views/{key}", Scope.CASES_WRITE, ViewShown)
def change_view(request: HttpRequest, key: str, given: ViewGiven) -> Any:
    """Change a kept list."""
    return _saved(request, _kept(key), given)


@room.opens("POST", "/views/{key}/place", Scope.CASES_WRITE, ViewList)
def place_view(request: HttpRequest, key: str, given: PlaceGiven) -> Any:
    """Move a kept list among the shared ones, or among one's own, and list all in their order."""
    visit = visit_of(request)
    cases.place_view(view_id=_kept(key), place=given.place, actor=visit.actor, at=visit.at)
    return {"items": queries.views_of(visit.actor)}


@room.opens("DELETE", "/views/{key}", Scope.CASES_WRITE, None, status=204)
def delete_view(request: HttpRequest, key: str) -> Any:
    """Throw a kept list away."""
    visit = visit_of(request)
    cases.delete_view(view_id=_kept(key), actor=visit.actor, at=visit.at)
    return Status(204, None)


def _kept(key: str) -> int:
    """Return the id of a view that somebody made. Raises CaseNotFound for the system's, which nobody changes."""
    if not key.isascii() or not key.isdecimal() or len(key) > 18:
        raise CaseNotFound(_("There is no such view."))
    return int(key)


def _saved(request: HttpRequest, view_id: int | None, given: ViewGiven) -> Any:
    visit = visit_of(request)
    saved_id = cases.save_view(
        view_id=view_id,
        name=given.name,
        conditions=given.conditions,
        columns=given.columns,
        order=given.order,
        is_shared=given.is_shared,
        actor=visit.actor,
        at=visit.at,
    )
    return queries.view(key=str(saved_id), viewer=visit.actor)
