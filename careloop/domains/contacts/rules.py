"""Who may look over all contacts. Inside a case they may see, everybody sees its contacts (cases/rules.py)."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_see_all"]


def may_see_all(actor: Actor) -> bool:
    """Those who work on cases, judge them, or read for the client see every contact of the workspace."""
    readers = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT, Role.ANALYST, Role.CLIENT_VIEWER)
    return actor.is_house or (actor.has_role(*readers) and actor.allows("cases:read"))
