"""Organizations: the companies that customers belong to."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Status

from careloop.domains.customers import queries, services
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.customers import (
    CustomerPage,
    OrganizationAsked,
    OrganizationChange,
    OrganizationGiven,
    OrganizationPage,
    OrganizationShown,
)
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/organizations", Scope.CUSTOMERS_READ, OrganizationPage)
def list_organizations(request: HttpRequest, asked: Query[OrganizationAsked]) -> Any:
    """List organizations by name."""
    return queries.organizations(
        viewer=visit_of(request).actor, matching=asked.query or "", cursor=asked.cursor, limit=asked.limit
    )


@room.opens("POST", "/organizations", Scope.CUSTOMERS_WRITE, OrganizationShown, status=201)
def create_organization(request: HttpRequest, given: OrganizationGiven) -> Any:
    """Make an organization."""
    visit = visit_of(request)
    organization_id = services.create_organization(
        name=given.name, domains=frozenset(given.domains), actor=visit.actor, at=visit.at
    )
    return Status(201, queries.organization(organization_id=organization_id, viewer=visit.actor))


@room.opens("GET", "/organizations/{organization_id}", Scope.CUSTOMERS_READ, OrganizationShown)
def get_organization(request: HttpRequest, organization_id: PathId) -> Any:
    """Get one organization."""
    return queries.organization(organization_id=organization_id, viewer=visit_of(request).actor)


@room.opens("PATCH", "/organizations/{organization_id}", Scope.CUSTOMERS_WRITE, OrganizationShown)
def change_organization(request: HttpRequest, organization_id: PathId, given: OrganizationChange) -> Any:
    """Change what is written about an organization; what is left out stays."""
    visit = visit_of(request)
    was = queries.organization(organization_id=organization_id, viewer=visit.actor)
    services.change_organization(
        organization_id=organization_id,
        name=was.name if given.name is None else given.name,
        domains=frozenset(was.domains if given.domains is None else given.domains),
        actor=visit.actor,
        at=visit.at,
    )
    return queries.organization(organization_id=organization_id, viewer=visit.actor)


@room.opens("GET", "/organizations/{organization_id}/customers", Scope.CUSTOMERS_READ, CustomerPage)
def list_customers_of_organization(request: HttpRequest, organization_id: PathId, asked: Query[PageAsked]) -> Any:
    """List the customers of an organization, the newest first."""
    viewer = visit_of(request).actor
    queries.organization(organization_id=organization_id, viewer=viewer)
    return queries.customers_of_organization(
        organization_id=organization_id, viewer=viewer, cursor=asked.cursor, limit=asked.limit
    )
