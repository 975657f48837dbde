"""Those who lead and are there hear of callers who stand in a queue too long, while they do."""

from datetime import timedelta

import pytest

from careloop.domains.calls.course import Happened, Step
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.services import make_policy
from careloop.domains.commitments.services import ring as ring_clock
from careloop.domains.commitments.states import About, Measure, Whom
from careloop.domains.commitments.types import Escalation, PolicySettings
from careloop.domains.notifications.queries import notices_of
from careloop.domains.notifications.services import mark_call_read
from careloop.kernel.scope import workspace_scope
from careloop.processes.notifying import promises_told
from tests.calling import KEY, SEAT, connect, rows, tell
from tests.cast import NOW, House
from tests.chatting import later
from tests.promising import follow, ring
from tests.routing import Floor

pytestmark = pytest.mark.database

H = Happened


def caller(house: House) -> int:
    """Promise callers a minute, let one come into a queue, and return the telephone system."""
    settings = PolicySettings(
        name="Nobody waits over a minute",
        about=About.CALLS,
        targets={Measure.WAIT: {2: 60}},
        steps=(Escalation(share=0.75, tell=(Whom.LEADS,)), Escalation(share=1.0, tell=(Whom.LEADS,))),
    )
    with workspace_scope(house.north):
        make_policy(settings=settings, actor=house.actor("mina"), at=NOW - timedelta(hours=1))
        pbx_id = connect(user_id=house.ids["ada"], at=NOW)
        happens(pbx_id, house, (H.BEGAN, -5), (H.QUEUED, 0))
    follow()
    return pbx_id


def happens(pbx_id: int, house: House, *told: tuple[Happened, float]) -> None:
    steps = [Step(what=what, key=KEY, at=later(s), queue="billing", seat=SEAT) for what, s in told]
    tell(pbx_id, steps, people={SEAT: house.ids["ada"]}, at=NOW)


def told(house: House, name: str) -> list[str]:
    with workspace_scope(house.north):
        return [row.kind for row in reversed(notices_of(viewer=house.actor(name)).items)]


class TestTelling:
    def test_calls_the_lead_on_duty_to_the_call(self, house: House) -> None:
        Floor(house).works("grace")
        caller(house)

        ring(later(46))
        assert (told(house, "grace"), told(house, "mina")) == (["promise_due"], [])
        ring(later(61))

        assert (told(house, "grace"), told(house, "mina")) == (["promise_due", "promise_missed"], [])
        with workspace_scope(house.north):
            grace, (call,) = house.actor("grace"), rows()
            notices = notices_of(viewer=grace).items
            assert {(row.call_id, row.case_id) for row in notices} == {(call.id, None)}
            assert set(promises_told(notices).values()) == {
                "Wait in line: 75 % of the time is used up",
                "Wait in line: 100 % of the time is used up",
            }
            mark_call_read(call_id=call.id, actor=grace, at=later(62))
            assert all(row.is_read for row in notices_of(viewer=grace).items)

    def test_calls_those_who_manage_where_nobody_who_leads_is_there(self, house: House) -> None:
        caller(house)

        ring(later(46))

        assert (told(house, "grace"), told(house, "mina")) == ([], ["promise_due"])

    def test_calls_nobody_to_a_caller_whom_somebody_has(self, house: House) -> None:
        pbx_id = caller(house)
        # The clock rings, and before anybody reads that, somebody answers.
        with workspace_scope(house.north):
            ring_clock(clock_id=Clock.objects.get(call__isnull=False).pk, at=later(46))
            happens(pbx_id, house, (H.ANSWERED, 47))
        follow()

        assert (told(house, "grace"), told(house, "mina")) == ([], [])
