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
    queues = {queue.id: queue for queue in queues_of(viewer)}
    if not queues:
        return {}
    servers = servers_of(viewer) if may_see_seats(viewer) else None
    return {
        load.queue_id: QueueStanding(
            queue_id=load.queue_id,
            name=queue.settings.name,
            is_open=queue.is_open,
            waiting=load.waiting + load.offered,
            offered=load.offered,
            oldest_at=load.oldest_at,
            free_count=None if servers is None else servers.free_count(queue.settings),
        )
        for load in loads_of(viewer)
        if (queue := queues.get(load.queue_id)) is not None
    }
