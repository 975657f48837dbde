"""Who may see calendars, and who may change them. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_change", "may_see"]


def may_see(actor: Actor) -> bool:
    """Everybody who works here reads the hours of the service; the client's readers do, too: it is what was agreed."""
    return actor.is_house or (actor.role is not None and actor.allows("settings:read"))


def may_change(actor: Actor) -> bool:
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))
