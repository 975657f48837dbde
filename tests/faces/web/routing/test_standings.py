"""Queues on the floor: how they stand, what alarms of them, and who says from when on."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from careloop.domains.wallboards.queries import open_alarms, thresholds
from careloop.domains.wallboards.services import check_thresholds
from careloop.domains.wallboards.types import Figure
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import make_wait, put_into

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
GIVEN = {
    "figure": "queue_longest_wait_seconds",
    "direction": "above",
    "warning": "1",
    "alarm": "5",
    "margin": "",
    "hold_seconds": "0",
}


def look(house: House) -> None:
    with workspace_scope(house.north):
        check_thresholds(zone=ZoneInfo("Asia/Seoul"), actor=HOUSE, at=NOW)


class TestFloor:
    def test_says_how_each_queue_stands(self, house: House, queue: int, signed_in: SignedIn) -> None:
        make_wait(house, queue, since=NOW - timedelta(minutes=2), at=NOW)
        put_into(house, "ada", State.AVAILABLE, at=NOW)

        part = signed_in("anh").get("/w/north/floor/queues/").content.decode()

        assert "Waiting <strong>1</strong>" in part
        assert "Longest <strong>2 min</strong>" in part
        assert "Agents free <strong>1</strong>" in part
        assert "wall-is-" not in part

    def test_colors_what_alarms_until_somebody_takes_care(self, house: House, queue: int, signed_in: SignedIn) -> None:
        grace = signed_in("grace")
        make_wait(house, queue, since=NOW - timedelta(minutes=6), at=NOW)
        assert grace.post(f"/w/north/floor/queues/{queue}", GIVEN).status_code == 302
        look(house)

        page = grace.get("/w/north/floor/").content.decode()

        with workspace_scope(house.north):
            (raised,) = open_alarms(viewer=HOUSE)
        assert f'<li class="floor-row wall-is-alarm" id="queue-{queue}">' in page
        assert "Alarm: Longest wait in the queue, Bills" in page
        assert 'data-sound="alarm"' in page
        assert f'data-unheard="{raised.id}"' in page
        assert (
            f"/wall/alarms/{raised.id}/acknowledgment"
            not in signed_in("anh").get("/w/north/floor/queues/").content.decode()
        )
        answer = grace.post(f"/w/north/wall/alarms/{raised.id}/acknowledgment", {"next": "/w/north/floor/"})
        assert answer["Location"] == "/w/north/floor/"
        page = grace.get("/w/north/floor/").content.decode()
        assert "Grace takes care since" in page
        assert 'data-unheard=""' in page
        assert "Longest wait in the queue, Bills" in grace.get("/w/north/wall/").content.decode()

    @pytest.mark.parametrize(("name", "status"), [("ada", 403), ("vera", 403), ("ines", 404)])
    def test_is_for_who_leads_or_judges(
        self, house: House, queue: int, signed_in: SignedIn, name: str, status: int
    ) -> None:
        person = signed_in(name)

        for address in ("floor/queues/", f"floor/queues/{queue}"):
            assert person.get(f"/w/north/{address}").status_code == status
        assert person.post(f"/w/north/floor/queues/{queue}", GIVEN).status_code == status


class TestThresholds:
    def test_are_set_changed_and_removed_from_the_floor(self, house: House, queue: int, signed_in: SignedIn) -> None:
        grace, place = signed_in("grace"), f"/w/north/floor/queues/{queue}"
        grace.post(place, GIVEN)
        with workspace_scope(house.north):
            (row,) = thresholds(viewer=HOUSE)
        assert (row.figure, row.queue_id, row.warning, row.alarm) == (Figure.QUEUE_LONGEST_WAIT, queue, 60, 300)
        assert "Longest wait in the queue, Bills" in grace.get(place).content.decode()

        form = grace.get(f"/w/north/wall/thresholds/{row.id}").content.decode()
        assert f'href="{place}"' in form
        changed = grace.post(f"/w/north/wall/thresholds/{row.id}", {"warning": "2", "alarm": "9", "hold_seconds": "30"})
        assert changed["Location"] == place
        with workspace_scope(house.north):
            assert [(one.warning, one.queue_id) for one in thresholds(viewer=HOUSE)] == [(120, queue)]
        assert grace.post(f"/w/north/wall/thresholds/{row.id}/removal")["Location"] == place
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE) == []

    def test_that_are_unclear_are_refused_with_the_field(self, house: House, queue: int, signed_in: SignedIn) -> None:
        place = f"/w/north/floor/queues/{queue}"

        answer = signed_in("grace").post(place, {**GIVEN, "alarm": "0.5"})

        assert answer.status_code == 422
        assert "The alarm comes after the warning" in answer.content.decode()
        assert signed_in("grace").post(place, {**GIVEN, "figure": "waiting"}).status_code == 422
        assert signed_in("anh").post(place, GIVEN).status_code == 403
        assert 'name="warning"' not in signed_in("anh").get(place).content.decode()
        assert signed_in("ines").post(f"/w/south/floor/queues/{queue}", GIVEN).status_code == 404
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE) == []
