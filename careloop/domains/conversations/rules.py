"""Who may keep texts for everybody."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_keep_own_replies", "may_keep_shared_replies"]


def may_keep_own_replies(actor: Actor) -> bool:
    """Everybody who answers customers keeps texts of their own."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT) and actor.allows("cases:write")


def may_keep_shared_replies(actor: Actor) -> bool:
    """Leads and above keep the texts that everybody uses."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("cases:write")
