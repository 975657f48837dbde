"""Who looks at the floor."""

from careloop.domains.queues.rules import may_see_queues
from careloop.domains.workforce.rules import may_see_seats
from careloop.kernel.actors import Actor, Role

__all__ = ["may_see_floor"]


def may_see_floor(actor: Actor) -> bool:
    """Say who looks at the floor: whoever runs, leads or judges the work."""
    sees = may_see_queues(actor) and may_see_seats(actor)
    return sees and actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.ANALYST)
