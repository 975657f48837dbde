"""For how long people have been at what they do now, where that is watched: read as it stands, not from counters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careloop.domains.calls.queries import calls_now
from careloop.domains.calls.states import CallState
from careloop.domains.people.queries import teams_of
from careloop.domains.supervision.queries import hands_up
from careloop.domains.telephony.hearing import unheard
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.types import Figure
from careloop.domains.workforce.queries import seats_of
from careloop.domains.workforce.states import PROTECTION, State
from careloop.kernel.actors import Actor

__all__ = ["Lengths", "lengths_now"]

OF_STATES: Final[Mapping[State, Figure]] = {State.WRAP: Figure.LONGEST_WRAP, State.BREAK: Figure.LONGEST_BREAK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """by_person: of everybody who is at something that is watched, how many seconds already. teams: who is in which, by team."""

    by_person: Mapping[int, Mapping[Figure, float]]
    teams: Mapping[int, frozenset[int]]

    def longest(self, figure: Figure, *, team_id: int | None) -> float:
        """Return the longest of a figure, in the workspace or in a team; 0 where nobody is at it."""
        people = self.by_person.keys() if team_id is None else self.teams.get(team_id, frozenset())
        return max((self.by_person.get(user_id, {}).get(figure, 0.0) for user_id in people), default=0.0)


def lengths_now(*, viewer: Actor, at: datetime) -> Lengths:
    """Return for how long people have been at what they do; nothing for those who do not see people.

    A call on a telephone system that is not heard is left out: whether it goes on, nobody knows. A rest after an abusive contact is
    as long as it is meant to be.
    """
    if not rules.may_see_people(viewer):
        return Lengths(by_person={}, teams={})
    found: dict[int, dict[Figure, float]] = {}

    def note(user_id: int, figure: Figure, since: datetime) -> None:
        lasted = found.setdefault(user_id, {})
        lasted[figure] = max(lasted.get(figure, 0.0), (at - since).total_seconds())

    for seat in seats_of(viewer):
        figure = OF_STATES.get(seat.state)
        if figure is not None and seat.reason != PROTECTION:
            note(seat.user_id, figure, seat.since)
    silent = {one.pbx_id for one in unheard(at=at)}
    for call in calls_now(viewer=viewer):
        if call.state == CallState.TALKING and call.agent_id and call.answered_at and call.pbx_id not in silent:
            note(call.agent_id, Figure.LONGEST_CALL, call.answered_at)
    for hand in hands_up(viewer):
        if hand.helper_id is None:
            note(hand.user_id, Figure.LONGEST_HAND, hand.raised_at)
    return Lengths(by_person=found, teams={team.id: team.member_ids for team in teams_of(viewer)})
