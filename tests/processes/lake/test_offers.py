"""What a queue offered becomes a fact of the leg that waited: when it was put before somebody, and how long that rang."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from careloop.domains.queues import events as queues
from careloop.kernel import clock
from careloop.processes.chatting import leave
from careloop.processes.lake.offers import rung
from careloop.processes.routing.answering import accept, refuse
from careloop.processes.routing.searching import route
from tests.cast import NOW, House
from tests.chatting import answer, begin, later, put_on_site
from tests.processes.conftest import bare_house, house
from tests.processes.lake.test_folding import story
from tests.processes.lake.test_following import facts_in, follow_all, settle
from tests.routing import Floor

__all__ = ["bare_house", "house"]


def made(offer_id: int, user_id: int, seconds: float) -> queues.OfferMade:
    return queues.OfferMade(
        subject="chat:1", actor="house:routing", at=later(seconds), offer_id=offer_id, waiting_id=1, queue_id=1,
        user_id=user_id, entered_at=NOW,
    )  # fmt: skip


def taken(offer_id: int, user_id: int, seconds: float) -> queues.OfferAccepted:
    return queues.OfferAccepted(
        subject="chat:1", actor=f"user:{user_id}", at=later(seconds), offer_id=offer_id, waiting_id=1, queue_id=1,
        user_id=user_id, offered_at=NOW, waited_s=0,
    )  # fmt: skip


def ended(offer_id: int, user_id: int, seconds: float) -> queues.OfferEnded:
    return queues.OfferEnded(
        subject="chat:1", actor="house:routing", at=later(seconds), offer_id=offer_id, waiting_id=1, queue_id=1,
        user_id=user_id, offered_at=NOW, outcome="refused", reason="busy",
    )  # fmt: skip


def leg(since: float, *, answered: float | None = None, agent: str = "user:000000000007") -> dict[str, Any]:
    told: dict[str, datetime | str] = {"queued_at": later(since)}
    return told if answered is None else told | {"answered_at": later(answered), "agent_id": agent}


def times(segments: list[dict[str, Any]]) -> list[tuple[datetime | None, float | None]]:
    return [(row.get("offered_at"), row.get("ring_s")) for row in segments]


class TestRinging:
    def test_is_of_the_offer_that_was_taken_whatever_was_refused_before(self) -> None:
        told = story([made(1, 8, 10), ended(1, 8, 15), made(2, 7, 20), taken(2, 7, 26)])

        assert times(rung([leg(0, answered=40)], told)) == [(later(20), 6.0)]

    def test_of_a_leg_that_nobody_took_is_of_the_last_offer(self) -> None:
        assert times(rung([leg(0)], story([made(1, 8, 10), ended(1, 8, 15)]))) == [(later(10), 5.0)]
        assert times(rung([leg(0)], story([made(1, 8, 10)]))) == [(later(10), None)]

    def test_belongs_to_the_leg_in_which_it_rang(self) -> None:
        told = story([made(1, 8, 10), taken(1, 8, 12), made(2, 7, 110), taken(2, 7, 113)])
        legs = [leg(0, answered=20, agent="user:000000000008"), leg(100, answered=120)]

        assert times(rung(legs, told)) == [(later(10), 2.0), (later(110), 3.0)]

    def test_is_nothing_where_no_queue_offered_it(self) -> None:
        assert rung([leg(0, answered=20)], ()) == [leg(0, answered=20)]


@pytest.mark.database
def test_an_offered_chat_tells_when_it_rang(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [NOW]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    floor = Floor(house)
    queue = floor.queue(is_by_language=False)
    with floor.scope():
        chat = begin(put_on_site(queue_id=queue))
    settle(NOW)
    for name, second in (("grace", 5), ("ada", 10)):
        at[0] = later(second)
        floor.works(name, at=at[0])
        route(at[0])
        offer = floor.offer_to(name)
        assert offer is not None
        at[0] = later(second + 3)
        with floor.scope():
            actor = house.actor(name)
            if name == "grace":
                refuse(offer_id=offer.id, reason="busy", actor=actor, at=at[0])
            else:
                accept(offer_id=offer.id, actor=actor, at=at[0])
        settle(at[0])
        follow_all(tmp_path, at=at[0])
    at[0] = later(30)
    with floor.scope():
        answer(house, chat, "It comes tomorrow.", at=at[0])
        leave(chat=chat, wants_transcript=False, at=later(40))
    settle(later(41))
    follow_all(tmp_path)

    (row,) = facts_in(tmp_path, house.north)["contact_segment"]
    assert (row["offered_at"], row["ring_s"], row["answered_at"]) == (later(10), 3.0, later(30))
