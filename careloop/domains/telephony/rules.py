"""Who keeps telephone systems."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_keep_phones", "may_tell"]


def may_keep_phones(actor: Actor) -> bool:
    """Owners and managers connect telephone systems."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_tell(actor: Actor) -> bool:
    """A program tells of calls with the token of an owner or manager."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("calls:tell"))
