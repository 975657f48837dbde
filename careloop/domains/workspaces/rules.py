"""Who may do what with a workspace as a whole. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_change_settings", "may_manage_workspaces", "may_read_settings"]


def may_manage_workspaces(actor: Actor) -> bool:
    """Say whether the actor may make operations and workspaces: only whoever runs the installation's command line."""
    return actor.is_house


def may_read_settings(actor: Actor) -> bool:
    """Say whether the actor may see all settings of the workspace."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:read"))


def may_change_settings(actor: Actor) -> bool:
    """Say whether the actor may change the settings of the workspace."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))
