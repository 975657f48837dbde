"""What it means to have something in hand, kind by kind: what is done when somebody accepts it, and when it is taken from them.

Whoever brings a new kind of work adds it here, and calls `queues.services.enter` when it begins to wait, `leave` in
processes.routing.supervising when it is over before anybody took it, and `finish` when it is done.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from careloop.domains.cases.queries import case_briefs, places_of
from careloop.domains.commitments.queries import cases_of_callbacks
from careloop.domains.queues.states import Kind
from careloop.kernel.actors import Actor
from careloop.processes import hands
from careloop.processes.chatting import give_chat, take_chat_back

__all__ = ["GIVEN", "TAKEN_BACK", "Given", "TakenBack"]

Given = Callable[[int, int, Actor, datetime], None]
"""Called with the subject, the person who has it from now on, the actor and the time, in the transaction of the act."""
TakenBack = Callable[[int, int, datetime], None]
"""Called with the subject, the person who is gone and the time, in the transaction of the act; it waits again already."""


def _give_case(case_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    case = case_briefs([case_id]).get(case_id)
    if case is not None:
        hands.assign(case_id=case_id, assignee_id=user_id, team_id=case.team_id, actor=actor, at=at)


def _give_callback(clock_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Whoever calls back has the case as well, where nobody has it."""
    case_id, _due_at = cases_of_callbacks([clock_id]).get(clock_id, (0, None))
    place = places_of([case_id]).get(case_id)
    if place is not None and place.assignee_id is None:
        _give_case(case_id, user_id, actor, at)


GIVEN: Final[Mapping[Kind, Given]] = {Kind.CASE: _give_case, Kind.CHAT: give_chat, Kind.CALLBACK: _give_callback}
"""What is done when somebody has something from now on; a kind that is not there is fetched by whoever it belongs to."""

TAKEN_BACK: Final[Mapping[Kind, TakenBack]] = {Kind.CHAT: take_chat_back}
"""What is done when somebody who is gone has something no more; a kind that is not there keeps whom it had."""
