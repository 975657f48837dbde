"""Alarms are raised once, acknowledged by somebody, and stay in the history."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.wallboards.errors import (
    AlarmIsOver,
    AlarmNotFound,
    AlreadyAcknowledged,
    MayNotAcknowledge,
    MayNotSeeWall,
    MayNotSetThresholds,
    ThresholdNotFound,
    ThresholdUnclear,
)
from careloop.domains.wallboards.queries import alarms, open_alarms, thresholds
from careloop.domains.wallboards.services import (
    LOOK_EVERY,
    acknowledge,
    add_threshold,
    change_threshold,
    check_thresholds,
    remove_threshold,
)
from careloop.domains.wallboards.types import Direction, Figure, Level, NewThreshold
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.models import Timer
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.wallboards.floor import Floor, open_floor, read_all

pytestmark = pytest.mark.database

SEOUL = ZoneInfo("Asia/Seoul")
QUEUE = NewThreshold(figure=Figure.WAITING, direction=Direction.ABOVE, warning=1, alarm=3, margin=0, hold_seconds=30)


def look(house: House, at: datetime, *, times: int = 3) -> None:
    """Look at the thresholds so many times, the last time at a moment."""
    read_all()
    for number in reversed(range(times)):
        with workspace_scope(house.north):
            check_thresholds(zone=SEOUL, actor=HOUSE, at=at - number * LOOK_EVERY)


@pytest.fixture
def floor(house: House) -> Floor:
    """A floor with nobody waiting, on which a warning is asked for from one on and an alarm from three."""
    with workspace_scope(house.north):
        floor = open_floor(house)
        add_threshold(QUEUE, actor=house.actor("grace"), at=NOW)
    return floor


def open_levels(house: House) -> list[Level]:
    with workspace_scope(house.north):
        return [alarm.level for alarm in open_alarms(viewer=house.actor("ada"))]


class TestRaising:
    def test_waits_until_it_has_lasted(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)

        look(house, NOW + timedelta(minutes=1), times=2)
        assert open_levels(house) == []
        look(house, NOW + timedelta(minutes=2))
        assert open_levels(house) == [Level.WARNING]

    def test_of_a_worse_level_takes_the_place_of_the_warning_and_asks_anew(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)
        look(house, NOW + timedelta(minutes=2))
        with workspace_scope(house.north):
            (warning,) = open_alarms(viewer=HOUSE)
            acknowledge(alarm_id=warning.id, actor=house.actor("ada"), at=NOW + timedelta(minutes=3))
            for matter in (1, 2):
                floor.writes(matter, at=NOW)
        look(house, NOW + timedelta(minutes=5))

        with workspace_scope(house.north):
            (alarm,) = open_alarms(viewer=HOUSE)
            assert (alarm.level, alarm.value, alarm.limit, alarm.acknowledged_by) == (Level.ALARM, 3, 3, None)
            past = alarms(viewer=house.actor("anh")).items
        assert [(row.level, row.acknowledged_by) for row in past] == [
            (Level.ALARM, None),
            (Level.WARNING, house.ids["ada"]),
        ]
        assert past[1].cleared_at == alarm.raised_at

    def test_what_is_left_of_an_acknowledged_alarm_stays_acknowledged(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            for matter in (0, 1, 2):
                floor.writes(matter, at=NOW)
        look(house, NOW + timedelta(minutes=2))
        with workspace_scope(house.north):
            (alarm,) = open_alarms(viewer=HOUSE)
            acknowledge(alarm_id=alarm.id, actor=house.actor("grace"), at=NOW + timedelta(minutes=3))
            floor.answers(0, at=NOW + timedelta(minutes=3))
        look(house, NOW + timedelta(minutes=5))

        with workspace_scope(house.north):
            (left,) = open_alarms(viewer=HOUSE)
        assert (left.level, left.acknowledged_by) == (Level.WARNING, house.ids["grace"])

    def test_ends_by_itself_and_is_in_the_log(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)
        look(house, NOW + timedelta(minutes=2))
        with workspace_scope(house.north):
            (warning,) = open_alarms(viewer=HOUSE)
            acknowledge(alarm_id=warning.id, actor=house.actor("ada"), at=NOW + timedelta(minutes=3))
            floor.answers(0, at=NOW + timedelta(minutes=4))
        look(house, NOW + timedelta(minutes=6))

        assert open_levels(house) == []
        with workspace_scope(house.north):
            told = history([subject("wall_alarm", warning.id)], limit=10)
        assert [(one.name, one.event.actor) for one in reversed(told)] == [
            ("wall.alarm_raised", "house:careloop"),
            ("wall.alarm_acknowledged", f"user:{house.ids['ada']}"),
            ("wall.alarm_cleared", "house:careloop"),
        ]

    def test_of_one_team_concerns_that_team(self, house: House, floor: Floor) -> None:
        billing, network = floor.teams
        with workspace_scope(house.north):
            only = NewThreshold(
                figure=Figure.WAITING, direction=Direction.ABOVE, team_id=network, warning=1, alarm=None, hold_seconds=0
            )
            add_threshold(only, actor=house.actor("mina"), at=NOW)
            floor.writes(0, at=NOW, team=1)
        look(house, NOW + timedelta(minutes=2))

        with workspace_scope(house.north):
            assert [a.team_id for a in open_alarms(viewer=HOUSE, team_id=network)] == [None, network]
            assert [a.team_id for a in open_alarms(viewer=HOUSE, team_id=billing)] == [None]

    def test_is_not_done_by_figures_of_an_hour_ago(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)
        read_all()
        with workspace_scope(house.north):
            floor.answers(0, at=NOW + timedelta(minutes=1))  # which nobody has counted yet
            for minute in range(5):
                check_thresholds(zone=SEOUL, actor=HOUSE, at=NOW + timedelta(days=3650, minutes=minute))

        assert open_levels(house) == []
        with workspace_scope(house.north):
            assert [row.checked_at for row in thresholds(viewer=HOUSE)] == [None]

    def test_goes_on_as_long_as_there_is_a_threshold(self, house: House, floor: Floor) -> None:
        look(house, NOW, times=1)
        with workspace_scope(house.north):
            assert [timer.due_at for timer in Timer.objects.all()] == [NOW + LOOK_EVERY]
            (row,) = thresholds(viewer=HOUSE)
            remove_threshold(threshold_id=row.id, actor=house.actor("grace"), at=NOW)
            Timer.objects.all().delete()
        look(house, NOW, times=1)
        with workspace_scope(house.north):
            assert not Timer.objects.exists()


class TestAcknowledging:
    def test_happens_once_and_names_who_did(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)
        look(house, NOW + timedelta(minutes=2))
        with workspace_scope(house.north):
            (warning,) = open_alarms(viewer=HOUSE)
            acknowledge(alarm_id=warning.id, actor=house.actor("ada"), at=NOW + timedelta(minutes=3))
            with pytest.raises(AlreadyAcknowledged, match="Ada"):
                acknowledge(alarm_id=warning.id, actor=house.actor("grace"), at=NOW + timedelta(minutes=4))

    def test_is_for_those_who_work_here_on_what_goes_on(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)
        look(house, NOW + timedelta(minutes=2))
        with workspace_scope(house.north):
            (warning,) = open_alarms(viewer=HOUSE)
            for name in ("vera", "anh", "cole"):
                with pytest.raises(MayNotAcknowledge):
                    acknowledge(alarm_id=warning.id, actor=house.actor(name), at=NOW)
            with pytest.raises(MayNotSeeWall):
                open_alarms(viewer=house.actor("cole"))
            (row,) = thresholds(viewer=HOUSE)
            remove_threshold(threshold_id=row.id, actor=house.actor("grace"), at=NOW + timedelta(minutes=5))
            with pytest.raises(AlarmIsOver):
                acknowledge(alarm_id=warning.id, actor=house.actor("ada"), at=NOW + timedelta(minutes=6))
        with workspace_scope(house.south), pytest.raises(AlarmNotFound):
            acknowledge(alarm_id=warning.id, actor=house.actor("ines"), at=NOW)


class TestThresholds:
    @pytest.mark.parametrize(
        ("field", "new"),
        [
            ("warning", {"warning": None, "alarm": None}),
            ("alarm", {"warning": 5, "alarm": 5}),
            ("alarm", {"warning": 5, "alarm": 3}),
            ("alarm", {"warning": 3, "alarm": 5, "direction": Direction.BELOW}),
            ("warning", {"warning": -1, "alarm": None}),
            ("warning", {"figure": Figure.WITHIN_TARGET_TODAY, "warning": 80, "alarm": None}),
            ("hold_seconds", {"hold_seconds": 7200}),
            ("team_id", {"team_id": 99_999}),
        ],
    )
    def test_that_contradict_themselves_are_refused_with_the_field(
        self, house: House, field: str, new: dict[str, object]
    ) -> None:
        asked = {"figure": Figure.WAITING, "direction": Direction.ABOVE, "warning": 1, "alarm": 3, **new}
        with workspace_scope(house.north):
            with pytest.raises(ThresholdUnclear) as refused:
                add_threshold(NewThreshold(**asked), actor=house.actor("grace"), at=NOW)  # type: ignore[arg-type]
            assert thresholds(viewer=HOUSE) == []
        assert set(refused.value.fields) == {field}

    def test_are_set_by_those_who_lead(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            (row,) = thresholds(viewer=house.actor("ada"))
            for name in ("ada", "anh", "cole", "vera"):
                with pytest.raises(MayNotSetThresholds):
                    add_threshold(QUEUE, actor=house.actor(name), at=NOW)
                with pytest.raises(MayNotSetThresholds):
                    remove_threshold(threshold_id=row.id, actor=house.actor(name), at=NOW)
        with workspace_scope(house.south):
            assert thresholds(viewer=house.actor("ines")) == []
            with pytest.raises(ThresholdNotFound):
                change_threshold(QUEUE, threshold_id=row.id, actor=house.actor("ines"), at=NOW)

    def test_that_are_changed_are_judged_by_what_they_say_now(self, house: House, floor: Floor) -> None:
        with workspace_scope(house.north):
            floor.writes(0, at=NOW)
        look(house, NOW + timedelta(minutes=2))
        higher = NewThreshold(
            figure=Figure.WAITING, direction=Direction.ABOVE, warning=5, alarm=9, margin=0, hold_seconds=30
        )
        with workspace_scope(house.north):
            (row,) = thresholds(viewer=HOUSE)
            change_threshold(higher, threshold_id=row.id, actor=house.actor("grace"), at=NOW + timedelta(minutes=3))
        look(house, NOW + timedelta(minutes=5))

        assert open_levels(house) == []
        with workspace_scope(house.north):
            (past,) = alarms(viewer=HOUSE).items
        assert (past.limit, past.value) == (1, 1)

    def test_keep_watching_what_they_watched(self, house: House, floor: Floor) -> None:
        other = NewThreshold(figure=Figure.OVERDUE, direction=Direction.ABOVE, warning=5, alarm=9)
        with workspace_scope(house.north):
            (row,) = thresholds(viewer=HOUSE)
            with pytest.raises(ThresholdUnclear):
                change_threshold(other, threshold_id=row.id, actor=house.actor("grace"), at=NOW)
