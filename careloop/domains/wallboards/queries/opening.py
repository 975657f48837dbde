"""Who waits now: the intervals that are open, by the sources that know it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from careloop.domains.wallboards.bands import IMMEDIATE_SECONDS
from careloop.domains.wallboards.models import Waiting
from careloop.domains.wallboards.queries.targets import Targets
from careloop.domains.wallboards.reckoning import Open
from careloop.domains.wallboards.types import OWN, Place
from careloop.kernel.scope import current_workspace
from careloop.kernel.statements import ask

__all__ = ["LOST_AFTER", "open_places"]

LOST_AFTER: Final = timedelta(hours=24)
"""Nobody holds the line for so long: the log of another system has lost the end of that call."""


def open_places(
    *,
    sources: Sequence[str],
    resolved: Callable[[Place], Place | None],
    targets: Targets,
    at: datetime,
    day: datetime,
    half_hour: datetime,
    team_id: int | None,
) -> dict[Place, Open]:
    """Return who waits, by place.

    sources: that know who waits now, our own among them. resolved: the place that a row belongs to; None for one nobody asks for.
    day, half_hour: when they began. team_id: only this team's, and others' queues; None for everybody's.
    """
    found: dict[Place, Open] = {}
    order = sorted(_places(sources, resolved, team_id), key=lambda pair: str(pair[0]))
    late = [at - timedelta(seconds=targets.of(place.team_id, place.channel)) for _raw, place in order]
    rows = ask(
        "SELECT q.number, count(*), min(w.queued_at), "
        "count(*) FILTER (WHERE w.queued_at >= q.late AND w.queued_at < q.late + interval '30 minutes'), "
        "count(*) FILTER (WHERE w.queued_at < q.late), "
        "count(*) FILTER (WHERE w.queued_at < q.late AND w.queued_at >= %s), "
        "count(*) FILTER (WHERE w.queued_at < q.late AND w.queued_at >= %s) "
        "FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) "
        "AS q (number, team_id, queue, channel, late) "
        "JOIN wallboards_waiting w ON w.workspace_id = %s AND w.channel = q.channel AND w.queue = q.queue "
        # Not "IS NOT DISTINCT FROM", which no index serves.
        "AND (w.team_id = q.team_id OR w.team_id IS NULL AND q.team_id IS NULL) "
        "AND w.source = ANY(%s::text[]) AND (w.source = %s OR w.queued_at >= %s OR w.channel <> ALL(%s::text[])) "
        "GROUP BY 1",
        [
            day,
            half_hour,
            list(range(len(order))),
            [raw.team_id for raw, _place in order],
            [raw.queue for raw, _place in order],
            [raw.channel for raw, _place in order],
            late,
            current_workspace(),
            list(sources),
            OWN,
            at - LOST_AFTER,
            list(IMMEDIATE_SECONDS),
        ],
    )
    for number, waiting, oldest_at, due_soon, overdue, overdue_today, overdue_half_hour in rows:
        place = order[number][1]
        found[place] = found.get(place, Open()) + Open(
            waiting=waiting,
            oldest_at=oldest_at,
            due_soon=due_soon,
            overdue=overdue,
            overdue_today=overdue_today,
            overdue_half_hour=overdue_half_hour,
        )
    return found


def _places(
    sources: Collection[str], resolved: Callable[[Place], Place | None], team_id: int | None
) -> list[tuple[Place, Place]]:
    """Return the places that rows name, each with the one that it belongs to."""
    rows = Waiting.objects.filter(source__in=sources)
    if team_id is not None:
        rows = rows.filter(Q(team_id=team_id) | ~Q(queue=""))
    named = rows.values_list("team_id", "queue", "channel").distinct()
    pairs = [(raw, resolved(raw)) for raw in (Place(*row) for row in named)]
    return [(raw, place) for raw, place in pairs if place is not None]
