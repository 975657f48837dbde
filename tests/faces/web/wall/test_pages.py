"""The pages of the wall: what they show to whom, and what they refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.wallboards.queries import alarms, figures, targets, thresholds
from careloop.domains.wallboards.services import add_threshold, check_thresholds
from careloop.domains.wallboards.types import Direction, Figure, Level, NewThreshold, ThresholdRow
from careloop.faces.web.wall.shown import shown
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.domains.wallboards.floor import Floor, open_floor, read_all
from tests.domains.wallboards.test_alarms import SEOUL

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
ANY = NewThreshold(figure=Figure.WAITING, direction=Direction.ABOVE, warning=1, alarm=None, hold_seconds=0)
GIVEN = {
    "figure": "longest_wait_seconds",
    "team_id": "",
    "direction": "above",
    "warning": "5",
    "alarm": "15",
    "margin": "1",
    "hold_seconds": "60",
}


ROW = ThresholdRow(
    id=1,
    figure=Figure.WAITING,
    direction=Direction.ABOVE,
    team_id=None,
    queue_id=None,
    warning=1,
    alarm=None,
    margin=0,
    hold_seconds=0,
    level=Level.NONE,
    value=None,
    checked_at=None,
)


@pytest.fixture
def floor(house: House) -> Floor:
    """One customer has been waiting by mail for Billing for an hour, and another for whoever comes."""
    at = clock.now() - timedelta(hours=1)
    with workspace_scope(house.north):
        floor = open_floor(house)
        floor.writes(0, at=at, team=0)
        floor.writes(3, at=at, team=2)
    read_all()
    return floor


def alarm_of(house: House) -> int:
    """Let the wall warn of whoever waits, and return the alarm."""
    with workspace_scope(house.north):
        add_threshold(ANY, actor=house.actor("grace"), at=clock.now())
        check_thresholds(zone=SEOUL, actor=HOUSE, at=clock.now())
        return alarms(viewer=HOUSE).items[0].id


class TestWall:
    @pytest.mark.parametrize("page", ["", "screen", "figures"])
    def test_shows_the_figures_with_their_target(self, floor: Floor, signed_in: SignedIn, page: str) -> None:
        answer = signed_in("ada").get(f"/w/north/wall/{page}")

        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Waiting for a first answer" in text
        assert 'class="wall-value">2<' in text
        assert "target 4 h" in text
        assert "Agents here" in text

    def test_of_a_team_leaves_the_others_out(self, floor: Floor, signed_in: SignedIn) -> None:
        text = signed_in("ada").get(f"/w/north/wall/figures?team={floor.teams[0]}").content.decode()

        assert 'class="wall-value">1<' in text
        assert "No team" not in text

    @pytest.mark.parametrize("team", ["99999", "x", "-1", "9" * 40, "٣"])
    def test_of_a_team_that_is_none_is_everybodys(self, floor: Floor, signed_in: SignedIn, team: str) -> None:
        text = signed_in("ada").get(f"/w/north/wall/figures?team={team}").content.decode()

        assert 'class="wall-value">2<' in text

    def test_tells_the_client_nothing_of_people(self, floor: Floor, signed_in: SignedIn) -> None:
        text = signed_in("vera").get("/w/north/wall/").content.decode()

        assert "Waiting for a first answer" in text
        assert "Agents here" not in text

    @pytest.mark.parametrize("page", ["", "screen", "figures", "alarms", "thresholds"])
    def test_is_not_for_colleagues_nor_for_another_workspace(
        self, house: House, signed_in: SignedIn, page: str
    ) -> None:
        assert signed_in("cole").get(f"/w/north/wall/{page}").status_code == 403
        assert signed_in("ines").get(f"/w/north/wall/{page}").status_code == 404
        assert Client().get(f"/w/north/wall/{page}").status_code == 302

    def test_says_until_when_everything_is_counted(self, floor: Floor) -> None:
        with workspace_scope(floor.house.north):
            floor.writes(4, at=clock.now())
            at = clock.now() + timedelta(minutes=3)
            wall = figures(viewer=HOUSE, zone=SEOUL, at=at)
            watched = [replace(ROW, checked_at=at - timedelta(minutes=2))]
            words = shown(wall, alarms=[], thresholds=watched)

        assert words.late.startswith("Counted until")
        assert words.unwatched.startswith("Nobody has looked at the thresholds since")


class TestSeveral:
    def test_stand_beside_each_other_for_whoever_runs_them(self, floor: Floor, signed_in: SignedIn) -> None:
        text = signed_in("mina").get("/wall/").content.decode()
        assert "North" in text
        assert "South" not in text
        assert 'class="wall-value">2<' in text
        assert "Billing" not in text

    def test_are_nobody_elses(self, floor: Floor, signed_in: SignedIn) -> None:
        assert "You run no workspace" in signed_in("ada").get("/wall/").content.decode()
        assert "North" not in signed_in("ines").get("/wall/figures").content.decode()
        assert Client().get("/wall/").status_code == 302
        assert Client().get("/wall/live").status_code == 403


class TestAcknowledgment:
    def test_names_who_takes_care_on_every_screen(self, floor: Floor, signed_in: SignedIn) -> None:
        alarm_id = alarm_of(floor.house)
        ada, grace = signed_in("ada"), signed_in("grace")
        assert f'data-unheard="{alarm_id}"' in grace.get("/w/north/wall/screen").content.decode()

        answer = ada.post(f"/w/north/wall/alarms/{alarm_id}/acknowledgment", headers={"HX-Request": "true"})

        assert "Ada takes care since" in answer.content.decode()
        shown = grace.get("/w/north/wall/screen").content.decode()
        assert "Ada takes care since" in shown
        assert 'data-unheard=""' in shown
        assert "Ada" in grace.get("/w/north/wall/alarms").content.decode()

    def test_without_script_leads_back_and_nowhere_else(self, floor: Floor, signed_in: SignedIn) -> None:
        alarm_id = alarm_of(floor.house)
        answer = signed_in("ada").post(
            f"/w/north/wall/alarms/{alarm_id}/acknowledgment", {"next": "https://evil.example/"}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/w/north/wall/")

    def test_is_refused_to_readers_and_other_workspaces(self, floor: Floor, signed_in: SignedIn) -> None:
        alarm_id = alarm_of(floor.house)

        assert signed_in("vera").post(f"/w/north/wall/alarms/{alarm_id}/acknowledgment").status_code == 403
        assert signed_in("ines").post(f"/w/south/wall/alarms/{alarm_id}/acknowledgment").status_code == 404
        with workspace_scope(floor.house.north):
            assert alarms(viewer=HOUSE).items[0].acknowledged_by is None


class TestThresholds:
    def test_are_said_in_minutes_and_percent_and_kept_in_seconds_and_shares(
        self, house: House, signed_in: SignedIn
    ) -> None:
        grace = signed_in("grace")
        assert grace.post("/w/north/wall/thresholds", GIVEN).status_code == 302
        share = GIVEN | {
            "figure": "within_target_today",
            "direction": "below",
            "warning": "80",
            "alarm": "60",
            "margin": "",
        }
        assert grace.post("/w/north/wall/thresholds", share).status_code == 302

        with workspace_scope(house.north):
            wait, within = thresholds(viewer=HOUSE)
        assert (wait.warning, wait.alarm, wait.margin) == (300, 900, 60)
        assert (within.warning, within.alarm, within.margin) == (0.8, 0.6, 0)
        page = grace.get(f"/w/north/wall/thresholds/{within.id}").content.decode()
        assert 'value="80.0"' in page

    def test_that_contradict_themselves_come_back_with_a_sentence(self, house: House, signed_in: SignedIn) -> None:
        answer = signed_in("grace").post("/w/north/wall/thresholds", GIVEN | {"alarm": "3"})

        assert answer.status_code == 422
        assert "The alarm comes after the warning" in answer.content.decode()
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE) == []

    def test_are_changed_and_removed_by_those_who_lead(self, house: House, signed_in: SignedIn) -> None:
        grace = signed_in("grace")
        grace.post("/w/north/wall/thresholds", GIVEN)
        with workspace_scope(house.north):
            (row,) = thresholds(viewer=HOUSE)
        assert signed_in("ada").post(f"/w/north/wall/thresholds/{row.id}/removal").status_code == 403
        assert signed_in("ines").post(f"/w/south/wall/thresholds/{row.id}/removal").status_code == 404
        assert signed_in("ada").post("/w/north/wall/thresholds", GIVEN).status_code == 403

        assert grace.post(f"/w/north/wall/thresholds/{row.id}", GIVEN | {"warning": "7"}).status_code == 302
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE)[0].warning == 420
        assert grace.post(f"/w/north/wall/thresholds/{row.id}/removal").status_code == 302
        with workspace_scope(house.north):
            assert thresholds(viewer=HOUSE) == []

    def test_targets_are_set_and_taken_back(self, house: House, signed_in: SignedIn) -> None:
        grace = signed_in("grace")
        given = {"team_id": "", "channel": "email", "seconds": "7200"}

        assert grace.post("/w/north/wall/targets", given).status_code == 302
        with workspace_scope(house.north):
            assert [(row.channel, row.seconds) for row in targets()] == [("email", 7200)]
        assert signed_in("ada").post("/w/north/wall/targets", given).status_code == 403
        assert grace.post("/w/north/wall/targets", given | {"seconds": "61"}).status_code == 422
        assert grace.post("/w/north/wall/targets", given | {"seconds": ""}).status_code == 302
        with workspace_scope(house.north):
            assert targets() == []


def test_the_log_of_who_did_what_tells_it(floor: Floor, signed_in: SignedIn) -> None:
    alarm_id = alarm_of(floor.house)
    signed_in("ada").post(f"/w/north/wall/alarms/{alarm_id}/acknowledgment")

    text = signed_in("mina").get("/w/north/admin/audit").content.decode()

    assert "Ada takes care of an alarm: Waiting for a first answer" in text
    assert "Grace watches a figure: Waiting for a first answer" in text
