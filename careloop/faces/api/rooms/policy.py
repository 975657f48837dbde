"""What a workspace calls things: statuses, types of case, the tree of reasons."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.cases import queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.services.policy import Branch
from careloop.domains.cases.types import StatusRow, TypeRow
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.settings import (
    BranchGiven,
    NameGiven,
    ReasonList,
    ReasonsGiven,
    StatusList,
    StatusMade,
    StatusShown,
    TypeList,
    TypeShown,
)
from careloop.faces.api.visits import visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/statuses", Scope.CASES_READ, StatusList)
def list_statuses(request: HttpRequest) -> Any:
    """List the statuses in use, in their order."""
    return {"items": queries.statuses()}


@room.opens("POST", "/statuses", Scope.SETTINGS_WRITE, StatusShown, status=201)
def create_status(request: HttpRequest, given: StatusMade) -> Any:
    """Add a status of the workspace's own in a category."""
    visit = visit_of(request)
    status_id = cases.add_status(name=given.name, category=given.category, actor=visit.actor, at=visit.at)
    return Status(201, _status(status_id))


@room.opens("PATCH", "/statuses/{status_id}", Scope.SETTINGS_WRITE, StatusShown)
def rename_status(request: HttpRequest, status_id: PathId, given: NameGiven) -> Any:
    """Give a status another name."""
    visit = visit_of(request)
    _status(status_id)
    cases.change_status_name(status_id=status_id, name=given.name, actor=visit.actor, at=visit.at)
    return _status(status_id)


@room.opens("POST", "/statuses/{status_id}/retirement", Scope.SETTINGS_WRITE, StatusShown)
def retire_status(request: HttpRequest, status_id: PathId) -> Any:
    """Offer a status no more; cases that have it keep it."""
    visit = visit_of(request)
    _status(status_id)
    cases.retire_status(status_id=status_id, actor=visit.actor, at=visit.at)
    return _status(status_id)


@room.opens("GET", "/types", Scope.CASES_READ, TypeList)
def list_types(request: HttpRequest) -> Any:
    """List the types of case in use, by name."""
    return {"items": queries.case_types()}


@room.opens("POST", "/types", Scope.SETTINGS_WRITE, TypeShown, status=201)
def create_type(request: HttpRequest, given: NameGiven) -> Any:
    """Add a type of case."""
    visit = visit_of(request)
    type_id = cases.add_case_type(name=given.name, actor=visit.actor, at=visit.at)
    return Status(201, _type(type_id))


@room.opens("POST", "/types/{type_id}/retirement", Scope.SETTINGS_WRITE, TypeShown)
def retire_type(request: HttpRequest, type_id: PathId) -> Any:
    """Offer a type no more; cases that have it keep it."""
    visit = visit_of(request)
    _type(type_id)
    cases.retire_case_type(type_id=type_id, actor=visit.actor, at=visit.at)
    return _type(type_id)


@room.opens("GET", "/reasons", Scope.CASES_READ, ReasonList)
def list_reasons(request: HttpRequest) -> Any:
    """List the newest tree of reasons, depth first."""
    return {"items": queries.reasons()}


@room.opens("POST", "/reasons", Scope.SETTINGS_WRITE, ReasonList, status=201)
def publish_reasons(request: HttpRequest, given: ReasonsGiven) -> Any:
    """Publish a new version of the tree of reasons; older cases keep theirs."""
    visit = visit_of(request)
    cases.publish_reasons(branches=[_branch(branch) for branch in given.branches], actor=visit.actor, at=visit.at)
    return Status(201, {"items": queries.reasons()})


def _status(status_id: int) -> StatusRow:
    for row in queries.statuses(with_retired=True):
        if row.id == status_id:
            return row
    raise CaseNotFound(_("There is no such status."))


def _type(type_id: int) -> TypeRow:
    for row in queries.case_types(with_retired=True):
        if row.id == type_id:
            return row
    raise CaseNotFound(_("There is no such type."))


def _branch(given: BranchGiven) -> Branch:
    return Branch(name=given.name, code=given.code, branches=tuple(_branch(branch) for branch in given.branches))
