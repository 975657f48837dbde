"""Queues on the floor in words: how each stands, and what alarms of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format

from careloop.domains.wallboards.queries import open_alarms, queue_standings, thresholds
from careloop.domains.wallboards.rules import may_acknowledge, may_set
from careloop.domains.wallboards.types import QueueStanding
from careloop.faces.web.wall.shown import AlarmShown, alarms_worded, heard, not_looked_after
from careloop.faces.web.wall.wording import clock_time, lasting
from careloop.kernel.actors import Actor

__all__ = ["QueueStands", "queue_stands", "queues_there"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStands:
    """How a queue stands. level: "warning" or "alarm", the worst of its alarms; empty for none. free: "–" when it is not known."""

    id: int
    name: str
    is_open: bool
    waiting: str
    offered: int
    longest: str
    free: str
    level: str
    alarms: Sequence[AlarmShown]


def queues_there(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Return what the floor shows of its queues, as variables of routing/floor_queues.html."""
    standings = queue_standings(viewer=actor)
    alarms = [row for row in open_alarms(viewer=actor) if row.queue_id in standings] if standings else []
    watched = [row for row in thresholds(viewer=actor) if row.queue_id in standings] if standings else []
    words = alarms_worded(alarms)
    by_queue: dict[int, list[AlarmShown]] = {}
    for row, shown in zip(alarms, words, strict=True):
        by_queue.setdefault(row.queue_id or 0, []).append(shown)
    return {
        "stands": [queue_stands(one, by_queue.get(one.queue_id, []), at=at) for one in standings.values()],
        "is_watched": bool(watched),
        "unwatched": not_looked_after(watched, at),
        "heard": heard(alarms, words),
        "as_of": clock_time(at),
        "may_acknowledge": may_acknowledge(actor),
        "may_set": may_set(actor),
    }


def queue_stands(one: QueueStanding, alarms: Sequence[AlarmShown] = (), *, at: datetime) -> QueueStands:
    """Put into words how a queue stands."""
    levels = {alarm.level for alarm in alarms}
    waited = None if one.oldest_at is None else max(0.0, (at - one.oldest_at).total_seconds())
    return QueueStands(
        id=one.queue_id,
        name=one.name,
        is_open=one.is_open,
        waiting=number_format(one.waiting),
        offered=one.offered,
        longest="–" if waited is None else lasting(waited),
        free="–" if one.free_count is None else number_format(one.free_count),
        level="alarm" if "alarm" in levels else "warning" if levels else "",
        alarms=alarms,
    )
