"""Who may see what the house does by itself, and who may decide it. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_apply_macros", "may_keep_own_macros", "may_make_rules", "may_see_rules", "may_share_macros"]

_WORKING = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT)


def may_see_rules(actor: Actor) -> bool:
    """Team leads explain to their people what a rule did, so they see rules and their log."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("settings:read"))


def may_make_rules(actor: Actor) -> bool:
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_apply_macros(actor: Actor) -> bool:
    """Whoever works on cases; each of its acts asks again."""
    return actor.has_role(*_WORKING) and actor.allows("cases:write")


def may_keep_own_macros(actor: Actor) -> bool:
    return actor.has_role(*_WORKING) and actor.allows("cases:write")


def may_share_macros(actor: Actor) -> bool:
    """Leads and above keep macros for everybody, as they keep saved replies."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("cases:write"))
