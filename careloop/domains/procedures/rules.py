"""Who may see, decide and override what must be done properly. docs/reference/roles.md shows the same as a table."""

from careloop.domains.procedures.approvers import APPROVING
from careloop.kernel.actors import Actor, Role

__all__ = ["may_approve_at_all", "may_make", "may_see", "may_skip"]


def may_see(actor: Actor) -> bool:
    """Team leads explain to their people why a step is there, so they see procedures."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("settings:read"))


def may_make(actor: Actor) -> bool:
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_skip(actor: Actor) -> bool:
    """Owners and managers let a case go on without its procedure, and say why."""
    return actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("cases:write")


def may_approve_at_all(actor: Actor) -> bool:
    """Whoever sees every case; which approvals are theirs is said by the procedure."""
    return actor.has_role(*APPROVING) and actor.allows("cases:write")
