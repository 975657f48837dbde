"""Who keeps mailboxes, and who looks after mail that could not be read."""

from careloop.kernel.actors import Actor, Role

__all__ = ["may_keep_mailboxes", "may_tend_quarantine"]


def may_keep_mailboxes(actor: Actor) -> bool:
    """Owners and managers connect mailboxes and make web forms."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_tend_quarantine(actor: Actor) -> bool:
    """Leads, too, look into the quarantine: a customer may be waiting in it."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("cases:write"))
