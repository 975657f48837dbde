"""What may cross the threshold of the workforce domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from careloop.domains.workforce.states import State

__all__ = ["USUAL", "Capacity", "HoldingRow", "PersonProfile", "SeatRow", "ShareRow", "SkillRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How much a person holds at a time.

    room: for everything together, in weights, 0 to 1000. most: by kind of work ("case", "chat", "call", "callback") the most
    at a time, 0 to 1000; a kind that is not there is not given to them.
    """

    room: int
    most: Mapping[str, int]


USUAL = Capacity(room=10, most={"case": 10, "chat": 3, "call": 1, "callback": 1})
"""Until somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillRow:
    """people_count: who has it at any level."""

    id: int
    name: str
    people_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProfile:
    """What somebody can and speaks. levels: by skill, 1 (knows some) to 5 (knows all). languages: codes such as "ko"."""

    user_id: int
    levels: Mapping[int, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    capacity: Capacity = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRow:
    """Something a person has in hand. workspace_id: where it belongs."""

    workspace_id: int
    kind: str
    subject_id: int
    weight: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """What somebody does now.

    chosen: what they, or somebody for them, chose; state: what they do. since: of the state. forced_by: the actor who put them
    there, empty when they did it themselves. wraps_until: when writing up ends by itself.
    rests_until: the end of their last rest after an abusive contact; until then they do nothing else.
    held: by kind, how much they have in hand. load: the weights of it together, of capacity.room.
    open_kinds: what they can be offered now. idle_since: since when they had nothing to do; None while they have.
    """

    user_id: int
    chosen: State
    state: State
    reason: str
    since: datetime
    forced_by: str
    wraps_until: datetime | None
    rests_until: datetime | None
    held: Mapping[str, int]
    load: int
    capacity: Capacity
    open_kinds: frozenset[str]
    idle_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """What a workspace ought to get of the operation's work, and got lately; both as shares from 0 to 1 of all programs."""

    workspace_id: int
    agreed_weight: float
    agreed_share: float
    given_share: float | None
