"""Who sees what a client is billed for. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_issue", "may_see"]


def may_see(actor: Actor) -> bool:
    """Those who run the program, and its client."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.CLIENT_VIEWER) and actor.allows("numbers:read")


def may_issue(actor: Actor) -> bool:
    """Those who run the program."""
    return actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("numbers:write")
