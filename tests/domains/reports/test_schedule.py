"""Every day has its due time, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.reports.schedule import Frequency, Schedule, latest_due, next_due

ZONES = [
    "Asia/Seoul", "Asia/Shanghai", "Asia/Ho_Chi_Minh", "America/New_York", "Europe/London", "Australia/Lord_Howe",
    "Pacific/Apia", "Asia/Kathmandu", "UTC",
]  # fmt: skip
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(min_value=datetime(2005, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
schedules = st.one_of(
    st.builds(Schedule, frequency=st.just(Frequency.DAILY), at=times),
    st.builds(Schedule, frequency=st.just(Frequency.WEEKLY), at=times, weekday=st.integers(1, 7)),
    st.builds(Schedule, frequency=st.just(Frequency.MONTHLY), at=times, month_day=st.integers(1, 31)),
)


def daily(at: time) -> Schedule:
    return Schedule(frequency=Frequency.DAILY, at=at)


@given(schedule=schedules, after=moments, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_the_next_is_later_and_none_lies_between(schedule: Schedule, after: datetime, zone: ZoneInfo) -> None:
    due = next_due(schedule, after=after, zone=zone)

    assert due > after
    assert latest_due(schedule, until=due, zone=zone) == due
    assert latest_due(schedule, until=due - timedelta(microseconds=1), zone=zone) <= after


@given(after=moments, at=times, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_a_daily_one_comes_once_on_every_local_day(after: datetime, at: time, zone: ZoneInfo) -> None:
    days = []
    for _turn in range(5):
        after = next_due(daily(at), after=after, zone=zone)
        days.append(after.astimezone(zone).date())

    assert len(set(days)) == len(days)
    # Samoa had no 30 December 2011 at all.
    skipped = 1 if zone.key == "Pacific/Apia" and date(2011, 12, 25) <= days[0] <= date(2011, 12, 31) else 0
    assert (days[-1] - days[0]).days in {len(days) - 1, len(days) - 1 + skipped}


def test_a_time_that_the_clocks_skip_comes_as_much_later() -> None:
    zone = ZoneInfo("America/New_York")

    due = next_due(daily(time(2, 30)), after=datetime(2026, 3, 8, 5, 0, tzinfo=UTC), zone=zone)

    assert due.astimezone(zone).isoformat() == "2026-03-08T03:30:00-04:00"


def test_a_time_that_comes_twice_counts_once_and_first() -> None:
    zone = ZoneInfo("America/New_York")

    due = next_due(daily(time(1, 30)), after=datetime(2026, 11, 1, 4, 0, tzinfo=UTC), zone=zone)

    assert due.astimezone(zone).isoformat() == "2026-11-01T01:30:00-04:00"
    assert next_due(daily(time(1, 30)), after=due, zone=zone) - due == timedelta(hours=25)


@pytest.mark.parametrize(("month", "day"), [(1, 31), (2, 28), (4, 30)])
def test_the_thirty_first_is_the_last_day_of_a_shorter_month(month: int, day: int) -> None:
    schedule = Schedule(frequency=Frequency.MONTHLY, at=time(8, 0), month_day=31)

    due = next_due(schedule, after=datetime(2026, month, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))

    assert due == datetime(2026, month, day, 8, 0, tzinfo=UTC)
