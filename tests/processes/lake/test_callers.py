"""What was promised to callers is a fact like any promise: of the call and its queue, and in the level."""

from datetime import timedelta
from pathlib import Path

import pytest

from careloop.domains.calls.course import Happened, Step
from careloop.domains.commitments.services import make_policy
from careloop.domains.commitments.states import About, Measure
from careloop.domains.commitments.types import PolicySettings
from careloop.insight import kpis
from careloop.insight.facts import read
from careloop.kernel.scope import workspace_scope
from careloop.processes.lake.following import lake_of
from careloop.processes.lake.rebuilding import rebuild
from tests.calling import SEAT, connect, rows, tell
from tests.cast import NOW, House
from tests.chatting import later
from tests.processes.lake.test_following import LATER, facts_in, follow_all, root, settle

__all__ = ["root"]

pytestmark = pytest.mark.database
H = Happened


def test_what_was_promised_to_callers_is_measured_by_queue_and_never_as_a_case(house: House, root: Path) -> None:
    calls = {
        "1.1": [(H.QUEUED, 0, "billing"), (H.LEFT, 40, "billing"), (H.ANSWERED, 40.002, "billing")],
        "2.2": [(H.QUEUED, 0, "billing"), (H.GAVE_UP, 50, "billing"), (H.HUNG_UP, 50.1, "")],
        "3.3": [(H.QUEUED, 0, "claims"), (H.GAVE_UP, 70, "claims"), (H.HUNG_UP, 70.1, "")],
    }
    with workspace_scope(house.north):
        settings = PolicySettings(
            name="A minute",
            about=About.CALLS,
            targets={Measure.WAIT: {2: 60}},
            levels={Measure.WAIT: 0.8},
            steps=(),
        )
        make_policy(settings=settings, actor=house.actor("mina"), at=NOW - timedelta(hours=1))
        pbx_id = connect(user_id=house.ids["ada"], at=NOW)
        for key, said in calls.items():
            steps = [Step(what=what, key=key, at=later(s), queue=queue, seat=SEAT) for what, s, queue in said]
            tell(pbx_id, steps, people={SEAT: house.ids["ada"]}, at=NOW)
        names = [row.contact_key for row in rows()]
    settle(later(140))

    follow_all(root)

    told = facts_in(root, house.north)["commitment"]
    found = {row["contact_id"]: row for row in told}
    assert list(found) == names
    assert [(row["outcome"], row["queue_id"], row["channel"], row["case_id"]) for row in told] == [
        ("kept", "billing", "voice", None),
        ("called_off", "billing", "voice", None),
        ("missed", "claims", "voice", None),
    ]
    assert {(row["measure"], row["limit_s"], row["share"], row["priority"]) for row in told} == {
        ("wait", 60.0, 0.8, None)
    }
    facts = read(lake_of(root, house.north).root)
    level = kpis.measure(facts, "sla_attainment", options={"measure": "wait"}, by=["queue"])
    assert {row.dimensions["queue"]: (row.numerator, row.denominator) for row in level.rows if row.denominator} == {
        "billing": (1, 1),
        "claims": (0, 1),
    }
    rebuild(root, house.north, at=LATER)
    assert facts_in(root, house.north)["commitment"] == told
