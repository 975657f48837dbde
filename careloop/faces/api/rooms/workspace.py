"""The workspace's settings."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.domains.workspaces import queries, rules, services
from careloop.domains.workspaces.errors import MayNotChangeSettings
from careloop.domains.workspaces.types import WorkspaceSettings
from careloop.faces.api.problems import UnknownAddress
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.settings import HostGiven, WorkspaceChange, WorkspaceShown
from careloop.faces.api.visits import visit_of
from careloop.processes.workspace import workspace_facts

__all__ = ["room"]

room = Room()


@room.opens("GET", "/workspace", Scope.SETTINGS_READ, WorkspaceShown)
def get_workspace(request: HttpRequest) -> Any:
    """Get the settings of the workspace."""
    if not rules.may_read_settings(visit_of(request).actor):
        raise MayNotChangeSettings(_("Only an owner or a manager can see the settings of this workspace."))
    return _shown()


@room.opens("PATCH", "/workspace", Scope.SETTINGS_WRITE, WorkspaceShown)
def change_workspace(request: HttpRequest, given: WorkspaceChange) -> Any:
    """Change the settings of the workspace; what is left out stays."""
    visit = visit_of(request)
    wanted = {name: value for name, value in given.model_dump().items() if value is not None}
    services.change_workspace_settings(
        settings=WorkspaceSettings(**{**asdict(visit.workspace.settings), **wanted}), actor=visit.actor, at=visit.at
    )
    return _shown()


@room.opens("POST", "/workspace/hosts", Scope.SETTINGS_WRITE, WorkspaceShown, status=201)
def add_host(request: HttpRequest, given: HostGiven) -> Any:
    """Let a host name lead to the portal."""
    visit = visit_of(request)
    services.add_host(host=given.host, actor=visit.actor, at=visit.at)
    return Status(201, _shown())


@room.opens("DELETE", "/workspace/hosts/{host}", Scope.SETTINGS_WRITE, None, status=204)
def remove_host(request: HttpRequest, host: str) -> Any:
    """Stop a host name from leading to the portal."""
    visit = visit_of(request)
    if host.lower() not in queries.hosts_of(visit.workspace.id):
        raise UnknownAddress(_("This host name does not lead here."))
    services.remove_host(host=host, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _shown() -> dict[str, Any]:
    facts = workspace_facts()
    return {"key": facts.key, "may_send": facts.may_send, **asdict(facts.settings), "hosts": queries.hosts_of(facts.id)}
