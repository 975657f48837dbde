"""Who keeps telephone systems."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_keep_phones"]


def may_keep_phones(actor: Actor) -> bool:
    """Owners and managers connect telephone systems."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))
