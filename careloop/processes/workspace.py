"""What the processes ask of the workspace in scope."""

from datetime import timedelta

from careloop.domains.workspaces.queries import workspace_of_id
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.scope import current_workspace

__all__ = ["quiet_time", "workspace_facts"]


def workspace_facts() -> WorkspaceFacts:
    """Return the workspace in scope."""
    facts = workspace_of_id(current_workspace())
    if facts is None:
        raise LookupError(f"Workspace {current_workspace()} is gone.")
    return facts


def quiet_time() -> timedelta:
    """Return how long after our last reply a contact is over."""
    return timedelta(hours=workspace_facts().settings.contact_quiet_hours)
