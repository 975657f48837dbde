"""Questions about workspaces; behind no wall, because doors ask before a workspace is in scope."""

from collections.abc import Iterable

from django.db.models import QuerySet

from careloop.domains.workspaces.models import Host, Operation, Workspace
from careloop.domains.workspaces.types import WorkspaceFacts, WorkspaceSettings

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


def workspace_of_key(key: str) -> WorkspaceFacts | None:
    """Return the workspace with this key, or None."""
    return _first(Workspace.objects.filter(key=key))


def workspace_of_id(workspace_id: int) -> WorkspaceFacts | None:
    """Return the workspace with this primary key, or None."""
    return _first(Workspace.objects.filter(pk=workspace_id))


def workspace_of_host(host: str) -> WorkspaceFacts | None:
    """Return the workspace whose portal answers under a host name, or None.

    host: as the browser sent it; a port and the case of letters do not matter.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return _first(Workspace.objects.filter(pk__in=Host.objects.filter(host=name.lower()).values("workspace_id")))


def workspaces_of_ids(workspace_ids: Iterable[int]) -> list[WorkspaceFacts]:
    """Return workspaces by primary key, ordered by name; at most 1000."""
    rows = Workspace.objects.filter(pk__in=list(workspace_ids)).order_by("name", "pk")[:MOST]
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
    return WorkspaceSettings(
        name=row.name,
        language=row.language,
        time_zone=row.time_zone,
        accent_color=row.accent_color,
        undo_send_seconds=row.undo_send_seconds,
        contact_quiet_hours=row.contact_quiet_hours,
    )


def _first(rows: QuerySet[Workspace]) -> WorkspaceFacts | None:
    row = rows.first()
    return _facts(row) if row else None


def _facts(row: Workspace) -> WorkspaceFacts:
    return WorkspaceFacts(id=row.pk, key=row.key, may_send=row.may_send, settings=settings_of(row))
