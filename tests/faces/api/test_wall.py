"""The wall for machines: the same figures, the same rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from careloop.domains.people.types import Scope
from careloop.domains.wallboards.queries import alarms, targets, thresholds
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.domains.wallboards.floor import open_floor, read_all
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import seed
from tests.faces.web.wall.test_feeds import feed

pytestmark = pytest.mark.database

MachineOf = Callable[..., Machine]
GIVEN = {"figure": "longest_wait_seconds", "direction": "above", "warning": 300, "alarm": 900, "margin": 60}


class TestFigures:
    def test_are_those_of_the_page(self, house: House, machine_of: MachineOf) -> None:
        with workspace_scope(house.north):
            floor = open_floor(house)
            floor.writes(0, at=clock.now())
        read_all()

        answer = machine_of("ada").get("/wall").json()

        assert (answer["total"]["waiting"], answer["total"]["today"]["value"]) == (1, None)
        (queue,) = answer["queues"]
        assert (queue["team_id"], queue["channel"], queue["target_seconds"]) == (floor.teams[0], "email", 14_400)
        assert answer["attendance"] == {"here": 0, "away": 2}
        assert machine_of("ada").get(f"/wall?team_id={floor.teams[1]}").json()["total"]["waiting"] == 0
        assert machine_of("ada").get("/wall?team_id=99999").status_code == 422
        assert machine_of("mina", scopes=[Scope.PEOPLE_READ]).get("/wall").status_code == 403

    def test_are_null_and_not_0_while_another_source_is_behind(self, house: House, machine_of: MachineOf) -> None:
        feed(house, through=clock.now() - timedelta(hours=1), agents={"available": 3})

        answer = machine_of("ada").get("/wall").json()

        (queue,), (fed,) = answer["queues"], answer["feeds"]
        assert (queue["queue"], queue["waiting"], queue["overdue"], queue["is_open_known"]) == (
            "billing",
            None,
            None,
            False,
        )
        assert (answer["total"]["waiting"], answer["total"]["is_open_known"]) == (None, False)
        assert (fed["source"], fed["is_live"], fed["agents"]) == ("import:pbx", False, None)


class TestThresholds:
    def test_are_made_changed_and_removed(self, house: House, machine_of: MachineOf) -> None:
        grace = machine_of("grace")

        made = grace.post("/wall/thresholds", GIVEN)
        assert made.status_code == 201, made.content
        key = made.json()["id"]
        assert made.json() | {"level": None, "warning": 300.0, "hold_seconds": 60} == made.json()
        changed = grace.send("PUT", f"/wall/thresholds/{key}", {"warning": 600, "alarm": 900})
        assert changed.json()["warning"] == 600
        refused = grace.send("PUT", f"/wall/thresholds/{key}", {"warning": 900, "alarm": 600})
        assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"alarm"})
        assert [row["id"] for row in grace.get("/wall/thresholds").json()["items"]] == [key]
        assert grace.send("DELETE", f"/wall/thresholds/{key}").status_code == 204
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE) == []

    def test_name_a_queue_whose_standing_is_told(self, house: House, machine_of: MachineOf) -> None:
        seeded, grace = seed(house), machine_of("grace")
        asked = GIVEN | {"figure": "queue_longest_wait_seconds", "queue_id": seeded.queue_id}

        made = grace.post("/wall/thresholds", asked).json()

        assert (made["queue_id"], made["team_id"]) == (seeded.queue_id, None)
        changed = grace.send("PUT", f"/wall/thresholds/{made['id']}", {"warning": 600})
        assert (changed.json()["queue_id"], changed.json()["warning"]) == (seeded.queue_id, 600)
        refused = grace.post("/wall/thresholds", GIVEN | {"queue_id": seeded.queue_id})
        assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"queue_id"})
        (stands,) = grace.get("/queue-standings").json()["items"]
        assert (stands["queue_id"], stands["waiting"], stands["free_count"]) == (seeded.queue_id, 1, 0)

    def test_are_set_by_those_who_lead(self, house: House, machine_of: MachineOf) -> None:
        assert machine_of("ada").post("/wall/thresholds", GIVEN).status_code == 403
        assert machine_of("ada").send("PUT", "/wall/targets", {"seconds": 60}).status_code == 403
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE) == []
            assert targets() == []

    def test_targets_are_set_and_taken_back(self, house: House, machine_of: MachineOf) -> None:
        grace = machine_of("grace")
        given = {"channel": "email", "seconds": 7200}
        assert grace.send("PUT", "/wall/targets", given).json() == {
            "items": [{"team_id": None, "channel": "email", "seconds": 7200}]
        }
        assert grace.send("PUT", "/wall/targets", given | {"seconds": 61}).status_code == 422
        assert grace.send("PUT", "/wall/targets", given | {"seconds": None}).json() == {"items": []}
        assert grace.get("/wall/targets").json() == {"items": []}


class TestAlarms:
    def test_are_acknowledged_once(self, house: House, machine_of: MachineOf) -> None:
        alarm_id = seed(house).alarm_id

        assert machine_of("anh").post(f"/wall/alarms/{alarm_id}/acknowledgment").status_code == 403
        answer = machine_of("ada").post(f"/wall/alarms/{alarm_id}/acknowledgment")
        assert (answer.status_code, answer.json()["acknowledged_by"]) == (200, house.ids["ada"])
        again = machine_of("grace").post(f"/wall/alarms/{alarm_id}/acknowledgment")
        assert (again.status_code, again.json()["error"]["code"]) == (409, "already_acknowledged")
        (shown,) = machine_of("anh").get("/wall/alarms").json()["items"]
        assert (shown["level"], shown["figure"], shown["cleared_at"]) == ("warning", "unassigned", None)
        with workspace_scope(house.north):
            assert len(alarms(viewer=HOUSE).items) == 1
