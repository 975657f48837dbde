"""A call of ours about a case keeps the callback that was promised in it, or is a try in vain; nobody has to say so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from careloop.domains.commitments.queries import clocks_of_cases
from careloop.domains.commitments.services import promise_callback
from careloop.domains.commitments.states import Measure, Outcome, Way
from careloop.domains.commitments.types import ClockRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.working import drain
from tests.cast import House
from tests.processes.calling.test_placing import AT, Place, asked
from tests.servers.manager import Manager, manager

pytestmark = pytest.mark.database


@pytest.fixture
def pbx() -> Iterator[Manager]:
    with manager() as running:
        running.play()
        yield running


class Promise(Place):
    """Ada has promised the customer to call within the hour."""

    def __init__(self, house: House, port: int) -> None:
        super().__init__(house, port)
        with workspace_scope(house.north):
            promise_callback(
                case_id=self.case_id,
                due_at=AT + timedelta(hours=1),
                way=Way.CALL,
                note="",
                actor=house.actor("ada"),
                at=AT,
            )

    def dials(self, pbx: Manager, *events: str, case_id: int | None = None) -> None:
        """Let Ada call, and the telephone system tell what came of it, ten seconds apart."""
        self.call(case_id=case_id)
        key = asked(pbx)[-1]["ChannelId"]
        for count, name in enumerate(events):
            self.told(
                {"Event": name, "Uniqueid": key, "Linkedid": key, "Channel": "PJSIP/101-1"}, seconds=10 + 10 * count
            )
        drain()

    def stands(self) -> ClockRow:
        with workspace_scope(self.house.north):
            (clock,) = clocks_of_cases([self.case_id], viewer=HOUSE, at=AT)[self.case_id]
        assert clock.measure is Measure.CALLBACK
        return clock

    def said(self) -> list[tuple[str, str]]:
        with workspace_scope(self.house.north):
            found = history([subject("case", self.case_id)], limit=20)
        return [(one.name, one.event.actor) for one in reversed(found) if one.name.startswith("callback.")][1:]


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


@pytest.fixture
def promise(house: House, pbx: Manager) -> Promise:
    return Promise(house, pbx.port)


class TestPromise:
    def test_is_kept_as_soon_as_the_customer_answers(self, house: House, pbx: Manager, promise: Promise) -> None:
        promise.dials(pbx, "BridgeEnter", case_id=promise.case_id)

        assert promise.stands().outcome is Outcome.KEPT
        assert promise.said() == [("callback.done", f"user:{house.ids['ada']}")]

        promise.told({"Event": "Hangup", "Uniqueid": asked(pbx)[-1]["ChannelId"]}, seconds=90)
        drain()
        assert len(promise.said()) == 1

    def test_is_tried_in_vain_where_nobody_picks_up(self, house: House, pbx: Manager, promise: Promise) -> None:
        promise.dials(pbx, "Hangup", case_id=promise.case_id)

        clock = promise.stands()
        assert (clock.outcome, clock.callback and clock.callback.tries) == (Outcome.RUNNING, 1)
        assert promise.said() == [("callback.tried", f"user:{house.ids['ada']}")]

    def test_is_left_alone_by_calls_about_something_else(self, pbx: Manager, promise: Promise) -> None:
        promise.dials(pbx, "BridgeEnter")

        assert promise.stands().outcome is Outcome.RUNNING
        assert promise.said() == []
