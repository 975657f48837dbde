"""A workspace with a queue and people who serve it, and something to wait in it."""

from datetime import datetime

from careloop.domains.cases.queries import find_cases
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.queues.queries import open_offer_of, waiting_in
from careloop.domains.queues.services import enter
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import NewWaiting, OfferRow, QueueSettings, WaitingRow
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.routing import keeping, presence
from careloop.processes.routing.searching import find_person
from tests.cast import House
from tests.mailing import receive, written

__all__ = ["equip", "make_wait", "offer", "offer_of", "put_into", "waiting"]


def equip(house: House, *, at: datetime, **settings: object) -> int:
    """Make the team Billing (Ada and Grace), the skill billing that both know at level 2, and a queue that asks for it.

    Both speak Korean. settings: further ones of the queue. Returns the queue.
    """
    with workspace_scope(house.north):
        mina = house.actor("mina")
        team = create_team(name="Billing", actor=mina, at=at)
        skill = workforce.make_skill(name="billing", actor=mina, at=at)
        for name in ("ada", "grace"):
            add_to_team(team_id=team, user_id=house.ids[name], actor=mina, at=at)
            workforce.set_skills(user_id=house.ids[name], levels={skill: 2}, actor=mina, at=at)
            workforce.set_languages(user_id=house.ids[name], languages=["ko"], actor=mina, at=at)
        asked = QueueSettings(**{"name": "Bills", "team_ids": (team,), "needs": {skill: 2}, **settings})  # type: ignore[arg-type]
        return keeping.make_queue(settings=asked, actor=mina, at=at)


def put_into(house: House, name: str, state: State, *, at: datetime, reason: str = "") -> None:
    """Let somebody choose a state."""
    with workspace_scope(house.north):
        actor = house.actor(name)
        presence.change_state(user_id=actor.id, state=state, reason=reason, actor=actor, at=at)


def make_wait(house: House, queue_id: int, *, since: datetime, at: datetime, text: str = "Where is my parcel?") -> int:
    """Let a case come in by mail and wait in a queue, and return its wait. since: from when on it waits."""
    with workspace_scope(house.north):
        key = f"<{text.encode().hex()[:40]}@customer.example>"
        receive(written(text=text, subject=text, message_id=key, at=since), at=since)
        case = max(find_cases(text=text.split()[-1].strip("?"), viewer=HOUSE), key=lambda row: row.id)
        new = NewWaiting(queue_id=queue_id, kind=Kind.CASE, subject_id=case.id, at=since, language="ko")
        return enter(new, actor=HOUSE, at=at)


def offer(house: House, waiting_id: int, *, at: datetime) -> bool:
    """Look for somebody to take something, and say whether it was offered."""
    with workspace_scope(house.north):
        return find_person(waiting_id, at=at)


def offer_of(house: House, name: str) -> OfferRow:
    """Return what somebody is being offered."""
    with workspace_scope(house.north):
        found = open_offer_of(house.ids[name])
    assert found is not None
    return found


def waiting(house: House) -> list[WaitingRow]:
    """Return all that waits in north."""
    with workspace_scope(house.north):
        return waiting_in(HOUSE)
