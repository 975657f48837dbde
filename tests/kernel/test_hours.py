"""Business hours on real clocks: holidays, make-up days, and days of 23 and 25 hours."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from careloop.kernel.hours import (
    BadCalendar,
    Calendar,
    NotEnoughHours,
    Span,
    add_open_seconds,
    is_open,
    next_closing,
    next_opening,
    open_seconds,
)
from tests.strategies import calendars, moments

HOUR = 3600
MINUTE = timedelta(minutes=1)
ALL_DAY = Span(opens=time(0), closes=time(0))
MORNING = Span(opens=time(9), closes=time(12))
AFTERNOON = Span(opens=time(13), closes=time(18))
OFFICE = dict.fromkeys(range(5), (MORNING, AFTERNOON))
ALWAYS = dict.fromkeys(range(7), (ALL_DAY,))


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc, arg-type]


def seoul(*parts: int) -> datetime:
    return local("Asia/Seoul", *parts)


class TestOffice:
    """An office in Seoul: Monday to Friday, 9 to 12 and 13 to 18."""

    office = Calendar(zone="Asia/Seoul", weekly=OFFICE)

    @pytest.mark.parametrize(
        ("hour", "minute", "expected"), [(8, 59, False), (9, 0, True), (12, 0, False), (12, 59, False), (17, 59, True)]
    )
    def test_follows_the_clock_on_the_wall(self, hour: int, minute: int, expected: bool) -> None:
        assert is_open(self.office, seoul(2026, 11, 23, hour, minute)) is expected

    def test_leaves_out_lunch_nights_and_the_weekend(self) -> None:
        friday, monday = seoul(2026, 11, 20, 17), seoul(2026, 11, 23, 14)

        assert open_seconds(self.office, friday, monday) == (1 + 3 + 1) * HOUR

    def test_carries_a_target_over_the_weekend(self) -> None:
        assert add_open_seconds(self.office, seoul(2026, 11, 20, 17), 2 * HOUR) == seoul(2026, 11, 23, 10)

    def test_answers_in_utc(self) -> None:
        assert add_open_seconds(self.office, seoul(2026, 11, 20, 9), HOUR).tzinfo is UTC

    def test_reaches_the_end_of_a_span_and_not_the_next_opening(self) -> None:
        assert add_open_seconds(self.office, seoul(2026, 11, 20, 9), 3 * HOUR) == seoul(2026, 11, 20, 12)

    def test_opens_next_on_monday(self) -> None:
        assert next_opening(self.office, seoul(2026, 11, 21, 3)) == seoul(2026, 11, 23, 9)

    def test_is_its_own_next_opening_while_open(self) -> None:
        assert next_opening(self.office, seoul(2026, 11, 20, 10)) == seoul(2026, 11, 20, 10)

    def test_closes_next_at_lunch_and_after_the_next_opening(self) -> None:
        assert next_closing(self.office, seoul(2026, 11, 20, 10)) == seoul(2026, 11, 20, 12)
        assert next_closing(self.office, seoul(2026, 11, 21, 3)) == seoul(2026, 11, 23, 12)

    def test_refuses_an_interval_that_runs_backward(self) -> None:
        with pytest.raises(ValueError, match="before the start"):
            open_seconds(self.office, seoul(2026, 11, 21), seoul(2026, 11, 20))

    def test_refuses_a_moment_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            is_open(self.office, datetime(2026, 11, 20))  # noqa: DTZ001

    @pytest.mark.parametrize("seconds", [-1, float("nan")])
    def test_refuses_to_count_backward(self, seconds: float) -> None:
        with pytest.raises(ValueError, match="forward"):
            add_open_seconds(self.office, seoul(2026, 11, 20), seconds)

    def test_travels_between_processes(self) -> None:
        assert pickle.loads(pickle.dumps(self.office)) == self.office


class TestExceptions:
    """National Day 2026 in China: closed from 1 to 7 October, worked on Saturday 10 October."""

    office = Calendar(
        zone="Asia/Shanghai",
        weekly=OFFICE,
        exceptions={date(2026, 10, day): () for day in range(1, 8)} | {date(2026, 10, 10): (MORNING,)},
    )

    def test_holidays_stand_still(self) -> None:
        eve = local("Asia/Shanghai", 2026, 9, 30, 17)

        assert add_open_seconds(self.office, eve, 2 * HOUR) == local("Asia/Shanghai", 2026, 10, 8, 10)

    def test_a_make_up_saturday_counts_with_its_own_hours(self) -> None:
        saturday, sunday = local("Asia/Shanghai", 2026, 10, 10), local("Asia/Shanghai", 2026, 10, 11)

        assert open_seconds(self.office, saturday, sunday) == 3 * HOUR


class TestChangesOfTheClock:
    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("America/New_York", date(2026, 3, 8), 23),
            ("America/New_York", date(2026, 11, 1), 25),
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
            ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
            ("America/Sao_Paulo", date(2018, 11, 4), 23),
            ("America/Sao_Paulo", date(2018, 2, 17), 25),
            ("Pacific/Apia", date(2011, 12, 30), 0),
            ("Asia/Seoul", date(2026, 3, 8), 24),
        ],
    )
    def test_a_whole_day_has_the_hours_it_has(self, zone: str, day: date, hours: float) -> None:
        only_that_day = Calendar(zone=zone, weekly={}, exceptions={day: (ALL_DAY,)})
        noon = datetime.combine(day, time(12), UTC)

        around = open_seconds(only_that_day, noon - timedelta(days=3), noon + timedelta(days=3))

        assert around == hours * HOUR

    def test_a_span_inside_a_skipped_hour_never_opens(self) -> None:
        night = Span(opens=time(2), closes=time(3))
        calendar = Calendar(zone="America/New_York", weekly={6: (night,)})
        saturday = local("America/New_York", 2026, 3, 7)

        assert next_opening(calendar, saturday) == local("America/New_York", 2026, 3, 15, 2)

    def test_a_span_inside_a_repeated_hour_opens_twice(self) -> None:
        half = Span(opens=time(1), closes=time(1, 30))
        calendar = Calendar(zone="America/New_York", weekly={6: (half,)})
        midnight = local("America/New_York", 2026, 11, 1)

        assert open_seconds(calendar, midnight, midnight + timedelta(days=1)) == HOUR
        assert next_closing(calendar, midnight) == local("America/New_York", 2026, 11, 1, 1, 30)
        assert is_open(calendar, local("America/New_York", 2026, 11, 1, 1, 15, fold=1))

    def test_a_night_shift_of_two_spans_is_one_opening(self) -> None:
        evening, night = Span(opens=time(22), closes=time(0)), Span(opens=time(0), closes=time(6))
        calendar = Calendar(zone="Asia/Ho_Chi_Minh", weekly={4: (evening,), 5: (night,)})
        friday = local("Asia/Ho_Chi_Minh", 2026, 11, 20, 12)

        assert next_opening(calendar, friday) == local("Asia/Ho_Chi_Minh", 2026, 11, 20, 22)
        assert next_closing(calendar, friday) == local("Asia/Ho_Chi_Minh", 2026, 11, 21, 6)


class TestNeverAgain:
    past = Calendar(zone="Asia/Seoul", weekly={}, exceptions={date(2020, 1, 1): (MORNING,)})
    always = Calendar(zone="Asia/Seoul", weekly=ALWAYS)

    def test_a_service_that_ended_has_no_next_opening_or_closing(self) -> None:
        assert next_opening(self.past, seoul(2026, 1, 1)) is None
        assert next_closing(self.past, seoul(2026, 1, 1)) is None

    def test_a_service_that_ended_cannot_reach_a_target(self) -> None:
        with pytest.raises(NotEnoughHours, match="ten years"):
            add_open_seconds(self.past, seoul(2026, 1, 1), 1)

    def test_a_target_beyond_ten_years_is_refused_at_once(self) -> None:
        with pytest.raises(NotEnoughHours):
            add_open_seconds(self.always, seoul(2026, 1, 1), 1e300)

    def test_a_service_around_the_clock_never_closes(self) -> None:
        assert next_closing(self.always, seoul(2026, 1, 1)) is None

    def test_a_service_around_the_clock_closes_on_its_next_holiday(self) -> None:
        calendar = Calendar(zone="Asia/Seoul", weekly=ALWAYS, exceptions={date(2027, 2, 7): ()})

        assert next_closing(calendar, seoul(2026, 1, 1)) == seoul(2027, 2, 7)

    def test_a_distant_exception_does_not_break_the_search(self) -> None:
        calendar = Calendar(zone="Asia/Seoul", weekly={0: (MORNING,)}, exceptions={date.max: (MORNING,)})

        assert next_opening(calendar, seoul(2026, 11, 20)) == seoul(2026, 11, 23, 9)


class TestBadCalendar:
    @pytest.mark.parametrize("zone", ["Asia/Pyongyang2", "", "../etc/passwd", "Asia", "\0"])
    def test_refuses_an_unknown_zone(self, zone: str) -> None:
        with pytest.raises(BadCalendar, match="no time zone named"):
            Calendar(zone=zone, weekly=OFFICE)

    def test_refuses_overlapping_spans_by_name(self) -> None:
        early = Span(opens=time(8), closes=time(9, 1))

        with pytest.raises(BadCalendar, match="from 08:00 overlap the hours from 09:00"):
            Calendar(zone="Asia/Seoul", weekly={0: (MORNING, early)})

    @pytest.mark.parametrize(("opens", "closes"), [(time(9), time(9)), (time(9), time(8))])
    def test_refuses_a_span_that_ends_before_it_begins(self, opens: time, closes: time) -> None:
        with pytest.raises(BadCalendar, match="end before they begin"):
            Span(opens=opens, closes=closes)

    def test_refuses_times_with_a_zone(self) -> None:
        with pytest.raises(BadCalendar, match="local times"):
            Span(opens=time(9, tzinfo=UTC), closes=time(10))

    def test_refuses_an_eighth_weekday(self) -> None:
        with pytest.raises(BadCalendar, match="from 0"):
            Calendar(zone="Asia/Seoul", weekly={7: (MORNING,)})

    def test_refuses_a_calendar_without_hours(self) -> None:
        with pytest.raises(BadCalendar, match="never opens"):
            Calendar(zone="Asia/Seoul", weekly={0: ()}, exceptions={date(2026, 1, 1): ()})

    def test_says_the_reason_in_another_language(self) -> None:
        with pytest.raises(BadCalendar) as refusal:
            Calendar(zone="Mars", weekly=OFFICE)

        assert refusal.value.sentence({refusal.value.message: "%(zone)s?"}.__getitem__) == "Mars?"


class TestProperties:
    @given(calendars(), moments(), *[st.timedeltas(timedelta(), timedelta(days=40))] * 2)
    def test_open_time_adds_up(self, calendar: Calendar, start: datetime, some: timedelta, more: timedelta) -> None:
        middle, end = start + some, start + some + more

        parts = open_seconds(calendar, start, middle) + open_seconds(calendar, middle, end)

        assert open_seconds(calendar, start, end) == pytest.approx(parts, abs=1e-6)
        assert 0 <= parts <= (end - start).total_seconds() + 1e-6

    @given(calendars(), moments(), st.integers(0, 60 * HOUR), st.integers(0, 60 * HOUR))
    def test_later_targets_come_later(self, calendar: Calendar, start: datetime, some: int, more: int) -> None:
        try:
            one, two = add_open_seconds(calendar, start, some), add_open_seconds(calendar, start, some + more)
        except NotEnoughHours:
            assume(False)

        assert start <= one <= two
        assert (two - one).total_seconds() >= more

    @given(calendars(), moments(), st.integers(1, 40 * HOUR))
    def test_adding_is_the_inverse_of_measuring(self, calendar: Calendar, start: datetime, seconds: int) -> None:
        try:
            due = add_open_seconds(calendar, start, seconds)
        except NotEnoughHours:
            assume(False)

        assert open_seconds(calendar, start, due) == seconds
        assert is_open(calendar, due - timedelta(microseconds=1))

    @given(calendars(), moments(), st.integers(0, 2 * 1440))
    def test_agrees_with_a_walk_minute_by_minute(self, calendar: Calendar, start: datetime, minutes: int) -> None:
        start = start.replace(second=0, microsecond=0)
        end = start + minutes * MINUTE

        walked = sum(is_open(calendar, start + minute * MINUTE) for minute in range(minutes))

        assert open_seconds(calendar, start, end) == walked * 60

    @given(calendars(), moments())
    def test_the_next_opening_is_open_and_nothing_before_it_is(self, calendar: Calendar, at: datetime) -> None:
        opening = next_opening(calendar, at)

        assert opening is not None
        assert is_open(calendar, opening)
        assert open_seconds(calendar, at, opening) == 0

    @given(calendars(), moments())
    def test_the_next_closing_is_closed_and_all_before_it_is_open(self, calendar: Calendar, at: datetime) -> None:
        opening, closing = next_opening(calendar, at), next_closing(calendar, at)
        assume(closing is not None)

        assert opening is not None
        assert closing is not None
        assert not is_open(calendar, closing)
        assert open_seconds(calendar, opening, closing) == (closing - opening).total_seconds()
