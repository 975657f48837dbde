"""Cases that nobody has wait in the queue their rules say, and whoever takes one has it."""

from datetime import datetime

import pytest

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_detail, statuses
from careloop.domains.cases.types import NewCase
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.domains.queues import queries as queues
from careloop.domains.queues.errors import BadRule, MayNotKeepQueues
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import RuleSettings
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.processes.hands import assign, change_status
from careloop.processes.routing import keeping
from careloop.processes.routing.answering import accept
from careloop.processes.routing.caring import Care, take_care
from careloop.processes.routing.searching import route
from careloop.processes.working import follow_log, work_off_due
from tests.cast import NOW
from tests.routing import Floor, later

pytestmark = pytest.mark.database

URGENT = {"field": "priority", "operator": "is", "value": "4"}


def opens(floor: Floor, *, priority: int = 2, at: datetime = NOW) -> int:
    with floor.scope():
        met = Met(address="omar@customer.example", name="Omar", language="ko", at=at)
        omar = recognize([met], source="mail", actor=HOUSE)[met.address]
        new = NewCase(
            subject_line="My parcel",
            requester_id=omar,
            requester_name="Omar",
            channel="email",
            conversation_id=None,
            team_id=None,
            priority=priority,
            at=at,
        )
        return cases.open_cases([new], actor=HOUSE)[0]


def settle() -> None:
    while follow_log() or work_off_due(clock.now()):
        pass


def wait_of(floor: Floor, case_id: int) -> tuple[int, Stage] | None:
    with floor.scope():
        row = queues.waiting_of_subject(kind=Kind.CASE, subject_id=case_id)
    return None if row is None else (row.queue_id, row.stage)


@pytest.fixture
def queue(floor: Floor) -> int:
    """A queue for all cases, and before it one for those that are urgent."""
    urgent = floor.queue(name="Urgent", kinds=(Kind.CASE,), is_by_language=False)
    rest = floor.queue(name="Rest", kinds=(Kind.CASE,), is_by_language=False)
    with floor.scope():
        keeping.make_rule(settings=RuleSettings(queue_id=urgent, conditions=URGENT), actor=HOUSE, at=NOW)
        keeping.make_rule(settings=RuleSettings(queue_id=rest), actor=HOUSE, at=NOW)
    return rest


def test_a_case_waits_where_its_rule_says_and_goes_to_who_takes_it(floor: Floor, queue: int) -> None:
    case_id = opens(floor)
    settle()
    assert wait_of(floor, case_id) == (queue, Stage.WAITING)
    ada = floor.works("ada", most={"case": 5})
    now = clock.now()
    route(now)
    offer = floor.offer_to("ada")
    assert offer is not None

    with floor.scope():
        accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=now)
        detail = case_detail(case_id=case_id, viewer=HOUSE)
        told = [one.name for one in history([subject("case", case_id)], limit=20)]
    settle()

    assert detail.row.assignee_id == ada
    assert {"waiting.entered", "offer.made", "offer.accepted", "case.assigned"} <= set(told)
    assert floor.seat("ada").held == {"case": 1}
    assert wait_of(floor, case_id) == (queue, Stage.TAKEN)


def test_an_urgent_case_waits_in_the_queue_for_such(floor: Floor, queue: int) -> None:
    case_id = opens(floor, priority=4)
    settle()

    found = wait_of(floor, case_id)
    assert found is not None
    assert found[0] != queue


def test_a_case_given_by_hand_waits_no_more_and_takes_room(floor: Floor, queue: int) -> None:
    case_id = opens(floor)
    settle()
    ada = floor.works("ada", most={"case": 5})
    route(clock.now())
    assert floor.offer_to("ada") is not None

    with floor.scope():
        grace = floor.house.ids["grace"]
        assign(case_id=case_id, assignee_id=grace, team_id=None, actor=floor.house.actor("mina"), at=clock.now())
    settle()

    assert floor.offer_to("ada") is None
    assert wait_of(floor, case_id) == (queue, Stage.LEFT)
    assert (floor.seat("grace").held, floor.seat("ada").held) == ({"case": 1}, {})
    assert ada not in {None, grace}


def test_a_case_that_waits_for_the_customer_takes_no_room(floor: Floor, queue: int) -> None:
    case_id = opens(floor)
    with floor.scope():
        ada = floor.house.ids["ada"]
        assign(case_id=case_id, assignee_id=ada, team_id=None, actor=floor.house.actor("mina"), at=clock.now())
    settle()
    assert floor.seat("ada").held == {"case": 1}

    with floor.scope():
        waiting = next(row.id for row in statuses() if row.category == "waiting")
        change_status(case_id=case_id, status_id=waiting, actor=floor.house.actor("ada"), at=clock.now())
    settle()

    assert floor.seat("ada").held == {}


def test_what_was_missed_is_found_again(floor: Floor) -> None:
    case_id = opens(floor)
    settle()
    assert wait_of(floor, case_id) is None
    queue = floor.queue(kinds=(Kind.CASE,))
    with floor.scope():
        keeping.make_rule(settings=RuleSettings(queue_id=queue), actor=HOUSE, at=NOW)

    for _twice in range(2):
        take_care(Care(), at=later(5))

    assert wait_of(floor, case_id) == (queue, Stage.WAITING)


def test_a_rule_that_cannot_be_asked_is_refused(floor: Floor, queue: int) -> None:
    with floor.scope():
        bad = RuleSettings(queue_id=queue, conditions={"field": "moon", "operator": "is", "value": "full"})
        with pytest.raises(BadRule):
            keeping.make_rule(settings=bad, actor=HOUSE, at=NOW)
        with pytest.raises(BadRule):
            keeping.make_rule(settings=RuleSettings(queue_id=queue, needs={77: 2}), actor=HOUSE, at=NOW)
        with pytest.raises(MayNotKeepQueues):
            keeping.make_rule(settings=RuleSettings(queue_id=queue), actor=floor.house.actor("grace"), at=NOW)
        assert len(queues.rules_of(HOUSE)) == 2
