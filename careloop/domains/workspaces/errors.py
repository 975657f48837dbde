"""What the workspaces domain refuses."""

from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "BadHost",
    "BadKey",
    "BadSettings",
    "HostTaken",
    "KeyTaken",
    "MayNotChangeSettings",
    "MayNotManageWorkspaces",
    "NoOperation",
    "NothingChanged",
    "OperationExists",
    "WorkspaceNotFound",
]


class BadKey(Refusal):
    """A key that cannot stand in an address."""


class BadSettings(Refusal):
    """A name, language, zone, color or number that makes no sense; `fields` says which."""


class BadHost(Refusal):
    """Not a host name."""


class NoOperation(Conflict):
    """The operation has to be made before its workspaces."""


class OperationExists(Conflict):
    """An installation serves one operation."""


class KeyTaken(Conflict):
    """Another workspace has this key."""


class HostTaken(Conflict):
    """Another workspace, or this one, answers under this host name already."""


class NothingChanged(Conflict):
    """Everything asked for is so already."""


class MayNotManageWorkspaces(Forbidden):
    """Only the house makes operations and workspaces."""


class MayNotChangeSettings(Forbidden):
    """Only owners and managers change a workspace's settings."""


class WorkspaceNotFound(NotFound):
    """No such workspace."""
