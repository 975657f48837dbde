"""A clock runs in the hours promised, stands still when it should, and cannot be talked out of what it said."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from careloop.domains.commitments.clock import Promise, Turn, is_kept, spent_s, stretches, when_spent
from careloop.kernel.hours import Calendar, Span, open_seconds
from tests.strategies import calendars

SEOUL = Calendar(zone="Asia/Seoul", weekly=dict.fromkeys(range(5), (Span(opens=time(9), closes=time(18)),)))
FOUR_HOURS = Promise(target_s=4 * 3600, calendar=SEOUL)
TWO_HOURS = Promise(target_s=2 * 3600, calendar=SEOUL)
ALWAYS = Promise(target_s=3600, calendar=None)
START = datetime(2026, 11, 2, tzinfo=UTC)


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of November 2026 by the clock on a wall in Seoul; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def turn(at: datetime, *, promise: Promise = FOUR_HOURS, runs: bool = True) -> Turn:
    return Turn(at=at, promise=promise, runs=runs)


class TestDue:
    def test_is_the_end_of_the_promised_time_within_the_hours(self) -> None:
        assert when_spent([turn(seoul(2, 10))]) == seoul(2, 14)

    def test_goes_over_to_the_next_working_day(self) -> None:
        assert when_spent([turn(seoul(6, 16))]) == seoul(9, 11)

    def test_of_what_comes_at_night_counts_from_the_morning(self) -> None:
        assert when_spent([turn(seoul(2, 22))]) == seoul(3, 13)

    def test_is_later_by_a_holiday(self) -> None:
        holiday = Calendar(zone=SEOUL.zone, weekly=SEOUL.weekly, exceptions={date(2026, 11, 3): ()})

        assert when_spent([turn(seoul(2, 16), promise=Promise(target_s=4 * 3600, calendar=holiday))]) == seoul(4, 11)

    def test_is_later_by_what_it_stood_still(self) -> None:
        turns = [turn(seoul(2, 10)), turn(seoul(2, 12), runs=False), turn(seoul(2, 15))]

        assert when_spent(turns) == seoul(2, 17)

    def test_is_nowhere_while_the_clock_stands_still(self) -> None:
        assert when_spent([turn(seoul(2, 10)), turn(seoul(2, 12), runs=False)]) is None

    def test_is_where_it_was_when_the_clock_stopped_too_late(self) -> None:
        assert when_spent([turn(seoul(2, 10)), turn(seoul(2, 15), runs=False)]) == seoul(2, 14)

    def test_comes_sooner_when_less_is_promised(self) -> None:
        assert when_spent([turn(seoul(2, 10)), turn(seoul(2, 11), promise=TWO_HOURS)]) == seoul(2, 12)

    def test_is_never_before_the_shorter_promise_was_made(self) -> None:
        assert when_spent([turn(seoul(2, 10)), turn(seoul(2, 13), promise=TWO_HOURS)]) == seoul(2, 13)

    def test_once_passed_is_not_undone_by_a_longer_promise(self) -> None:
        turns = [turn(seoul(2, 10), promise=TWO_HOURS), turn(seoul(2, 13), promise=FOUR_HOURS)]

        assert when_spent(turns) == seoul(2, 12)
        assert not is_kept(turns, ended_at=seoul(2, 13, 30))

    def test_of_a_part_is_when_a_warning_is_given(self) -> None:
        assert when_spent([turn(seoul(2, 10))], share=0.75) == seoul(2, 13)

    def test_is_nowhere_in_hours_that_never_come(self) -> None:
        past = Calendar(zone="UTC", weekly={}, exceptions={date(2020, 1, 1): SEOUL.weekly[0]})
        turns = [turn(seoul(2, 10), promise=Promise(target_s=60, calendar=past))]

        assert when_spent(turns) is None
        assert is_kept(turns, ended_at=seoul(3, 10))


class TestKept:
    def test_to_the_very_moment(self) -> None:
        assert is_kept([turn(seoul(2, 10))], ended_at=seoul(2, 14))
        assert not is_kept([turn(seoul(2, 10))], ended_at=seoul(2, 14) + timedelta(microseconds=1))

    def test_by_a_clock_that_stood_still_in_time(self) -> None:
        assert is_kept([turn(seoul(2, 10)), turn(seoul(2, 12), runs=False)], ended_at=seoul(20, 12))


class TestStretches:
    def test_tell_what_counted_and_what_did_not(self) -> None:
        turns = [turn(seoul(2, 10)), turn(seoul(2, 12), runs=False), turn(seoul(2, 15))]

        told = [(part.since, part.until, part.runs, part.spent_s) for part in stretches(turns, until=seoul(3, 10))]

        assert told == [
            (seoul(2, 10), seoul(2, 12), True, 7200),
            (seoul(2, 12), seoul(2, 15), False, 0),
            (seoul(2, 15), seoul(3, 10), True, 4 * 3600),
        ]

    def test_of_the_same_moment_the_last_turn_counts(self) -> None:
        turns = [turn(seoul(2, 10), runs=False), turn(seoul(2, 10)), turn(seoul(2, 11), runs=False)]

        assert [part.runs for part in stretches(turns, until=seoul(2, 12))] == [True, False]

    def test_are_none_before_the_first_turn(self) -> None:
        assert spent_s([turn(seoul(2, 10))], until=seoul(2, 9)) == 0


@st.composite
def histories(draw: st.DrawFn) -> list[Turn]:
    """Turns over some days: whole seconds apart, of two promises in whatever hours."""
    hours = draw(st.one_of(st.none(), calendars()))
    promises = [
        Promise(target_s=draw(st.integers(1, 3 * 86_400)), calendar=hours),
        Promise(target_s=draw(st.integers(1, 3 * 86_400)), calendar=draw(st.sampled_from([hours, None]))),
    ]
    gaps = draw(st.lists(st.integers(0, 2 * 86_400), min_size=1, max_size=6))
    at, turns = START, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        turns.append(Turn(at=at, promise=draw(st.sampled_from(promises)), runs=draw(st.booleans())))
    return turns


class TestWhateverHappens:
    @given(histories())
    def test_at_the_due_moment_as_much_is_spent_as_was_promised(self, turns: list[Turn]) -> None:
        at = when_spent(turns)
        assume(at is not None)
        assert at is not None
        (inside,) = [now for now, later in zip(turns, [*turns[1:], None], strict=True) if _holds(now, later, at)]

        spent = spent_s(turns, until=at)

        assert spent == pytest.approx(inside.promise.target_s, abs=1e-3) or (
            at == inside.at and spent >= inside.promise.target_s
        )

    @given(histories(), st.integers(0, 5), st.integers(1, 2 * 86_400))
    def test_a_turn_that_changes_nothing_changes_nothing(self, turns: list[Turn], index: int, gap: int) -> None:
        index = min(index, len(turns) - 1)
        again = turns[index].at + timedelta(seconds=gap)
        assume(index == len(turns) - 1 or again <= turns[index + 1].at)
        same = Turn(at=again, promise=turns[index].promise, runs=turns[index].runs)
        until = turns[-1].at + timedelta(days=3)

        doubled = [*turns[: index + 1], same, *turns[index + 1 :]]

        at, at_doubled = when_spent(turns), when_spent(doubled)
        assert (at is None) == (at_doubled is None)
        assert at is None or at_doubled is None or abs(at - at_doubled) < timedelta(milliseconds=1)
        assert spent_s(doubled, until=until) == pytest.approx(spent_s(turns, until=until))

    @given(histories())
    @example([turn(seoul(2, 10)), turn(seoul(2, 14), runs=False), turn(seoul(2, 15))])
    def test_what_was_due_stays_due_whatever_turns_later(self, turns: list[Turn]) -> None:
        for known in range(1, len(turns)):
            at = when_spent(turns[:known])
            if at is not None and at < turns[known].at:
                assert when_spent(turns) == at

    @given(histories(), st.integers(0, 5 * 86_400))
    def test_never_counts_more_than_passed_nor_more_than_was_open(self, turns: list[Turn], later: int) -> None:
        until = turns[-1].at + timedelta(seconds=later)
        for part in stretches(turns, until=until):
            hours = part.promise.calendar
            most = open_seconds(hours, part.since, part.until) if hours else (part.until - part.since).total_seconds()
            assert part.spent_s == (most if part.runs else 0)


NIGHT = (Span(opens=time(0), closes=time(6)), Span(opens=time(22), closes=time(0)))
CHANGES = {
    "America/New_York": (datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)),
    "Europe/Berlin": (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)),
}
"""Days on which clocks are put forward or back; on Lord Howe by half an hour."""


class TestOnTheStrangeDaysOfAYear:
    @pytest.mark.parametrize(
        ("start", "due"),
        [
            # Half past midnight; an hour and a half of it is gone when two o'clock becomes three.
            (datetime(2026, 3, 8, 5, 30, tzinfo=UTC), datetime(2026, 3, 8, 8, 30, tzinfo=UTC)),
            # The hour from one to two comes twice, and is worked twice.
            (datetime(2026, 11, 1, 4, 30, tzinfo=UTC), datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
        ],
    )
    def test_three_hours_are_three_hours(self, start: datetime, due: datetime) -> None:
        night = Calendar(zone="America/New_York", weekly=dict.fromkeys(range(7), NIGHT))

        assert when_spent([turn(start, promise=Promise(target_s=3 * 3600, calendar=night))]) == due

    @given(
        zone=st.sampled_from(sorted(CHANGES)),
        change=st.integers(0, 1),
        offset=st.integers(-36 * 60, 36 * 60),
        minutes=st.integers(1, 18 * 60),
        pause=st.one_of(st.none(), st.tuples(st.integers(0, 600), st.integers(0, 600))),
    )
    def test_a_deadline_is_where_counting_every_minute_puts_it(
        self, zone: str, change: int, offset: int, minutes: int, pause: tuple[int, int] | None
    ) -> None:
        promise = Promise(target_s=minutes * 60, calendar=Calendar(zone=zone, weekly=dict.fromkeys(range(7), NIGHT)))
        start = CHANGES[zone][change] + timedelta(minutes=offset)
        turns = [turn(start, promise=promise)]
        if pause is not None:
            stops = start + timedelta(minutes=pause[0])
            goes_on = stops + timedelta(minutes=pause[1])
            turns += [turn(stops, promise=promise, runs=False), turn(goes_on, promise=promise)]

        due = _due_by_the_minute(turns, ZoneInfo(zone), minutes)
        assume(all(one.runs or one.at != due for one in turns))  # the boundary is looked at below
        assert when_spent(turns) == due


class TestWhenHoursChange:
    @given(
        start=st.integers(0, 4 * 24 * 60), target=st.integers(1, 30 * 60), off=st.integers(0, 10), parts=st.booleans()
    )
    def test_a_day_off_never_makes_anything_due_sooner_nor_on_that_day(
        self, start: int, target: int, off: int, parts: bool
    ) -> None:
        day = date(2026, 11, 2) + timedelta(days=off)
        closed = Calendar(zone=SEOUL.zone, weekly=SEOUL.weekly, exceptions={day: ()})
        at = seoul(2, 0) + timedelta(minutes=start)
        pause = [(at + timedelta(hours=1), False), (at + timedelta(hours=3), True)] if parts else []

        before, after = (
            when_spent(
                [
                    turn(when, promise=Promise(target_s=target * 60, calendar=hours), runs=runs)
                    for when, runs in [(at, True), *pause]
                ]
            )
            for hours in (SEOUL, closed)
        )

        assert before is not None
        assert after is not None
        assert after >= before
        assert after.astimezone(ZoneInfo(SEOUL.zone)).date() != day
        if before.astimezone(ZoneInfo(SEOUL.zone)).date() < day:
            assert after == before

    def test_a_day_off_today_takes_back_what_counted_today(self) -> None:
        closed = Calendar(zone=SEOUL.zone, weekly=SEOUL.weekly, exceptions={date(2026, 11, 2): ()})
        promise = Promise(target_s=4 * 3600, calendar=closed)

        assert when_spent([turn(seoul(2, 10), promise=promise)]) == seoul(3, 13)
        assert spent_s([turn(seoul(2, 10), promise=promise)], until=seoul(2, 12)) == 0


class TestPause:
    @given(left=st.integers(-600, 600), length=st.integers(0, 86_400), target=st.integers(601, 86_400))
    def test_at_the_boundary_leaves_exactly_what_was_left(self, left: int, length: int, target: int) -> None:
        promise = Promise(target_s=target, calendar=None)
        due = START + timedelta(seconds=target)
        stops = due - timedelta(seconds=left)
        goes_on = stops + timedelta(seconds=length)
        turns = [turn(START, promise=promise), turn(stops, promise=promise, runs=False)]

        assert when_spent(turns) == (None if left >= 0 else due)
        # To the very moment is in time: who stopped the clock then has missed nothing, and has nothing left.
        assert when_spent([*turns, turn(goes_on, promise=promise)]) == (
            due if left < 0 else goes_on + timedelta(seconds=left)
        )

    @given(
        spent=st.integers(0, 7_200),
        targets=st.lists(st.integers(1, 14_400), min_size=2, max_size=5),
        length=st.integers(1, 86_400),
    )
    def test_only_the_last_of_what_is_promised_meanwhile_counts(
        self, spent: int, targets: list[int], length: int
    ) -> None:
        assume(spent < targets[0])
        promises = [Promise(target_s=target, calendar=None) for target in targets]
        stops = START + timedelta(seconds=spent)
        goes_on = stops + timedelta(seconds=length)
        turns = [turn(START, promise=promises[0]), turn(stops, promise=promises[0], runs=False)]
        turns += [turn(stops + timedelta(seconds=length / 2), promise=other, runs=False) for other in promises[1:]]

        assert when_spent(turns) is None
        assert when_spent([*turns, turn(goes_on, promise=promises[-1])]) == goes_on + timedelta(
            seconds=max(0, targets[-1] - spent)
        )


def _due_by_the_minute(turns: list[Turn], zone: ZoneInfo, minutes: int) -> datetime:
    """Count every open minute one by one, as a person with a watch would; everything lies on full minutes."""
    at, counted = turns[0].at, 0
    while True:
        runs = next(one.runs for one in reversed(turns) if one.at <= at)
        local = at.astimezone(zone).time()
        if runs and (local < time(6) or local >= time(22)):
            counted += 1
            if counted == minutes:
                return at + timedelta(minutes=1)
        at += timedelta(minutes=1)


def _holds(now: Turn, later: Turn | None, at: datetime) -> bool:
    return now.runs and now.at <= at and (later is None or at < later.at)
