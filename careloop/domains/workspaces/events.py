"""What happened to the operation and its workspaces."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "OperationCreated",
    "WorkspaceCreated",
    "WorkspaceHostAdded",
    "WorkspaceHostRemoved",
    "WorkspaceSettingsChanged",
]


@event_type("operation.created")
class OperationCreated(Event):
    """The operation was made."""


@event_type("workspace.created")
class WorkspaceCreated(Event):
    """A workspace was made; recorded with the operation, before anybody is in the workspace."""

    key: str
    may_send: bool


@event_type("workspace.settings_changed")
class WorkspaceSettingsChanged(Event):
    """Settings changed.

    before, after: the changed settings only, by name.
    """

    before: dict[str, str | int]
    after: dict[str, str | int]


@event_type("workspace.host_added")
class WorkspaceHostAdded(Event):
    """A host name leads to the workspace from now on."""

    host: str


@event_type("workspace.host_removed")
class WorkspaceHostRemoved(Event):
    """A host name no longer leads to the workspace."""

    host: str
