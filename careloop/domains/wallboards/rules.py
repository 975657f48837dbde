"""Who may look at the wall and say what is to alarm. docs/reference/roles.md shows the same as a table."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_acknowledge", "may_see", "may_see_people", "may_set"]

_WORKING = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT)


def may_see(actor: Actor) -> bool:
    """Whoever sees every case of the workspace sees how many there are; so does the client's reader."""
    readers = (*_WORKING, Role.ANALYST, Role.CLIENT_VIEWER)
    return actor.is_house or (actor.has_role(*readers) and actor.allows("cases:read"))


def may_see_people(actor: Actor) -> bool:
    """How many of the operation's people are here is not the client's to see."""
    return may_see(actor) and not actor.has_role(Role.CLIENT_VIEWER)


def may_set(actor: Actor) -> bool:
    """Who runs the workspace or leads a team says what is promised and what is to alarm."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("settings:write"))


def may_acknowledge(actor: Actor) -> bool:
    """Whoever works on cases may say that they take care of an alarm."""
    return actor.has_role(*_WORKING) and actor.allows("cases:write")
