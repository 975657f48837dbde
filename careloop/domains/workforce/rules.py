"""Who may do what with people at work. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_force", "may_keep_skills", "may_see_seats", "may_set_own"]


def may_see_seats(actor: Actor) -> bool:
    """Say who sees what colleagues do: whoever works here or judges the work."""
    return actor.is_house or (
        actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT, Role.ANALYST) and actor.allows("people:read")
    )


def may_set_own(actor: Actor) -> bool:
    """Say who has a state of their own: whoever works on cases."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT) and actor.allows("cases:write")


def may_force(actor: Actor) -> bool:
    """Say who puts a colleague into another state."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("settings:write"))


def may_keep_skills(actor: Actor) -> bool:
    """Say who decides what people can, speak and hold, and what a program ought to get."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))
