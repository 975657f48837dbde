"""Questions about workspaces; behind no wall, because doors ask before a workspace is in scope."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from careloop.domains.workspaces.models import Host, Operation, Workspace
from careloop.domains.workspaces.types import WorkspaceFacts, WorkspaceSettings
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "hosts_of",
    "operation_id",
    "settings_of",
    "workspace_ids",
    "workspace_keys",
    "workspace_of_host",
    "workspace_of_id",
    "workspace_of_key",
    "workspaces_of_ids",
]

MOST = 1000


OF_KEY: Final = Statement(lambda: Workspace.objects.filter(key=Asked("key")).values())


def workspace_of_key(key: str) -> WorkspaceFacts | None:
    """Return the workspace with this key, or None."""
    return _first(OF_KEY.by_name(key=key))


def workspace_of_id(workspace_id: int) -> WorkspaceFacts | None:
    """Return the workspace with this primary key, or None."""
    return _first(Workspace.objects.filter(pk=workspace_id).values())


def workspace_of_host(host: str) -> WorkspaceFacts | None:
    """Return the workspace whose portal answers under a host name, or None.

    host: as the browser sent it; a port and the case of letters do not matter.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    hosts = Host.objects.filter(host=name.lower())
    return _first(Workspace.objects.filter(pk__in=hosts.values("workspace_id")).values())


def workspaces_of_ids(workspace_ids: Iterable[int]) -> list[WorkspaceFacts]:
    """Return workspaces by primary key, ordered by name; at most 1000."""
    rows = Workspace.objects.filter(pk__in=list(workspace_ids)).order_by("name", "pk").values()[:MOST]
    return [_facts(row) for row in rows]


def workspace_keys() -> list[str]:
    """Return the keys of all workspaces in alphabetical order; at most 1000."""
    return list(Workspace.objects.order_by("key").values_list("key", flat=True)[:MOST])


def workspace_ids() -> list[int]:
    """Return the primary keys of all workspaces, for work that visits each of them."""
    return list(Workspace.objects.order_by("pk").values_list("pk", flat=True))


def hosts_of(workspace_id: int) -> list[str]:
    """Return the host names that lead to a workspace, in alphabetical order; at most 1000."""
    return list(Host.objects.filter(workspace_id=workspace_id).order_by("host").values_list("host", flat=True)[:MOST])


def operation_id() -> int | None:
    """Return the primary key of the operation that runs this installation, or None before it was made."""
    return Operation.objects.order_by("pk").values_list("pk", flat=True).first()


def settings_of(row: Workspace) -> WorkspaceSettings:
    """Return what may be changed about a workspace as a value."""
    return WorkspaceSettings(**{field.name: getattr(row, field.name) for field in fields(WorkspaceSettings)})


def _first(rows: Iterable[Mapping[str, Any]]) -> WorkspaceFacts | None:
    return next(map(_facts, rows), None)


def _facts(row: Mapping[str, Any]) -> WorkspaceFacts:
    settings = WorkspaceSettings(**{field.name: row[field.name] for field in fields(WorkspaceSettings)})
    return WorkspaceFacts(id=row["id"], key=row["key"], may_send=row["may_send"], settings=settings)
