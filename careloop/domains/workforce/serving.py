"""Who serves which queue, and who of them could be offered something of it now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from careloop.domains.people.queries import people_choices, teams_of
from careloop.domains.queues.rules import SERVING
from careloop.domains.queues.types import Needs, QueueSettings
from careloop.domains.workforce.queries import profiles_of, seats_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import Actor, Role

__all__ = ["Server", "Servers", "servers_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Somebody who serves a queue. is_here: not off work. open_kinds: what they can be offered now."""

    user_id: int
    is_here: bool
    levels: Mapping[int, int]
    languages: frozenset[str]
    open_kinds: frozenset[str]

    def is_able(self, *, language: str, needs: Needs) -> bool:
        """Say whether they speak and know what something asks for. language: empty for none in particular."""
        speaks = not language or language in self.languages
        return speaks and all(self.levels.get(skill_id, 0) >= level for skill_id, level in needs.items())

    def is_free_for(self, settings: QueueSettings) -> bool:
        """Say whether they have room for a kind of thing that waits in a queue, and know what it asks of everybody."""
        has_room = any(kind in self.open_kinds for kind in settings.kinds)
        return has_room and self.is_able(language="", needs=settings.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Everybody who serves, and who of them is in which team."""

    everybody: Mapping[int, Server] = field(default_factory=dict)
    teams: Mapping[int, Collection[int]] = field(default_factory=dict)

    def of(self, team_ids: Collection[int]) -> Sequence[Server]:
        """Return who serves a queue. team_ids: whose people; none for everybody."""
        if not team_ids:
            return list(self.everybody.values())
        members = {user_id for team_id in team_ids for user_id in self.teams.get(team_id, ())}
        return [one for user_id, one in self.everybody.items() if user_id in members]

    def free_count(self, settings: QueueSettings) -> int:
        """Return how many of those who serve a queue could be offered something of it now."""
        return sum(one.is_free_for(settings) for one in self.of(settings.team_ids))


def servers_of(viewer: Actor) -> Servers:
    """Return everybody who serves customers in the workspace in scope; at most 500, nobody for who may not see seats."""
    seats = {row.user_id: row for row in seats_of(viewer)}
    serving = {user_id for user_id, _name, role in people_choices(viewer) if Role(role) in SERVING}
    everybody = {}
    for profile in profiles_of(viewer):
        seat = seats.get(profile.user_id)
        if profile.user_id in serving:
            everybody[profile.user_id] = Server(
                user_id=profile.user_id,
                is_here=seat is not None and seat.state is not State.OFFLINE,
                levels=profile.levels,
                languages=profile.languages,
                open_kinds=seat.open_kinds if seat is not None else frozenset(),
            )
    return Servers(everybody=everybody, teams={team.id: team.member_ids for team in teams_of(viewer)})
