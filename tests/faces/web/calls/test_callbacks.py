"""A caller is offered a callback on the page of their call, and by programs."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import callback_window
from tests.calling import talked
from tests.cast import NOW, House
from tests.faces.api.conftest import machine
from tests.processes.calling.test_offering import Caller
from tests.processes.calling.test_placing import AT

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


class TestCaller:
    def test_is_offered_it_on_the_page_of_the_call_and_by_programs(self, house: House, signed_in: SignedIn) -> None:
        caller = Caller(house)
        path = f"/calls/{caller.call_id}"
        page = signed_in("ada").get(f"/w/north{path}/").content.decode()
        assert "Promise a callback" in page
        assert "Promise a callback" not in signed_in("anh").get(f"/w/north{path}/").content.decode()
        assert signed_in("ines").post(f"/w/south{path}/callback").status_code == 404
        assert machine(house, "ines").post(f"{path}/callback-booking", {}).status_code == 404
        with workspace_scope(house.north):
            window = callback_window(at=AT)
            spoken = talked(caller.pbx_id, people={}, at=NOW, number="01077778888", key="3.1")

        went = signed_in("ada").post(f"/w/north{path}/callback")

        assert went.status_code == 302
        assert "/cases/" in went.headers["Location"]
        assert "Promise a callback" not in signed_in("ada").get(f"/w/north{path}/").content.decode()
        grace = machine(house, "grace")
        assert grace.get(f"/calls/{spoken}/callback-window").json()["due_at"] == f"{window.due_at:%Y-%m-%dT%H:%M:%SZ}"
        booked = grace.post(f"/calls/{spoken}/callback-booking", {})
        assert (booked.status_code, booked.json()["case_number"] > 0) == (201, True)
        assert grace.post(f"/calls/{spoken}/callback-booking", {}).status_code == 409
