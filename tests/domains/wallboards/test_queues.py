"""Thresholds on queues of our own: judged as the queue stands, by the mechanism of every other threshold."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.calendars.services import create_calendar
from careloop.domains.calendars.types import CalendarSettings
from careloop.domains.queues.queries import queue_of
from careloop.domains.queues.services import change_queue, enter, leave, make_queue, retire_queue
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import NewWaiting, QueueSettings
from careloop.domains.wallboards.errors import AlarmNotFound, ThresholdNotFound, ThresholdUnclear
from careloop.domains.wallboards.queries import (
    alarm,
    alarms,
    open_alarms,
    queue_standings,
    threshold,
    thresholds,
)
from careloop.domains.wallboards.services import acknowledge, add_threshold, change_threshold, check_thresholds
from careloop.domains.wallboards.types import Direction, Figure, Level, NewThreshold
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.hours import Span
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import equip, put_into

pytestmark = pytest.mark.database

SEOUL = ZoneInfo("Asia/Seoul")
MINUTE = timedelta(minutes=1)


def watched(queue_id: int | None, figure: Figure = Figure.QUEUE_WAITING, **other: object) -> NewThreshold:
    asked = {"direction": Direction.ABOVE, "warning": 1, "alarm": 3, "hold_seconds": 0, **other}
    return NewThreshold(figure=figure, queue_id=queue_id, **asked)  # type: ignore[arg-type]


def wait(house: House, queue_id: int, subject_id: int, *, at: datetime) -> int:
    """Let something wait in a queue."""
    with workspace_scope(house.north):
        return enter(NewWaiting(queue_id=queue_id, kind=Kind.CASE, subject_id=subject_id, at=at), actor=HOUSE, at=at)


def look(house: House, at: datetime) -> None:
    with workspace_scope(house.north):
        check_thresholds(zone=SEOUL, actor=HOUSE, at=at)


def now_of(house: House) -> dict[Figure, float | None]:
    """Return what was seen last of every threshold, by figure."""
    with workspace_scope(house.north):
        return {row.figure: row.value for row in thresholds(viewer=HOUSE)}


@pytest.fixture
def queue(house: House) -> int:
    """The queue Bills, of which everything is watched."""
    queue_id = equip(house, at=NOW)
    with workspace_scope(house.north):
        grace = house.actor("grace")
        add_threshold(watched(queue_id), actor=grace, at=NOW)
        add_threshold(watched(queue_id, Figure.QUEUE_LONGEST_WAIT, warning=60, alarm=300), actor=grace, at=NOW)
        free = watched(queue_id, Figure.QUEUE_FREE, direction=Direction.BELOW, warning=None, alarm=0)
        add_threshold(free, actor=grace, at=NOW)
    return queue_id


class TestFigures:
    def test_are_of_what_waits_and_of_who_could_take_it(self, house: House, queue: int) -> None:
        look(house, NOW)
        assert now_of(house) == {Figure.QUEUE_WAITING: 0, Figure.QUEUE_LONGEST_WAIT: 0, Figure.QUEUE_FREE: 0}

        wait(house, queue, 901, at=NOW)
        wait(house, queue, 902, at=NOW + MINUTE)
        for name in ("ada", "olga", "mina"):  # of whom only Ada is in the team and knows billing
            put_into(house, name, State.AVAILABLE, at=NOW + MINUTE)
        look(house, NOW + 2 * MINUTE)

        assert now_of(house) == {Figure.QUEUE_WAITING: 2, Figure.QUEUE_LONGEST_WAIT: 120, Figure.QUEUE_FREE: 1}
        put_into(house, "ada", State.BREAK, reason="meal", at=NOW + 3 * MINUTE)
        look(house, NOW + 3 * MINUTE)
        assert now_of(house)[Figure.QUEUE_FREE] == 0

    def test_are_judged_though_the_log_is_not_being_read(self, house: House, queue: int) -> None:
        wait(house, queue, 901, at=NOW)  # which no counter has read

        look(house, NOW + timedelta(hours=1))

        with workspace_scope(house.north):
            assert Level.ALARM in [row.level for row in open_alarms(viewer=HOUSE) if row.queue_id == queue]

    def test_of_a_queue_that_closes_or_retires_are_judged_no_more(self, house: House, queue: int) -> None:
        look(house, NOW)
        with workspace_scope(house.north):
            mina, rows = house.actor("mina"), [row.queue_id for row in open_alarms(viewer=HOUSE)]
            assert rows == [queue]  # nobody is free
            week = CalendarSettings(name="Mornings", zone="UTC", weekly=((Span(opens=time(0), closes=time(1)),),) * 7)
            calendar = create_calendar(settings=week, actor=mina, at=NOW)
            settings = queue_of(mina, queue_id=queue).settings
            change_queue(queue_id=queue, settings=replace(settings, calendar_id=calendar), actor=mina, at=NOW)
        look(house, NOW + MINUTE)
        assert set(now_of(house).values()) == {None}

        with workspace_scope(house.north):
            assert open_alarms(viewer=HOUSE) == []
            retire_queue(queue_id=queue, actor=mina, at=NOW + MINUTE)
        look(house, NOW + 2 * MINUTE)
        assert set(now_of(house).values()) == {None}
        with workspace_scope(house.north):
            assert queue_standings(viewer=HOUSE) == {}


class TestAlarms:
    def test_are_acknowledged_and_end_like_all_others(self, house: House, queue: int) -> None:
        wait(house, queue, 901, at=NOW)
        put_into(house, "ada", State.AVAILABLE, at=NOW)
        look(house, NOW)
        with workspace_scope(house.north):
            (raised,) = open_alarms(viewer=house.actor("ada"))
            assert (raised.figure, raised.queue_id, raised.team_id, raised.level, raised.value) == (
                Figure.QUEUE_WAITING,
                queue,
                None,
                Level.WARNING,
                1,
            )
            acknowledge(alarm_id=raised.id, actor=house.actor("ada"), at=NOW)
            leave(kind=Kind.CASE, subject_id=901, reason="solved", actor=HOUSE, at=NOW + MINUTE)
        look(house, NOW + MINUTE)

        with workspace_scope(house.north):
            assert open_alarms(viewer=HOUSE) == []
            told = [one.name for one in history([subject("wall_alarm", raised.id)], limit=9)]
        assert told == ["wall.alarm_cleared", "wall.alarm_acknowledged", "wall.alarm_raised"]

    def test_concern_the_teams_that_serve_the_queue(self, house: House, queue: int) -> None:
        look(house, NOW)
        with workspace_scope(house.north):
            (team,) = queue_of(HOUSE, queue_id=queue).settings.team_ids
            assert [row.queue_id for row in open_alarms(viewer=HOUSE, team_id=team)] == [queue]
            assert open_alarms(viewer=HOUSE, team_id=team + 1000) == []

    def test_are_nothing_for_the_clients_reader(self, house: House, queue: int) -> None:
        look(house, NOW)
        with workspace_scope(house.north):
            vera = house.actor("vera")
            (row,) = open_alarms(viewer=HOUSE)
            watching = thresholds(viewer=HOUSE)[0]
            assert (open_alarms(viewer=vera), list(alarms(viewer=vera).items), thresholds(viewer=vera)) == ([], [], [])
            assert queue_standings(viewer=vera) == {}
            with pytest.raises(AlarmNotFound):
                alarm(alarm_id=row.id, viewer=vera)
            with pytest.raises(ThresholdNotFound):
                threshold(threshold_id=watching.id, viewer=vera)


class TestThresholds:
    def test_name_a_queue_for_its_figures_and_for_no_others(self, house: House, queue: int) -> None:
        with workspace_scope(house.north):
            team = min(house.actor("grace").team_ids)
            wrong = [
                (watched(None), {"queue_id"}),
                (watched(queue + 1000), {"queue_id"}),
                (watched(queue, team_id=team), {"team_id"}),
                (watched(queue, Figure.WAITING), {"queue_id"}),
            ]
            for new, at_fault in wrong:
                with pytest.raises(ThresholdUnclear) as refused:
                    add_threshold(new, actor=house.actor("grace"), at=NOW)
                assert set(refused.value.fields) == at_fault
            assert len(thresholds(viewer=HOUSE)) == 3
        with workspace_scope(house.south), pytest.raises(ThresholdUnclear):
            add_threshold(watched(queue), actor=house.actor("ines"), at=NOW)

    def test_keep_watching_their_queue(self, house: House, queue: int) -> None:
        with workspace_scope(house.north):
            other = make_queue(settings=QueueSettings(name="Second"), actor=house.actor("mina"), at=NOW)
            row = thresholds(viewer=HOUSE)[0]
            with pytest.raises(ThresholdUnclear):
                change_threshold(watched(other), threshold_id=row.id, actor=house.actor("grace"), at=NOW)
            change_threshold(watched(queue, warning=2), threshold_id=row.id, actor=house.actor("grace"), at=NOW)
            assert threshold(threshold_id=row.id, viewer=HOUSE).warning == 2
