"""Which place on the wall a row belongs to.

Others call a queue by a name; where a team of ours is called so, the row is the team's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from careloop.domains.people.queries import team_ids_by_name
from careloop.domains.wallboards.types import FeedRow, Place

__all__ = ["Places", "places_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """team_id: the one team that is asked for; None for all. teams: primary keys by folded name."""

    team_id: int | None
    teams: Mapping[str, int] = field(default_factory=dict)

    def of(self, raw: Place) -> Place | None:
        """Return the place that a row belongs to; None when its team is not asked for."""
        team_id = self.teams.get(folded(raw.queue)) if raw.queue else None
        place = raw if team_id is None else Place(team_id, "", raw.channel)
        return place if self.team_id is None or place.team_id == self.team_id else None

    def known_of(self, feed: FeedRow) -> set[Place]:
        """Return the places of a feed that are asked for."""
        return {place for place in map(self.of, feed.queues) if place is not None}


def places_for(feeds: Iterable[FeedRow], *, team_id: int | None) -> Places:
    """Return the places of the workspace in scope; asks for names of teams only where a feed has queues."""
    if not any(feed.queues for feed in feeds):
        return Places(team_id=team_id)
    return Places(team_id=team_id, teams={folded(name): key for name, key in team_ids_by_name().items()})


def folded(name: str) -> str:
    """Return a name as it is compared: "Billing " is "billing"."""
    return " ".join(name.split()).casefold()
