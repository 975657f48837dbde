"""Who connects other systems. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_keep_webhooks", "may_see_webhooks"]


def may_see_webhooks(actor: Actor) -> bool:
    """What is sent carries cases, so its log is read by those who see all settings."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:read"))


def may_keep_webhooks(actor: Actor) -> bool:
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))
