"""A laptop that sleeps, two supervisors at one moment, a worker that is killed, and many workers at once."""

import os
import signal
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connections, transaction

from careloop.domains.chats.services import ANSWER_DUE
from careloop.domains.queues import queries as queues
from careloop.domains.queues.errors import MovedMeanwhile
from careloop.domains.queues.models import Offer
from careloop.domains.queues.states import Kind, Outcome, Stage
from careloop.domains.workforce.states import State
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.timers import ring_due
from careloop.processes.chatting import hand_over, leave, move_chat_back, pick
from careloop.processes.routing.answering import accept
from careloop.processes.routing.caring import Care, take_care
from careloop.processes.routing.chats import place_chat_soon
from careloop.processes.routing.searching import route
from careloop.processes.routing.supervising import hand_to, move
from careloop.processes.subscriptions import RINGS
from tests.chatting import begin, put_on_site
from tests.faults.mortal import prepare
from tests.processes.test_two_at_once import at_once
from tests.routing import Floor, later

pytestmark = pytest.mark.database


def taken_chat(floor: Floor) -> int:
    """Let Ada take a chat, and return its wait."""
    waiting = floor.comes(floor.queue())
    floor.route()
    offer = floor.offer_to("ada")
    assert offer is not None
    with floor.scope():
        accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(1))
    return waiting


class TestASleepingLaptop:
    def test_what_it_was_offered_goes_to_somebody_else(self, floor: Floor) -> None:
        floor.works("ada")
        waiting = floor.comes(floor.queue(offer_s=600))
        floor.route()
        assert floor.offer_to("ada") is not None

        assert take_care(Care(), at=later(75)) == 0
        floor.works("grace", at=later(76))
        assert take_care(Care(), at=later(77)) == 1
        floor.route(78)

        offer, seat = floor.offer_to("grace"), floor.seat("ada")
        assert offer is not None
        assert offer.waiting_id == waiting
        assert (seat.state, seat.reason) == (State.OFFLINE, "dropped_off")
        assert seat.forced_by == "house:routing"

    def test_its_live_chat_waits_again_where_it_stood(self, floor: Floor) -> None:
        floor.works("ada")
        waiting = taken_chat(floor)

        take_care(Care(), at=later(80))
        floor.works("grace", at=later(81))
        floor.route(82)

        row, offer = floor.waiting(waiting), floor.offer_to("grace")
        assert (row.stage, row.entered_at) == (Stage.OFFERED, later(0))
        assert offer is not None
        assert floor.seat("ada").held == {}

    def test_whoever_is_seen_keeps_all(self, floor: Floor) -> None:
        floor.works("ada")
        waiting = taken_chat(floor)
        with floor.scope():
            floor.is_seen("ada", at=later(70))

        assert take_care(Care(), at=later(100)) == 0
        assert floor.waiting(waiting).stage is Stage.TAKEN


class TestTwoSupervisors:
    def test_one_moves_it_and_the_other_is_told(self, floor_for_real: Floor) -> None:
        floor = floor_for_real
        here, there, elsewhere = floor.queue(), floor.queue(), floor.queue()
        waiting = floor.comes(here)
        seen = floor.waiting(waiting).revision

        def moves(name: str, queue_id: int) -> Callable[[], None]:
            def act() -> None:
                with floor.scope():
                    mover = floor.house.actor(name)
                    move(waiting_id=waiting, queue_id=queue_id, revision=seen, actor=mover, at=later(1))

            return act

        outcomes = at_once(moves("grace", there), moves("mina", elsewhere))

        assert [type(one) for one in outcomes if one is not None] == [MovedMeanwhile]
        assert floor.waiting(waiting).queue_id in {there, elsewhere}

    def test_what_is_handed_over_is_taken_from_who_was_asked(self, floor: Floor) -> None:
        floor.works("ada")
        waiting = floor.comes(floor.queue())
        floor.route()
        assert floor.offer_to("ada") is not None

        with floor.scope():
            olga = floor.house.ids["olga"]
            hand_to(waiting_id=waiting, user_id=olga, revision=None, actor=floor.house.actor("grace"), at=later(2))

        row = floor.waiting(waiting)
        assert (row.stage, row.taken_by_id) == (Stage.TAKEN, olga)
        with floor.scope():
            told = queues.offers_of(HOUSE, waiting_ids=[waiting])[waiting]
        assert [(one.user_id, one.outcome, one.why.moved_by_id) for one in told] == [
            (floor.house.ids["ada"], Outcome.WITHDRAWN, None),
            (olga, Outcome.ACCEPTED, floor.house.ids["grace"]),
        ]
        assert floor.offer_to("ada") is None
        assert floor.seat("ada").state is State.AVAILABLE


