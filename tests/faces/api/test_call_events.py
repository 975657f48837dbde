"""A program tells of calls with a token that may do nothing else."""

from collections.abc import Callable

import pytest

from careloop.domains.people.types import Scope
from careloop.domains.telephony import services as telephony
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import follow_phones
from tests.cast import House
from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database


class TestCallEvents:
    @pytest.fixture
    def address(self, house: House, machine_of: Callable[..., Machine]) -> str:
        made = machine_of("mina").post("/phones", {"name": "Cloud", "kind": "told"})
        assert (made.status_code, made.json()["kind"], made.json()["state"]) == (201, "told", "trying")
        phone_id = made.json()["id"]
        with workspace_scope(house.north):
            telephony.go_live(pbx_id=phone_id, actor=house.actor("mina"), at=clock.now())
        return f"/phones/{phone_id}/call-events"

    def test_become_calls_and_say_what_became_of_each(
        self, house: House, machine_of: Callable[..., Machine], address: str
    ) -> None:
        switch = machine_of("mina", scopes=[Scope.CALLS_TELL])
        now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        about = {"call": "c1", "at": now, "number": "+82 10 1234 5678"}
        waits = {"id": "1", "kind": "waiting", "queue": "billing", **about}
        ends = {"id": "2", "kind": "ended", "ended_by": "customer", **about}

        first = switch.post(address, {"events": [waits]})
        again = switch.post(address, {"events": [ends, waits]})
        alive = switch.post(address, {"events": []})

        assert first.json() == {"items": [{"id": "1", "became": "taken"}]}
        assert [one["became"] for one in again.json()["items"]] == ["taken", "known"]
        assert (alive.status_code, alive.json()) == (200, {"items": []})
        follow_phones(at=clock.now())
        (shown,) = machine_of("mina").get("/calls").json()["items"]
        assert (shown["queue"], shown["ending"], shown["number"]) == ("billing", "given_up", "+82 10 1234 5678")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "exploded"},
            {"kind": "ended"},
            {"at": "yesterday"},
            {"id": " "},
            {"call": ""},
            {"seat": "a\nb"},
            {"x": 1},
        ],
    )
    def test_that_cannot_be_change_nothing(
        self, machine_of: Callable[..., Machine], address: str, wrong: dict[str, object]
    ) -> None:
        event = {"id": "1", "call": "c1", "kind": "waiting", "at": "2026-11-16T09:00:00Z"}

        answer = machine_of("mina").post(address, {"events": [event, {**event, "id": "2", **wrong}]})

        assert (answer.status_code, machine_of("mina").get("/live-calls").json()) == (422, {"items": []})

    def test_need_their_own_scope_and_a_keeper_of_telephones(
        self, machine_of: Callable[..., Machine], address: str
    ) -> None:
        others = [scope for scope in Scope if scope != Scope.CALLS_TELL]

        assert machine_of("mina", scopes=others).post(address, {"events": []}).status_code == 403
        assert machine_of("ada").post(address, {"events": []}).status_code == 403
        assert machine_of("ines").post(address, {"events": []}).status_code == 404
        assert machine_of("mina", scopes=[Scope.CALLS_TELL]).get("/phones").status_code == 403
        assert machine_of("mina").post(address.replace("call-events", "checks")).status_code == 409
