"""Who looks at the floor."""

from django.utils.translation import gettext as _

from careloop.domains.queues.errors import MayNotMoveWork
from careloop.domains.queues.rules import may_see_queues
from careloop.domains.workforce.rules import may_see_seats
from careloop.kernel.actors import Actor, Role

__all__ = ["may_see_floor", "refuse_unless_watcher"]


def may_see_floor(actor: Actor) -> bool:
    """Say who looks at the floor: whoever runs, leads or judges the work."""
    sees = may_see_queues(actor) and may_see_seats(actor)
    return sees and actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.ANALYST)


def refuse_unless_watcher(actor: Actor) -> None:
    """Raise MayNotMoveWork for who does not look at the floor."""
    if not may_see_floor(actor):
        raise MayNotMoveWork(_("Only somebody who leads, manages or judges the work sees the floor."))