def _lets_be(_chat_id: int, _at: datetime) -> None:
    pass


class TestEventsOutOfOrder:
    @pytest.mark.parametrize("length", range(1, 6))
    def test_and_told_again_come_to_how_the_chat_stands(self, floor: Floor, length: int) -> None:
        queue = floor.queue(is_by_language=False)
        ada, grace = floor.works("ada"), floor.works("grace")
        with floor.scope():
            actor, lead = floor.house.actor("ada"), floor.house.actor("grace")
            chat = begin(put_on_site(queue_id=queue))
            acts: tuple[Callable[[], object], ...] = (
                lambda: pick(chat_id=chat.id, actor=actor, at=later(10)),
                lambda: hand_over(chat_id=chat.id, user_id=grace, about="Parcel.", actor=actor, at=later(20)),
                lambda: move_chat_back(chat_id=chat.id, seen_agent_id=None, actor=lead, at=later(30)),
                lambda: leave(chat=chat, wants_transcript=False, at=later(40)),
            )
            for act in acts[: length - 1]:
                act()
            told = history([subject("chat", chat.id)], limit=20)

        for one in (*told, *reversed(told), *told):  # the newest first, then as it was, then again
            with floor.scope():
                place_chat_soon([one])
            # All of it was long ago, and nobody's silence is tried here.
            ring_due(floor.house.north, rings={**RINGS, ANSWER_DUE: _lets_be}, at=clock.now())

        with floor.scope():
            row = queues.waiting_of_subject(kind=Kind.CHAT, subject_id=chat.id)
        is_waiting = row is not None and row.stage is Stage.WAITING
        held = {user_id for user_id, name in ((ada, "ada"), (grace, "grace")) if floor.seat(name).held}
        stands = [(True, set()), (False, {ada}), (False, {grace}), (True, set()), (False, set())]
        assert (is_waiting, held) == stands[length - 1]


class TestManyWorkers:
    def test_nothing_is_offered_twice(self, floor_for_real: Floor) -> None:
        floor = floor_for_real
        queue = floor.queue()
        people = [floor.works(name) for name in ("ada", "grace", "mina", "olga")]
        things = [floor.comes(queue) for _number in range(6)]

        def works() -> int:
            made = 0
            for second in range(6):
                made += route(later(1 + second))
            return made

        outcomes = at_once(works, works, works, works)

        assert sum(one for one in outcomes if isinstance(one, int)) == len(people)
        with floor.scope():
            offers = [one for found in queues.offers_of(HOUSE, waiting_ids=things).values() for one in found]
        assert sorted(one.user_id for one in offers) == sorted(people)
        assert len({one.waiting_id for one in offers}) == len(people)

    def test_the_database_itself_lets_no_two_offers_be_open(self, floor: Floor) -> None:
        floor.works("ada")
        waiting = floor.comes(floor.queue())
        floor.route()

        with floor.scope(), pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.create(
                waiting_id=waiting, user_id=floor.house.ids["grace"], offered_at=later(1), expires_at=later(9)
            )


@pytest.mark.parametrize(
    "death",
    [
        "careloop.processes.routing.searching:_offer_at_once:before",
        "careloop.domains.workforce.services:begin_offer:after",
        "careloop.domains.queues.services:make_offer:after",
        "careloop.processes.routing.searching:_offer_at_once:after",
    ],
)
def test_a_worker_killed_while_it_offers_leaves_the_work_to_others(floor_for_real: Floor, death: str) -> None:
    floor = floor_for_real
    floor.works("ada")
    waiting = floor.comes(floor.queue())
    connections.close_all()
    if not (child := os.fork()):
        prepare(death)
        route(later(1))
        os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert floor.offer_to("ada") is None

    assert floor.route(2) == 1

    with floor.scope():
        told = queues.offers_of(HOUSE, waiting_ids=[waiting])[waiting]
    assert [(one.user_id, one.outcome) for one in told] == [(floor.house.ids["ada"], Outcome.OPEN)]
