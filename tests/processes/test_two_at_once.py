"""Two people, or two workers, at the same moment: one wins, the other is told, nothing is doubled."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connections

from careloop.domains.cases.errors import ChangedMeanwhile
from careloop.domains.cases.queries import case_detail, case_id_of_number
from careloop.domains.conversations.queries import message_row, messages, newest_message_id
from careloop.domains.conversations.services import DISPATCH
from careloop.domains.customers.queries import customers
from careloop.gateways.smtp.fake import Outbox
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.timers import ring_due
from careloop.processes.answering import reply, take_back
from careloop.processes.answering.types import Words
from careloop.processes.sending import dispatch, send
from careloop.processes.working import follow_log, work_off_due
from tests.cast import NOW, House, open_house
from tests.mailing import receive, written
from tests.processes.conftest import ready

pytestmark = pytest.mark.database


@pytest.fixture
def open_for_real(committed: None) -> House:
    """The cast in real transactions, which other connections can see."""
    house = open_house()
    ready(house)
    return house


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own, all from the same moment; return what came back or was raised."""
    outcomes: list[object] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes.append(work())
        except Refusal as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_agents_answer_one_customer_once(open_for_real: House) -> None:
    house = open_for_real
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        case_id = case_id_of_number(number=1, viewer=HOUSE)
        ranges = case_detail(case_id=case_id, viewer=HOUSE).conversations
        seen = newest_message_id([c.conversation_id for c in ranges])

    def answer(name: str) -> Callable[[], int]:
        def work() -> int:
            with workspace_scope(house.north):
                return reply(
                    case_id=case_id,
                    words=Words(text=f"{name} answers", html=""),
                    seen_message_id=seen,
                    actor=house.actor(name),
                    at=NOW,
                )

        return work

    outcomes = at_once(answer("ada"), answer("grace"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [ChangedMeanwhile.__name__, "int"]
    with workspace_scope(house.north):
        said = messages([(c.conversation_id, None, None) for c in ranges], limit=10, for_customer=True)
    assert len(said) == 2


def test_two_mails_from_a_new_sender_make_one_customer(open_for_real: House) -> None:
    house = open_for_real

    def mail(number: int) -> Callable[[], object]:
        def work() -> object:
            with workspace_scope(house.north):
                return receive(
                    written(text=f"Question {number}", message_id=f"<{number}@customer.example>", at=NOW), at=NOW
                )

        return work

    at_once(*(mail(number) for number in range(4)))

    with workspace_scope(house.north):
        known = customers(viewer=HOUSE).items
        numbers = [
            case_detail(case_id=case_id_of_number(number=n, viewer=HOUSE), viewer=HOUSE).row.number
            for n in (1, 2, 3, 4)
        ]
    assert [row.address for row in known] == ["omar@customer.example"]
    assert numbers == [1, 2, 3, 4]


def test_two_workers_send_one_message_once(open_for_real: House) -> None:
    house = open_for_real
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        answer_id = reply(
            case_id=case_id_of_number(number=1, viewer=HOUSE),
            words=Words(text="On its way", html=""),
            actor=house.actor("ada"),
            at=NOW,
        )
    work_off_due(clock.now())
    while follow_log():
        pass
    outbox = Outbox()

    at_once(*[lambda: send(workspace_id=house.north, message_id=answer_id, wire=outbox)] * 4)

    assert len(outbox.sent) == 1


def test_taking_back_while_the_timer_rings_waits_for_nobody(open_for_real: House) -> None:
    house = open_for_real
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        answer_id = reply(
            case_id=case_id_of_number(number=1, viewer=HOUSE),
            words=Words(text="On its way", html=""),
            actor=house.actor("ada"),
            at=NOW,
        )
    rings, is_taken_back = threading.Event(), threading.Event()

    def ring(message_id: int, at: datetime) -> None:
        rings.set()
        is_taken_back.wait(timeout=10)
        dispatch(message_id, at)

    def take_back_meanwhile() -> None:
        rings.wait(timeout=10)
        with workspace_scope(house.north):
            take_back(message_id=answer_id, actor=house.actor("ada"), at=NOW)
        is_taken_back.set()

    outcomes = at_once(
        lambda: ring_due(house.north, rings={DISPATCH: ring}, at=NOW + timedelta(minutes=1)),
        take_back_meanwhile,
    )

    with workspace_scope(house.north):
        row = message_row(answer_id)
    assert outcomes == [None, 1]
    assert row is not None
    assert row.delivery is not None
    assert row.delivery.state == "recalled"
