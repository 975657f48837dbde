"""What the house's own work asks of the workspace in scope, once a scope."""

from datetime import timedelta

from careloop.domains.channels import queries as channels
from careloop.domains.channels.types import MailboxRow
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.scope import current_workspace, remembered

__all__ = ["mailbox_facts", "our_addresses", "quiet_time", "workspace_facts"]


def workspace_facts() -> WorkspaceFacts:
    """Return the workspace in scope."""
    facts = remembered("workspace", lambda: workspace_of_id(current_workspace()))
    if facts is None:
        raise LookupError(f"Workspace {current_workspace()} is gone.")
    return facts


def quiet_time() -> timedelta:
    """Return how long after our last reply a contact is over."""
    return timedelta(hours=workspace_facts().settings.contact_quiet_hours)


def mailbox_facts(mailbox_id: int) -> MailboxRow:
    """Return a mailbox of the workspace. Raises MailboxNotFound."""
    return remembered(f"mailbox {mailbox_id}", lambda: channels.mailbox(mailbox_id))


def our_addresses() -> frozenset[str]:
    """Return the addresses of all mailboxes of the workspace."""
    return remembered("addresses", channels.our_addresses)
