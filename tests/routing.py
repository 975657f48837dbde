"""People at work in north, and things that wait for them, made by services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from careloop.domains.people.attendance import note_here
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import NewWaiting, OfferRow, QueueSettings, WaitingRow
from careloop.domains.workforce import queries as workforce
from careloop.domains.workforce import services as workforce_acts
from careloop.domains.workforce.states import State
from careloop.domains.workforce.types import Capacity, SeatRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.routing import keeping, presence
from careloop.processes.routing.searching import route
from tests.cast import NOW, House

__all__ = ["Floor", "later"]

CHAT = {"chat": 1}


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class Floor:
    """A workspace whose queue takes chats; most people hold one at a time."""

    def __init__(self, house: House) -> None:
        self.house, self._numbers = house, count(1)

    def scope(self, *, south: bool = False) -> Any:
        return workspace_scope(self.house.south if south else self.house.north)

    def queue(self, *, south: bool = False, **said: Any) -> int:
        settings = QueueSettings(**{"name": f"Queue {next(self._numbers)}", "kinds": (Kind.CHAT,), **said})
        with self.scope(south=south):
            return keeping.make_queue(settings=settings, actor=HOUSE, at=NOW)

    def skill(self, name: str) -> int:
        with self.scope():
            return workforce_acts.make_skill(name=name, actor=HOUSE, at=NOW)

    def works(
        self,
        name: str,
        *,
        at: datetime = NOW,
        most: Mapping[str, int] = CHAT,
        room: int = 10,
        languages: tuple[str, ...] = (),
        levels: Mapping[int, int] | None = None,
    ) -> int:
        """Let somebody of the cast be available, with a page open, and return their primary key."""
        user_id = self.house.ids[name]
        with self.scope():
            workforce_acts.set_capacity(user_id=user_id, capacity=Capacity(room=room, most=most), actor=HOUSE, at=at)
            workforce_acts.set_languages(user_id=user_id, languages=languages, actor=HOUSE, at=at)
            workforce_acts.set_skills(user_id=user_id, levels=levels or {}, actor=HOUSE, at=at)
            self.is_seen(name, at=at)
            presence.change_state(user_id=user_id, state=State.AVAILABLE, actor=self.house.actor(name), at=at)
        return user_id

    def is_seen(self, name: str, *, at: datetime) -> None:
        """Note that somebody has a page open; a scope is open already."""
        note_here(user_id=self.house.ids[name], at=at)

    def comes(self, queue_id: int, *, at: datetime = NOW, south: bool = False, **said: Any) -> int:
        """Let a chat wait, and return the primary key of its wait."""
        new = NewWaiting(
            **{"queue_id": queue_id, "kind": Kind.CHAT, "subject_id": next(self._numbers), "at": at, **said}
        )
        with self.scope(south=south):
            return queue_acts.enter(new, actor=HOUSE, at=at)

    def route(self, seconds: float = 0) -> int:
        """Offer all that can be offered at a moment; return how many offers were made."""
        made = 0
        while more := route(later(seconds)):
            made += more
        return made

    def offer_to(self, name: str, *, south: bool = False) -> OfferRow | None:
        with self.scope(south=south):
            return queues.open_offer_of(self.house.ids[name])

    def waiting(self, waiting_id: int, *, south: bool = False) -> WaitingRow:
        with self.scope(south=south):
            row = queues.house_waiting(waiting_id)
        assert row is not None
        return row

    def seat(self, name: str) -> SeatRow:
        with self.scope():
            return workforce.seat_of(HOUSE, user_id=self.house.ids[name], at=NOW)
