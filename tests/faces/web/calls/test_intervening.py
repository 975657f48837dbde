"""From the floor into a call: the buttons, for whom they are there, and where they lead."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import House
from tests.faces.api.conftest import machine
from tests.processes.calling.test_intervening import Floor, in_talk
from tests.processes.calling.test_placing import asked
from tests.servers.manager import manager

pytestmark = pytest.mark.database


class TestIntervening:
    def test_lead_from_the_floor_into_the_call(self, house: House, signed_in: Callable[[str], Client]) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            self.leads(house, Floor(house, pbx.port), signed_in)
            assert [one["Data"].partition(",")[2] for one in asked(pbx)] == ["qEw", "qEB"]

    def leads(self, house: House, floor: Floor, signed_in: Callable[[str], Client]) -> None:
        grace = signed_in("grace")
        assert "floor-calls" in grace.get("/w/north/floor/").content.decode()
        assert "Listen" in grace.get("/w/north/calls/on-the-floor").content.decode()
        assert "Minseo" not in signed_in("ada").get("/w/north/calls/on-the-floor").content.decode()
        here = f"/w/north/calls/{floor.call_id}/"
        assert "Help in this call" in grace.get(here).content.decode()
        assert "Help in this call" not in signed_in("ada").get(here).content.decode()

        went = grace.post(f"{here}intervention", {"how": "whisper"})

        assert went.headers["Location"] == here
        assert grace.post(f"{here}intervention", {"how": "shout"}).status_code == 400
        assert signed_in("ada").post(f"{here}intervention", {"how": "listen"}).status_code == 403
        assert machine(house, "grace").post(f"/calls/{floor.call_id}/intervention", {"how": "join"}).status_code == 204
