"""Who may see and change customers."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_change", "may_see"]

_WORKING = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT)


def may_see(actor: Actor) -> bool:
    """Staff who work on cases or judge them see customers; colleagues and client viewers see them only inside a case."""
    return actor.is_house or (actor.has_role(*_WORKING, Role.ANALYST) and actor.allows("customers:read"))


def may_change(actor: Actor) -> bool:
    """Those who serve customers keep their records."""
    return actor.is_house or (actor.has_role(*_WORKING) and actor.allows("customers:write"))
