"""A customer whom we promised to call waits in the one queue, is called in the order of our word, and is tried again in vain."""

from datetime import datetime, timedelta

import pytest

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.types import NewCase
from careloop.domains.commitments import services as commitments
from careloop.domains.commitments.callbacks import MOST_TRIES, next_try_at
from careloop.domains.commitments.queries import call_owed_in, calls_owed
from careloop.domains.commitments.states import NotReached, Reason, Way
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.domains.queues import queries as queues
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import RuleSettings
from careloop.domains.workforce.queries import holdings_of
from careloop.kernel.actors import HOUSE
from careloop.processes.floor import waiting_there
from careloop.processes.routing import keeping
from careloop.processes.routing.answering import accept
from careloop.processes.routing.callbacks import sweep_callbacks
from careloop.processes.routing.searching import route
from careloop.processes.routing.supervising import leave
from careloop.processes.working import drain
from tests.cast import NOW
from tests.routing import Floor, later

pytestmark = pytest.mark.database

MINUTE = 60
HOUR = 60 * MINUTE
CALLBACKS = {"callback": 1}


class Line:
    """A queue of callbacks, and a clock that the test sets."""

    def __init__(self, floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
        self.floor, self.now = floor, NOW
        monkeypatch.setattr("careloop.kernel.clock.now", lambda: self.now)
        self.queue = floor.queue(name="Calls back", kinds=(Kind.CALLBACK,), is_by_language=False)

    def at(self, seconds: float) -> datetime:
        """Let it be so late, and the house do what is due."""
        self.now = later(seconds)
        drain()
        return self.now

    def promises(self, name: str, *, due: float, from_: float | None = None, way: Way = Way.CALL) -> int:
        """Promise a customer a callback in a case of their own, and return the case."""
        with self.floor.scope():
            met = Met(address=f"{name}@customer.example", name=name, language="", at=self.now)
            customer = recognize([met], source="mail", actor=HOUSE)[met.address]
            new = NewCase(
                subject_line=f"Parcel of {name}",
                requester_id=customer,
                requester_name=name,
                channel="email",
                conversation_id=None,
                team_id=None,
                at=self.now,
            )
            case_id = cases.open_cases([new], actor=HOUSE)[0]
            commitments.promise_callback(
                case_id=case_id,
                due_at=later(due),
                way=way,
                note="",
                from_at=None if from_ is None else later(from_),
                actor=self.floor.house.actor("mina"),
                at=self.now,
            )
        drain()
        return case_id

    def tried(self, case_id: int, outcome: NotReached = NotReached.NO_ANSWER) -> None:
        with self.floor.scope():
            actor = self.floor.house.actor("mina")
            commitments.try_callback(case_id=case_id, outcome=outcome, actor=actor, at=self.now)
        drain()

    def stage(self, case_id: int, kind: Kind = Kind.CALLBACK) -> Stage | None:
        with self.floor.scope():
            subject_id = case_id if kind is Kind.CASE else call_owed_in(case_id)
            row = queues.waiting_of_subject(kind=kind, subject_id=subject_id) if subject_id is not None else None
        return None if row is None else row.stage

    def order(self) -> list[str]:
        with self.floor.scope():
            return [one.case.requester for one in waiting_there(HOUSE) if one.case is not None]

    def takes(self, name: str) -> str:
        """Let somebody take what they are offered, and say whose it is."""
        route(self.now)
        offer = self.floor.offer_to(name)
        assert offer is not None
        with self.floor.scope():
            (told,) = [one for one in waiting_there(HOUSE) if one.row.id == offer.waiting_id]
            accept(offer_id=offer.id, actor=self.floor.house.actor(name), at=self.now)
        drain()
        assert told.case is not None
        assert told.due_at is not None
        return told.case.requester

    def in_hand(self, name: str) -> list[str]:
        return [one.kind for one in holdings_of(self.floor.house.ids[name])]


@pytest.fixture
def line(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(floor, monkeypatch)


class TestWaiting:
    def test_is_in_the_order_in_which_our_word_is_due(self, line: Line) -> None:
        line.promises("Omar", due=3 * HOUR)
        line.promises("Yuna", due=HOUR)
        line.promises("Ben", due=2 * HOUR)
        line.promises("Lan", due=HOUR, way=Way.WRITE)

        assert line.order() == ["Yuna", "Ben", "Omar"]

        line.floor.works("ada", most=CALLBACKS)
        assert line.takes("ada") == "Yuna"
        assert line.order() == ["Ben", "Omar"]
        assert route(line.now) == 0  # one customer at a time

    def test_begins_when_the_customer_expects_it(self, line: Line) -> None:
        case_id = line.promises("Omar", from_=HOUR, due=2 * HOUR)
        assert line.stage(case_id) is None

        line.at(HOUR - 1)
        assert line.stage(case_id) is None
        line.at(HOUR)
        assert line.stage(case_id) is Stage.WAITING

    def test_takes_the_place_of_its_case_and_gives_it_back(self, line: Line) -> None:
        rest = line.floor.queue(name="Rest", kinds=(Kind.CASE,), is_by_language=False)
        with line.floor.scope():
            keeping.make_rule(settings=RuleSettings(queue_id=rest), actor=HOUSE, at=NOW)

        case_id = line.promises("Omar", due=HOUR)

        assert line.stage(case_id) is Stage.WAITING
        assert line.stage(case_id, Kind.CASE) in {None, Stage.LEFT}
        with line.floor.scope():
            actor = line.floor.house.actor("mina")
            commitments.cancel_callback(case_id=case_id, reason=Reason.CUSTOMER_ASKED, actor=actor, at=line.now)
        drain()
        assert line.order() == ["Omar"]
        assert line.stage(case_id, Kind.CASE) is Stage.WAITING

    def test_is_by_hand_where_no_queue_takes_callbacks(self, line: Line) -> None:
        with line.floor.scope():
            queue = queues.house_queue(line.queue).settings
            keeping.change_queue(
                queue_id=line.queue,
                settings=type(queue)(name=queue.name, kinds=(Kind.CASE,)),
                actor=HOUSE,
                at=NOW,
            )

        assert line.stage(line.promises("Omar", due=HOUR)) is None

    def test_is_found_again_where_it_was_missed(self, line: Line) -> None:
        case_id = line.promises("Omar", due=HOUR)
        with line.floor.scope():
            (clock_id,) = calls_owed()
            leave(kind=Kind.CALLBACK, subject_id=clock_id, reason="later", actor=HOUSE, at=line.now)
            for _twice in range(2):
                sweep_callbacks(limit=10, at=line.now)

        assert line.stage(case_id) is Stage.WAITING
        assert line.order() == ["Omar"]


class TestTaken:
    def test_has_the_case_and_lets_go_when_the_customer_was_reached(self, line: Line) -> None:
        ada = line.floor.works("ada", most=CALLBACKS)
        case_id = line.promises("Omar", due=HOUR)

        line.takes("ada")

        with line.floor.scope():
            assert case_detail(case_id=case_id, viewer=HOUSE).row.assignee_id == ada
        assert "callback" in line.in_hand("ada")
        with line.floor.scope():
            commitments.finish_callback(case_id=case_id, actor=line.floor.house.actor("ada"), at=line.at(5 * MINUTE))
        drain()
        assert "callback" not in line.in_hand("ada")
        assert line.order() == []

    def test_is_tried_again_within_the_time_and_then_left_to_a_person(self, line: Line) -> None:
        line.floor.works("ada", most=CALLBACKS)
        case_id = line.promises("Omar", due=2 * HOUR)
        seen = []

        for _try in range(MOST_TRIES):
            line.takes("ada")
            line.tried(case_id)
            assert line.in_hand("ada") == ["case"]
            assert line.order() == []
            with line.floor.scope():
                (owed,) = calls_owed().values()
            seen.append(owed.ready_at)
            if owed.ready_at is not None:
                with line.floor.scope():
                    line.floor.is_seen("ada", at=owed.ready_at)
                line.at((owed.ready_at - NOW).total_seconds())
                assert line.order() == ["Omar"]

        assert seen == [later(40 * MINUTE), later(80 * MINUTE), None]
        line.at(90 * MINUTE)
        assert line.order() == []

    def test_waits_again_at_once_when_another_time_is_promised(self, line: Line) -> None:
        case_id = line.promises("Omar", due=2 * HOUR)
        line.tried(case_id, NotReached.BUSY)
        assert line.order() == []

        with line.floor.scope():
            actor = line.floor.house.actor("mina")
            commitments.move_callback(
                case_id=case_id, due_at=later(HOUR), reason=Reason.CUSTOMER_ASKED, actor=actor, at=line.now
            )
        drain()

        assert line.order() == ["Omar"]


class TestNextTry:
    def test_shares_out_what_is_left_and_rests_ten_minutes_at_least(self) -> None:
        due = later(2 * HOUR)

        assert next_try_at(tried=1, due_at=due, at=NOW) == later(40 * MINUTE)
        assert next_try_at(tried=2, due_at=due, at=later(40 * MINUTE)) == later(80 * MINUTE)
        assert next_try_at(tried=3, due_at=due, at=later(80 * MINUTE)) is None
        assert next_try_at(tried=1, due_at=due, at=due + timedelta(hours=1)) == due + timedelta(minutes=70)
