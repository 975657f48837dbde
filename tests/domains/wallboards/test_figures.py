"""What the wall says equals what a plain reckoning over the same log says, at every moment and for every target."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.people.attendance import HERE_FOR, note_here
from careloop.domains.wallboards.bands import IMMEDIATE_SECONDS, SHORT_SECONDS, TARGETS, band_of, last_band
from careloop.domains.wallboards.counting import count_anew
from careloop.domains.wallboards.errors import MayNotSeeWall, MayNotSetThresholds, NoSuchTarget
from careloop.domains.wallboards.queries import figures, periods_of
from careloop.domains.wallboards.reckoning import QueueFigures, Share, combined
from careloop.domains.wallboards.services import set_target
from careloop.kernel.actors import HOUSE
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.wallboards.floor import Floor, Leg, legs_of, open_floor, read_all
from tests.domains.wallboards.test_counting import live, steps

pytestmark = pytest.mark.database

SEOUL = ZoneInfo("Asia/Seoul")


def plainly(legs: list[Leg], *, at: datetime, target: timedelta, since: datetime) -> Share:
    """Reckon how many were answered within the target among those who came since a moment (docs/reasons/wallboard.md)."""
    kept = of = 0
    for leg in (leg for leg in legs if leg.queued_at >= since):
        is_immediate = leg.channel in IMMEDIATE_SECONDS
        if leg.exit == "answered":
            kept, of = kept + (leg.wait <= target), of + 1
        elif leg.exit == "abandoned":
            of += leg.wait >= timedelta(seconds=SHORT_SECONDS) if is_immediate else leg.wait > target
        elif not leg.exit:
            of += not is_immediate and at - leg.queued_at > target
    return Share(kept=kept, of=of)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, target=st.sampled_from(TARGETS), later=st.sampled_from([0, 1, 1800, 40_000]))
def test_equals_a_plain_reckoning(
    house: House, steps: list[tuple[str, int, int, int]], target: int, later: int
) -> None:
    with workspace_scope(house.north):
        count_anew()
        live(open_floor(house), steps)
        set_target(team_id=None, channel="", seconds=target, actor=HOUSE, at=NOW)
    read_all()
    at = max([NOW, *(leg.left_at or leg.queued_at for leg in legs_of(house.north))]) + timedelta(seconds=later)
    with workspace_scope(house.north):
        wall = figures(viewer=HOUSE, zone=SEOUL, at=at)

    legs, within = legs_of(house.north), timedelta(seconds=target)
    midnight = at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    half_hour = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    for queue in wall.queues:
        own = [leg for leg in legs if (leg.team_id, leg.channel) == (queue.team_id, queue.channel)]
        waiting = [leg.queued_at for leg in own if not leg.exit]
        assert queue.waiting == len(waiting)
        assert queue.oldest_at == min(waiting, default=None)
        assert queue.overdue == sum(at - since > within for since in waiting)
        assert queue.due_soon == sum(timedelta(0) <= since + within - at < timedelta(minutes=30) for since in waiting)
        assert queue.today == plainly(own, at=at, target=within, since=midnight)
        assert queue.half_hour == plainly(own, at=at, target=within, since=half_hour)
        assert queue.new_today == sum(leg.sequence == 1 and leg.queued_at >= midnight for leg in own)
        answers = [leg.left_at for leg in own if leg.exit == "answered" and leg.left_at is not None]
        assert queue.answers_today == sum(moment >= midnight for moment in answers)
    assert wall.total.waiting == sum(not leg.exit for leg in legs)
    assert wall.total.today == plainly(legs, at=at, target=within, since=midnight)


class TestBands:
    @given(wait=st.one_of(st.integers(0, 300_000_000_000), st.sampled_from([t * 1_000_000 for t in TARGETS])))
    def test_lie_within_a_target_exactly_when_the_wait_does(self, wait: int) -> None:
        waited = timedelta(microseconds=wait)
        for target in TARGETS:
            assert (band_of(waited) <= last_band(target)) == (waited <= timedelta(seconds=target))
        assert (band_of(waited) == 0) == (waited < timedelta(seconds=SHORT_SECONDS))


class TestPeriods:
    def test_follow_the_clock_on_the_wall_of_the_workspace(self) -> None:
        found = periods_of(datetime(2026, 11, 16, 15, 10, tzinfo=UTC), SEOUL)

        assert found.day == datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
        assert found.half_hour == found.day
        assert found.hour == datetime(2026, 11, 16, 14, 0, tzinfo=UTC)

    def test_keep_the_hour_of_the_day_when_the_clocks_change(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        found = periods_of(datetime(2026, 10, 28, 12, 10, tzinfo=UTC), berlin)

        assert found.hour.astimezone(berlin).hour == 12
        assert [start.astimezone(berlin).hour for start in found.same_hours] == [12] * 8
        assert found.same_hours[0] == datetime(2026, 10, 21, 10, 0, tzinfo=UTC)

    def test_begin_a_day_of_23_hours_where_it_begins(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        assert periods_of(datetime(2026, 3, 29, 20, 0, tzinfo=UTC), berlin).day == datetime(
            2026, 3, 28, 23, 0, tzinfo=UTC
        )


def one_wait(house: House) -> Floor:
    """Let one customer wait for Billing by mail and one on the phone for whoever comes."""
    floor = open_floor(house)
    floor.writes(0, at=NOW, team=0)
    floor.writes(1, at=NOW + timedelta(seconds=30), team=2)
    return floor


class TestFigures:
    def test_of_one_team_leave_the_others_out(self, house: House) -> None:
        with workspace_scope(house.north):
            floor = one_wait(house)
        read_all()
        with workspace_scope(house.north):
            wall = figures(viewer=house.actor("ada"), zone=SEOUL, at=NOW + timedelta(minutes=1), team_id=floor.teams[0])

        (queue,) = wall.queues
        assert (queue.team_id, queue.channel, queue.waiting) == (floor.teams[0], "email", 1)
        assert wall.total.waiting == 1

    def test_say_what_is_usual_for_the_weekday(self, house: House) -> None:
        at = NOW + timedelta(weeks=3, hours=1, minutes=10)
        with workspace_scope(house.north):
            floor = open_floor(house, matters=12)
            for matter, weeks in ((0, 0), (3, 0), (6, 0), (1, 1), (2, 3)):
                floor.writes(matter, at=NOW + timedelta(weeks=weeks, minutes=5), team=2)
        read_all()
        with workspace_scope(house.north):
            wall = figures(viewer=HOUSE, zone=SEOUL, at=at)

        assert wall.total.new_hour == 1
        assert sorted(wall.total.usual) == [0, 1, 3]
        assert wall.total.usual_hour == 1

    def test_know_no_usual_before_a_week_has_passed(self, house: House) -> None:
        with workspace_scope(house.north):
            one_wait(house)
        read_all()
        with workspace_scope(house.north):
            wall = figures(viewer=HOUSE, zone=SEOUL, at=NOW + timedelta(hours=2))

        assert wall.total.usual_hour is None

    def test_say_until_when_everything_is_counted(self, house: House) -> None:
        with workspace_scope(house.north):
            floor = one_wait(house)
        read_all()
        with workspace_scope(house.north):
            floor.writes(2, at=NOW)
        number_events()
        now = datetime.now(UTC) + timedelta(minutes=2)
        with workspace_scope(house.north):
            wall = figures(viewer=HOUSE, zone=SEOUL, at=now)
            assert wall.is_stale
            assert wall.as_of < now
        read_all()
        with workspace_scope(house.north):
            assert not figures(viewer=HOUSE, zone=SEOUL, at=now).is_stale

    def test_are_for_those_who_see_every_case(self, house: House) -> None:
        with workspace_scope(house.north):
            for name in ("olga", "mina", "anh", "grace", "ada"):
                assert figures(viewer=house.actor(name), zone=SEOUL, at=NOW).attendance is not None
            assert figures(viewer=house.actor("vera"), zone=SEOUL, at=NOW).attendance is None
            with pytest.raises(MayNotSeeWall):
                figures(viewer=house.actor("cole"), zone=SEOUL, at=NOW)

    def test_cost_the_same_number_of_questions_however_much_there_is(
        self, house: House, django_assert_num_queries: object
    ) -> None:
        with workspace_scope(house.north):
            floor = one_wait(house)
            floor.answers(0, at=NOW + timedelta(minutes=5))
        read_all()
        with workspace_scope(house.north), django_assert_num_queries(12):  # type: ignore[operator]
            figures(viewer=HOUSE, zone=SEOUL, at=NOW + timedelta(minutes=6))


class TestAttendance:
    def test_counts_agents_and_leads_whose_page_was_open_a_moment_ago(self, house: House) -> None:
        with workspace_scope(house.north):
            for name in ("ada", "mina"):
                note_here(user_id=house.ids[name], at=NOW)
            note_here(user_id=house.ids["ada"], at=NOW + timedelta(seconds=30))

            def seen(after: timedelta) -> tuple[int, int]:
                found = figures(viewer=HOUSE, zone=SEOUL, at=NOW + timedelta(seconds=30) + after).attendance
                assert found is not None
                return found.here, found.away

            assert seen(timedelta(0)) == (1, 1)
            assert seen(HERE_FOR) == (0, 2)


class TestTargets:
    def test_of_a_team_and_channel_come_before_broader_ones(self, house: House) -> None:
        with workspace_scope(house.north):
            floor = one_wait(house)
            grace = house.actor("grace")
            set_target(team_id=None, channel="", seconds=3600, actor=grace, at=NOW)
            set_target(team_id=None, channel="voice", seconds=30, actor=grace, at=NOW)
            set_target(team_id=floor.teams[0], channel="", seconds=7200, actor=grace, at=NOW)
        read_all()

        def said() -> dict[str, int | None]:
            with workspace_scope(house.north):
                return {q.channel: q.target_seconds for q in figures(viewer=HOUSE, zone=SEOUL, at=NOW).queues}

        assert said() == {"email": 7200, "voice": 30}
        with workspace_scope(house.north):
            set_target(team_id=floor.teams[0], channel="", seconds=None, actor=grace, at=NOW)
            set_target(team_id=None, channel="voice", seconds=None, actor=grace, at=NOW)
            set_target(team_id=None, channel="", seconds=None, actor=grace, at=NOW)
        assert said() == {"email": 4 * 3600, "voice": 20}

    def test_are_among_those_offered_and_set_by_those_who_run_the_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            with pytest.raises(NoSuchTarget):
                set_target(team_id=None, channel="", seconds=61, actor=house.actor("grace"), at=NOW)
            with pytest.raises(NoSuchTarget):
                set_target(team_id=99_999, channel="", seconds=60, actor=house.actor("grace"), at=NOW)
            with pytest.raises(MayNotSetThresholds):
                set_target(team_id=None, channel="", seconds=60, actor=house.actor("ada"), at=NOW)


def test_a_combination_of_nothing_is_nothing() -> None:
    assert combined([]) == QueueFigures()
