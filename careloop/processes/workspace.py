"""What the house's own work asks of the workspace in scope, once a scope."""

from datetime import timedelta

from careloop.domains.channels import queries as channels
from careloop.domains.channels.types import MailboxRow
from careloop.domains.people import queries as people
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor
from careloop.kernel.scope import current_workspace, remembered

__all__ = [
    "is_known",
    "mailbox_facts",
    "name_of",
    "our_addresses",
    "outgoing_mailbox_id",
    "quiet_time",
    "signature_of",
    "workspace_facts",
]


def workspace_facts() -> WorkspaceFacts:
    """Return the workspace in scope."""
    facts = remembered("workspace", lambda: workspace_of_id(current_workspace()))
    if facts is None:
        raise LookupError(f"Workspace {current_workspace()} is gone.")
    return facts


def is_known(facts: WorkspaceFacts) -> None:
    """Let whoever works in this scope do without asking for its workspace: the door has just read it."""
    remembered("workspace", lambda: facts)


def quiet_time() -> timedelta:
    """Return how long after our last reply a contact is over."""
    return timedelta(hours=workspace_facts().settings.contact_quiet_hours)


def mailbox_facts(mailbox_id: int) -> MailboxRow:
    """Return a mailbox of the workspace. Raises MailboxNotFound."""
    return remembered(f"mailbox {mailbox_id}", lambda: channels.mailbox(mailbox_id))


def our_addresses() -> frozenset[str]:
    """Return the addresses of all mailboxes of the workspace."""
    return remembered("addresses", channels.our_addresses)


def outgoing_mailbox_id() -> int | None:
    """Return the mailbox that answers what arose elsewhere than in a mail; None when there is none."""
    return channels.default_mailbox_id(must_send=workspace_facts().may_send)


def name_of(actor: Actor) -> str:
    """Return what somebody of ours is called; empty for customers and the house itself."""
    user_id = actor.user_id
    if user_id is None:
        return ""
    return remembered(f"name {user_id}", lambda: people.names_of([user_id]).get(user_id, ""))


def signature_of(actor: Actor) -> str:
    """Return what somebody of ours writes under an answer; empty for customers and the house itself."""
    user_id = actor.user_id
    return "" if user_id is None else remembered(f"signature {user_id}", lambda: people.signature_of(user_id))
