"""Whoever calls is promised a callback: by hand, by a program, or because they asked the telephone system."""

from datetime import timedelta
from typing import Any

import pytest

from careloop.domains.calls.errors import CallNotFound, CallUnclear, DoesNotWantCalls, MayNotHandleCalls
from careloop.domains.calls.models import Followed
from careloop.domains.calls.queries import call_row
from careloop.domains.calls.services import decline_calls
from careloop.domains.cases.queries import case_detail
from careloop.domains.commitments.callbacks import length_to_promise, on_the_quarter
from careloop.domains.commitments.errors import CallbackOwed
from careloop.domains.commitments.queries import callbacks_owed, calls_owed
from careloop.domains.customers.queries import card
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import QueueSettings
from careloop.domains.telephony.models import Pbx
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import book_callback
from careloop.processes.working import drain
from tests.calling import waiting
from tests.cast import NOW, House
from tests.processes.calling.test_placing import AT, Place

pytestmark = pytest.mark.database

NUMBER = "01055556666"


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


class Caller(Place):
    """Somebody whom nobody knows waits on the line, where a queue takes callbacks."""

    def __init__(self, house: House) -> None:
        super().__init__(house, 5038)
        with workspace_scope(house.north):
            Pbx.objects.update(user_events={"CallMe": "promise", "Other": "callback"})
            settings = QueueSettings(name="Calls back", kinds=(Kind.CALLBACK,), is_by_language=False)
            queue_acts.make_queue(settings=settings, actor=HOUSE, at=NOW)
            self.call_id = waiting(self.pbx_id, people={}, at=AT, number=NUMBER, key="7.7")
            Followed.objects.update(piece=0)

    def book(self, who: str = "ada", call_id: int | None = None) -> Any:
        with workspace_scope(self.house.south if who == "ines" else self.house.north):
            return book_callback(call_id=call_id or self.call_id, actor=self.house.actor(who), at=AT)

    def asks(self, name: str, *, times: int = 1, key: str = "7.7") -> None:
        """Let the telephone system tell that the caller asked for a callback."""
        self.told(*[{"Event": "UserEvent", "UserEvent": name, "Linkedid": key, "Number": NUMBER}] * times)
        drain()

    def owed(self) -> int:
        with workspace_scope(self.house.north):
            return len(calls_owed())


@pytest.fixture
def caller(house: House) -> Caller:
    return Caller(house)


class TestBooking:
    def test_makes_the_caller_known_and_stands_in_the_queue(self, house: House, caller: Caller) -> None:
        booked = caller.book()
        drain()

        with workspace_scope(house.north):
            row = call_row(caller.call_id)
            assert row.case_id is not None
            case = case_detail(case_id=row.case_id, viewer=HOUSE).row
            phones = [one.value for one in card(customer_id=case.requester_id, viewer=HOUSE).identities]
            (clock_id,) = calls_owed()
            wait = queues.waiting_of_subject(kind=Kind.CALLBACK, subject_id=clock_id)
            owed = callbacks_owed([row.case_id], viewer=HOUSE)[row.case_id]
        assert (booked.case_number, case.subject, phones) == (
            case.number,
            f"Asks to be called back at {NUMBER}.",
            [NUMBER],
        )
        assert owed == ("call", booked.due_at)
        assert booked.due_at == on_the_quarter(AT + timedelta(hours=2))
        assert wait is not None
        assert wait.stage is Stage.WAITING

    def test_is_once_and_for_whoever_may(self, house: House, caller: Caller) -> None:
        for who, error in (("ines", CallNotFound), ("cole", CallNotFound), ("anh", MayNotHandleCalls)):
            with pytest.raises(error):
                caller.book(who)
        caller.book()
        with pytest.raises(CallbackOwed):
            caller.book("grace")
        assert caller.owed() == 1

    def test_is_for_those_who_can_be_called(self, house: House, caller: Caller) -> None:
        with workspace_scope(house.north):
            withheld = waiting(caller.pbx_id, people={}, at=AT, number="", key="8.8")
            known = waiting(caller.pbx_id, people={}, at=AT, number="+821012345678", key="9.9")
            decline_calls(customer_id=caller.customer_id, actor=house.actor("ada"), at=NOW)
            caller.customer("Twin", "+82 55 5556 6667")
            caller.customer("Other twin", "055 5556 6667")
            either = waiting(caller.pbx_id, people={}, at=AT, number="05555566667", key="9.8")

        for call_id, error in ((withheld, CallUnclear), (known, DoesNotWantCalls), (either, CallUnclear)):
            with pytest.raises(error):
                caller.book(call_id=call_id)
        assert caller.owed() == 0


class TestAsked:
    def test_is_promised_once_however_often_the_telephone_system_says_it(self, caller: Caller) -> None:
        caller.asks("CallMe", times=3)
        caller.asks("CallMe")

        assert caller.owed() == 1

    def test_is_left_to_the_telephone_system_where_it_says_so(self, caller: Caller) -> None:
        caller.asks("Other")
        caller.asks("CallMe", key="1.0")

        assert caller.owed() == 0


class TestWindow:
    def test_is_what_nine_of_ten_waits_were_within(self) -> None:
        minutes = [60.0 * count for count in range(10, 100, 10)]

        assert length_to_promise(minutes) == timedelta(minutes=90)
        assert length_to_promise(minutes[:8]) == timedelta(hours=2)
        assert length_to_promise([60.0] * 20) == timedelta(minutes=30)
        assert length_to_promise([*minutes, *[60.0] * 10]) == timedelta(minutes=80)

    def test_says_a_time_that_can_be_said(self) -> None:
        quarter = NOW.replace(minute=15)

        assert on_the_quarter(quarter) == quarter
        assert on_the_quarter(quarter + timedelta(seconds=1)) == NOW.replace(minute=30)
