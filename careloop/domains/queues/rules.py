"""Who may do what with queues. docs/reference/roles.md shows the same as a table."""

from typing import Final

from careloop.kernel.actors import Actor, Role

__all__ = ["SERVING", "may_keep_queues", "may_move_work", "may_see_queues", "may_serve"]

SERVING: Final = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT)
"""Roles whose people are given work by a queue."""


def may_see_queues(actor: Actor) -> bool:
    """Say who sees what waits and who is asked: whoever works here or judges the work."""
    return actor.is_house or (actor.has_role(*SERVING, Role.ANALYST) and actor.allows("cases:read"))


def may_keep_queues(actor: Actor) -> bool:
    """Say who makes and changes queues and the rules into them."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_move_work(actor: Actor) -> bool:
    """Say who moves what waits into another queue, or into somebody's hands."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("cases:write"))


def may_serve(actor: Actor) -> bool:
    """Say who is given work by queues."""
    return actor.has_role(*SERVING) and actor.allows("cases:write")
