"""Thresholds that neither sleep nor flap."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.wallboards.alarming import Limits, Standing, judged
from careloop.domains.wallboards.types import Direction, Level

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
QUEUE = Limits(direction=Direction.ABOVE, warning=10, alarm=20, margin=2, hold=timedelta(seconds=60))
SHARE = Limits(direction=Direction.BELOW, warning=0.8, alarm=0.6, margin=0.05, hold=timedelta(seconds=0))


def levels(values: Sequence[float | None], *, limits: Limits = QUEUE, every: int = 20) -> list[Level]:
    """Look at one value after another, so many seconds apart, and return the level after each look."""
    standing, seen = Standing(), []
    for number, value in enumerate(values):
        standing = judged(standing, value, limits=limits, at=NOON + timedelta(seconds=every * number))
        seen.append(standing.level)
    return seen


class TestRising:
    def test_counts_once_it_has_lasted(self) -> None:
        assert levels([9, 10, 12, 11, 15]) == [0, 0, 0, 0, 1]

    def test_that_stops_in_between_begins_anew(self) -> None:
        assert levels([10, 10, 9, 10, 10, 10, 10]) == [0, 0, 0, 0, 0, 0, 1]

    def test_to_an_alarm_needs_no_stop_at_the_warning(self) -> None:
        assert levels([25, 25, 25, 25]) == [0, 0, 0, 2]

    def test_that_was_a_warning_for_a_moment_is_a_warning(self) -> None:
        assert levels([25, 15, 25, 25, 25, 25, 25]) == [0, 0, 0, 1, 1, 1, 1]
        assert levels([25, 15, 25, 25, 25, 25, 25, 25])[-1] == 2

    def test_at_once_where_no_time_is_asked_for(self) -> None:
        assert levels([0.9, 0.8, 0.79, 0.6], limits=SHARE) == [0, 1, 1, 2]


class TestFalling:
    def test_within_the_margin_is_no_end(self) -> None:
        assert levels([10] * 4 + [9, 8.5, 9.9, 9] * 3) == [0, 0, 0, *[1] * 13]

    def test_beyond_the_margin_is_one_when_it_lasts(self) -> None:
        assert levels([10] * 4 + [7, 7, 7, 7, 7])[4:] == [1, 1, 1, 0, 0]

    def test_of_a_share_goes_upwards(self) -> None:
        assert levels([0.7, 0.82, 0.84, 0.86], limits=SHARE) == [1, 1, 1, 0]

    def test_from_an_alarm_stops_at_the_warning(self) -> None:
        assert levels([30] * 4 + [15] * 4) == [0, 0, 0, 2, 2, 2, 2, 1]

    def test_of_what_can_no_longer_be_judged_is_an_end(self) -> None:
        assert levels([0.5, None], limits=SHARE) == [2, 0]


values = st.lists(st.one_of(st.none(), st.floats(0, 30)), max_size=60)


@given(values=values, margin=st.floats(0, 5), hold=st.sampled_from([0, 20, 60, 300]))
def test_no_level_changes_without_having_lasted(values: list[float | None], margin: float, hold: int) -> None:
    limits = Limits(direction=Direction.ABOVE, warning=10, alarm=20, margin=margin, hold=timedelta(seconds=hold))
    seen = [Level.NONE, *levels(values, limits=limits)]
    looks = hold // 20
    for number in range(1, len(seen)):
        was, now = seen[number - 1], seen[number]
        if now > was:
            lasting = values[max(0, number - 1 - looks) : number]
            assert len(lasting) == looks + 1
            assert all(value is not None and value >= 10 * now for value in lasting)
        if now < was:
            lasting = values[max(0, number - 1 - looks) : number]
            assert len(lasting) == looks + 1
            assert all(value is None or value < 10 * was - margin for value in lasting)


@given(st.lists(st.floats(8.01, 30), max_size=60))
def test_within_the_margin_there_is_at_most_one_rise_to_each_level(values: list[float]) -> None:
    limits = Limits(direction=Direction.ABOVE, warning=10, alarm=None, margin=2, hold=timedelta(seconds=0))
    seen = [Level.NONE, *levels(list(values), limits=limits)]
    assert sum(now > was for was, now in pairwise(seen)) <= 1
