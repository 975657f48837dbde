"""What lies before a period, whatever the clocks do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.changes import period_before

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        ("2026-03-01", "2026-04-01", "2026-02-01"),
        ("2026-01-01", "2026-04-01", "2025-10-01"),
        ("2026-03-09", "2026-03-16", "2026-03-02"),
        # The Sunday on which clocks go forward has 23 hours; the day before it has 24.
        ("2026-03-29", "2026-03-30", "2026-03-28"),
        ("2026-03-29T05:00", "2026-03-30T05:00", "2026-03-28T05:00"),
        ("2026-03-02T09:00", "2026-03-02T09:30", "2026-03-02T08:30"),
    ],
)
def test_is_of_the_same_kind(since: str, until: str, before: str) -> None:
    assert period_before(at(since), at(until), zone="Europe/London") == (at(before), at(since))


@given(minutes=st.integers(0, 5_000_000), hours=st.integers(1, 5_000))
def test_ends_where_the_period_begins(minutes: int, hours: int) -> None:
    since = at("2020-01-01") + timedelta(minutes=minutes)

    first, last = period_before(since, since + timedelta(hours=hours), zone="Europe/London")

    assert first < last == since
