"""Who is offered what. Pure: the facts are read elsewhere, and nothing here knows the time but as an argument.

Two questions, because one side is always scarce. While people have nothing to do, something that comes looks for a person
(`people_in_order`). While more waits than people can hold, a person who has room looks for work (`work_in_order`).
docs/reasons/routing.md explains why nobody starves.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from careloop.domains.queues.states import Choice

__all__ = ["Head", "Person", "Program", "people_in_order", "work_in_order"]

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Something that is first in its line. rank_at: when it would have come had it no priority.

    ahead_s: how much longer it seems to have waited to this person, because they served the customer last.
    """

    workspace_id: int
    waiting_id: int
    rank_at: datetime
    ahead_s: int = 0

    @property
    def place(self) -> tuple[datetime, int]:
        """The earliest is next."""
        return self.rank_at - timedelta(seconds=self.ahead_s), self.waiting_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a workspace ought to get and got lately. agreed: a weight above 0. given: faded weights, at least 0."""

    agreed: float = 1.0
    given: float = 0.0

    @property
    def served(self) -> float:
        """How well it was served by what was agreed; whoever has least is next."""
        return self.given / self.agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who could take something. levels: by skill that is asked for. load, room: in weights."""

    user_id: int
    load: int
    room: int
    idle_since: datetime | None
    last_offered_at: datetime | None
    levels: Mapping[int, int] = field(default_factory=dict)

    @property
    def room_share(self) -> float:
        """How much room is left, a share from 0 to 1."""
        return (self.room - self.load) / self.room if self.room else 0.0


def work_in_order(heads: Sequence[Head], programs: Mapping[int, Program]) -> list[Head]:
    """Return what a person could take, the next one first: between programs by agreed shares, within one by rank.

    programs: by workspace; one that is not there has a weight of 1 and got nothing. Something that is there twice, as a head of its
    line and as a customer they know, keeps its better place.
    """
    best: dict[int, Head] = {}
    for head in heads:
        if head.waiting_id not in best or head.place < best[head.waiting_id].place:
            best[head.waiting_id] = head
    by_workspace: dict[int, list[Head]] = defaultdict(list)
    for head in sorted(best.values(), key=lambda head: head.place):
        by_workspace[head.workspace_id].append(head)
    order = sorted(by_workspace, key=lambda key: (programs.get(key, Program()).served, by_workspace[key][0].place))
    return [head for workspace_id in order for head in by_workspace[workspace_id]]


def people_in_order(people: Sequence[Person], choice: Choice, *, last_user_id: int | None) -> list[Person]:
    """Return who could take something, the first to be asked first.

    choice: how the queue chooses. last_user_id: who served the customer last, where the queue asks for that; they come before all.
    """
    key = _KEYS[choice]
    return sorted(people, key=lambda person: (person.user_id != last_user_id, *key(person), person.user_id))


def _longest_idle(person: Person) -> tuple[Any, ...]:
    """Whoever has nothing at all to do comes before whoever merely has room."""
    return (person.idle_since is None, person.idle_since or person.last_offered_at or _NEVER)


def _round_robin(person: Person) -> tuple[Any, ...]:
    return (person.last_offered_at or _NEVER,)


def _least_busy(person: Person) -> tuple[Any, ...]:
    return (-person.room_share, *_longest_idle(person))


def _best_skilled(person: Person) -> tuple[Any, ...]:
    return (-sum(person.levels.values()), *_longest_idle(person))


_KEYS: Final[Mapping[Choice, Callable[[Person], tuple[Any, ...]]]] = {
    Choice.LONGEST_IDLE: _longest_idle,
    Choice.ROUND_ROBIN: _round_robin,
    Choice.LEAST_BUSY: _least_busy,
    Choice.BEST_SKILLED: _best_skilled,
}
