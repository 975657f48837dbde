"""How our own queues stand at this moment: read from what waits and who is there, not from counters."""

from careloop.domains.queues.queries import loads_of, queues_of
from careloop.domains.wallboards.types import QueueStanding
from careloop.domains.workforce.rules import may_see_seats
from careloop.domains.workforce.serving import servers_of
from careloop.kernel.actors import Actor

__all__ = ["queue_standings"]


def queue_standings(*, viewer: Actor) -> dict[int, QueueStanding]:
    """Return how every queue in use stands, by primary key, in the order of their names; nothing for who may not see queues.

    Costs the same whatever the history: an index of what is open, and the people of the workspace.
    """
    queues = queues_of(viewer)
    if not queues:
        return {}
    loads = {load.queue_id: load for load in loads_of(viewer)}
    servers = servers_of(viewer) if may_see_seats(viewer) else None
    return {
        queue.id: QueueStanding(
            queue_id=queue.id,
            name=queue.settings.name,
            is_open=queue.is_open,
            waiting=loads[queue.id].waiting + loads[queue.id].offered if queue.id in loads else 0,
            offered=loads[queue.id].offered if queue.id in loads else 0,
            oldest_at=loads[queue.id].oldest_at if queue.id in loads else None,
            free_count=None if servers is None else servers.free_count(queue.settings),
        )
        for queue in queues
    }
