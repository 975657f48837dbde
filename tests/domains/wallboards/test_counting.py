"""Counters kept by the log equal a plain count of its events, in whatever portions they are read and however often."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.wallboards.bands import band_of, slot_of
from careloop.domains.wallboards.counting import COUNTS, count_anew
from careloop.domains.wallboards.models import Count, Waiting
from careloop.domains.wallboards.types import Kind
from careloop.kernel.readers import unread_since
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.wallboards.floor import Floor, legs_of, open_floor, read_all

pytestmark = pytest.mark.database

steps = st.lists(
    st.tuples(
        st.sampled_from(["writes", "writes", "answers", "answers by another", "hands over", "ends"]),
        st.integers(0, 5),
        st.integers(0, 2),
        st.sampled_from([0, 1, 4, 5, 20, 21, 600, 1800, 14_400, 90_000, 400_000]),
    ),
    max_size=25,
)


def live(floor: Floor, steps: list[tuple[str, int, int, int]]) -> None:
    """Let things happen one after another; the last number of a step says how many seconds after the one before."""
    at = NOW
    for what, number, team, seconds in steps:
        at += timedelta(seconds=seconds)
        match what:
            case "writes":
                floor.writes(number, at=at, team=team)
            case "answers":
                floor.answers(number, at=at)
            case "answers by another":
                floor.answers(number, at=at, who="grace")
            case "hands over":
                floor.hands_over(number, at=at, team=team)
            case _:
                floor.ends(number, at=at)


def kept(workspace_id: int) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Return all counters and everybody who waits."""
    with workspace_scope(workspace_id):
        fields = ("starts_at", "team_id", "channel", "kind", "band", "count", "wait_us")
        return (
            set(Count.objects.values_list(*fields)),
            set(Waiting.objects.values_list("segment_id", "team_id", "channel", "queued_at")),
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, batch=st.integers(1, 7))
def test_counters_equal_a_plain_count_of_the_log(
    house: House, steps: list[tuple[str, int, int, int]], batch: int
) -> None:
    with workspace_scope(house.north):
        count_anew()
        live(open_floor(house), steps)
    read_all(batch=batch)

    plain: Counter[tuple[object, ...]] = Counter()
    waits: Counter[tuple[object, ...]] = Counter()
    kinds = {"answered": Kind.ANSWERED, "abandoned": Kind.ABANDONED, "flow_out_queue": Kind.FLOWED_OUT}
    legs = legs_of(house.north)
    for leg in legs:
        queue = (leg.team_id, leg.channel)
        plain[slot_of(leg.queued_at), *queue, Kind.OFFERED, 0] += 1
        plain[slot_of(leg.queued_at), *queue, Kind.ARRIVED, 0] += leg.sequence == 1
        if leg.left_at is not None:
            cell = (slot_of(leg.queued_at), *queue, kinds[leg.exit], band_of(leg.wait))
            plain[cell] += 1
            waits[cell] += leg.wait // timedelta(microseconds=1)
            plain[slot_of(leg.left_at), *queue, Kind.ANSWERS, 0] += leg.exit == "answered"
    counts, waiting = kept(house.north)
    assert counts == {(*cell, count, waits[cell]) for cell, count in plain.items() if count}
    assert sorted((team or 0, channel, at) for _id, team, channel, at in waiting) == sorted(
        (leg.team_id or 0, leg.channel, leg.queued_at) for leg in legs if leg.left_at is None
    )

    with workspace_scope(house.north):
        count_anew()
    read_all()
    assert kept(house.north) == (counts, waiting)


class TestReader:
    def test_counts_nothing_twice_and_nothing_of_another_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            floor = open_floor(house)
            floor.writes(0, at=NOW)
            floor.answers(0, at=NOW + timedelta(minutes=3))
        read_all()
        before = kept(house.north)

        read_all()

        assert kept(house.north) == before
        assert kept(house.south) == (set(), set())
        assert {row[3] for row in before[0]} == {"arrived", "offered", "answered", "answers"}

    def test_says_since_when_something_is_unread(self, house: House) -> None:
        with workspace_scope(house.north):
            floor = open_floor(house)
        read_all()
        with workspace_scope(house.north):
            assert unread_since(COUNTS) is None
            before = datetime.now(UTC)
            floor.writes(0, at=NOW)
            since = unread_since(COUNTS)
        assert since is not None
        assert abs(since - before) < timedelta(minutes=5)
        read_all()
        with workspace_scope(house.north):
            assert unread_since(COUNTS) is None
