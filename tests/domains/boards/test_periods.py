"""Periods in words mean what people mean by them, in the workspace's own days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.boards.periods import PERIODS, days_between, span_of

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
# Monday, 18:10 in Seoul.
NOW = datetime(2026, 11, 16, 9, 10, tzinfo=UTC)


def local(moment: datetime, zone: ZoneInfo = SEOUL) -> str:
    return moment.astimezone(zone).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("period", "since", "until", "before"),
    [
        ("today", "11-16 00:00", "11-16 18:30", ("11-15 00:00", "11-15 18:30")),
        ("yesterday", "11-15 00:00", "11-16 00:00", ("11-14 00:00", "11-15 00:00")),
        ("last_7_days", "11-10 00:00", "11-16 18:30", ("11-03 00:00", "11-09 18:30")),
        ("this_week", "11-16 00:00", "11-16 18:30", ("11-09 00:00", "11-09 18:30")),
        ("last_week", "11-09 00:00", "11-16 00:00", ("11-02 00:00", "11-09 00:00")),
        ("this_month", "11-01 00:00", "11-16 18:30", ("10-01 00:00", "10-16 18:30")),
        ("last_month", "10-01 00:00", "11-01 00:00", ("09-01 00:00", "10-01 00:00")),
    ],
)
def test_spans_the_days_it_names(period: str, since: str, until: str, before: tuple[str, str]) -> None:
    span = span_of(period, now=NOW, zone=SEOUL)

    assert (local(span.since), local(span.until)) == (since, until)
    assert (local(span.before[0]), local(span.before[1])) == before


@given(
    period=st.sampled_from(sorted(PERIODS)),
    now=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from([SEOUL, NEW_YORK, ZoneInfo("Pacific/Chatham")]),
)
def test_never_overlaps_what_came_before(period: str, now: datetime, zone: ZoneInfo) -> None:
    span = span_of(period, now=now, zone=zone)

    assert span.before[0] < span.before[1] <= span.since < span.until
    assert not span.is_running or now < span.until <= now + timedelta(minutes=30)


def test_a_day_of_twenty_five_hours_is_a_day() -> None:
    span = days_between(date(2026, 11, 1), date(2026, 11, 1), zone=NEW_YORK)

    assert span.until.astimezone(UTC) - span.since.astimezone(UTC) == timedelta(hours=25)


# 02:30 on Monday the sixteenth in Seoul: for a day that begins at 05:00 it is still Sunday.
NIGHT = datetime(2026, 11, 15, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "since", "until", "before"),
    [
        ("today", "11-15 05:00", "11-16 03:00", ("11-14 05:00", "11-15 03:00")),
        ("yesterday", "11-14 05:00", "11-15 05:00", ("11-13 05:00", "11-14 05:00")),
        ("this_week", "11-09 05:00", "11-16 03:00", ("11-02 05:00", "11-09 03:00")),
        ("last_month", "10-01 05:00", "11-01 05:00", ("09-01 05:00", "10-01 05:00")),
    ],
)
def test_days_of_operation_begin_when_they_are_said_to(
    period: str, since: str, until: str, before: tuple[str, str]
) -> None:
    span = span_of(period, now=NIGHT, zone=SEOUL, day_begins_s=18_000)

    assert (local(span.since), local(span.until)) == (since, until)
    assert (local(span.before[0]), local(span.before[1])) == before


def test_a_span_names_the_days_of_operation_in_it() -> None:
    assert span_of("today", now=NIGHT, zone=SEOUL, day_begins_s=18_000).days == (date(2026, 11, 15), date(2026, 11, 15))
    days = days_between(date(2026, 11, 1), date(2026, 11, 30), zone=SEOUL, day_begins_s=18_000)
    assert days.days == (date(2026, 11, 1), date(2026, 11, 30))
    assert (local(days.since), local(days.until)) == ("11-01 05:00", "12-01 05:00")
