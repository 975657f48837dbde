"""Somebody asks for help, and one comes."""

import pytest

from careloop.domains.supervision import queries, services
from careloop.domains.supervision.errors import (
    HandIsDown,
    HandNotFound,
    HandTaken,
    HelpUnclear,
    MayNotAskForHelp,
    MayNotHelp,
)
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.processes.test_two_at_once import at_once
from tests.routing import later

pytestmark = pytest.mark.database


def told(hand_id: int) -> list[str]:
    return [one.name for one in history([subject("hand", hand_id)], limit=10)]


class TestRaising:
    def test_is_seen_by_who_leads_until_it_is_over(self, north: House) -> None:
        hand = services.raise_hand(about=" He shouts ", case_id=None, actor=north.actor("ada"), at=NOW)

        (row,) = queries.hands_up(north.actor("grace"))
        assert (row.id, row.user_id, row.about, row.raised_at) == (hand, north.ids["ada"], "He shouts", NOW)
        assert queries.hands_up(north.actor("ada")) == []
        services.lower_hand(hand_id=hand, actor=north.actor("ada"), at=later(60))
        assert queries.hands_up(north.actor("grace")) == []
        assert queries.own_hand(north.actor("ada")) is None

    def test_twice_is_once(self, north: House) -> None:
        ada = north.actor("ada")
        first, second = (services.raise_hand(actor=ada, at=later(second)) for second in (0, 5))

        assert first == second
        assert told(first) == ["hand.raised"]

    def test_again_after_it_was_over_is_another(self, north: House) -> None:
        ada = north.actor("ada")
        first = services.raise_hand(actor=ada, at=NOW)
        services.lower_hand(hand_id=first, actor=ada, at=later(5))

        assert services.raise_hand(actor=ada, at=later(9)) != first

    def test_is_for_who_serves_customers(self, north: House) -> None:
        with pytest.raises(MayNotAskForHelp):
            services.raise_hand(actor=north.actor("anh"), at=NOW)

    def test_refuses_a_long_story(self, north: House) -> None:
        with pytest.raises(HelpUnclear, match="200 letters"):
            services.raise_hand(about="x" * 201, actor=north.actor("ada"), at=NOW)

        assert queries.own_hand(north.actor("ada")) is None


class TestComing:
    @pytest.fixture
    def hand(self, north: House) -> int:
        return services.raise_hand(actor=north.actor("ada"), at=NOW)

    def test_is_told_to_who_asked(self, north: House, hand: int) -> None:
        services.take_up_hand(hand_id=hand, actor=north.actor("grace"), at=later(30))

        row = queries.own_hand(north.actor("ada"))
        assert row is not None
        assert (row.helper_id, row.taken_at) == (north.ids["grace"], later(30))

    def test_is_for_who_leads(self, north: House, hand: int) -> None:
        with pytest.raises(MayNotHelp):
            services.take_up_hand(hand_id=hand, actor=north.actor("ada"), at=later(30))

    def test_of_two_is_for_the_first(self, north: House, hand: int) -> None:
        for _time in range(2):
            services.take_up_hand(hand_id=hand, actor=north.actor("grace"), at=later(30))

        with pytest.raises(HandTaken, match="Grace is on the way already"):
            services.take_up_hand(hand_id=hand, actor=north.actor("olga"), at=later(31))

        assert sorted(told(hand)) == ["hand.raised", "hand.taken_up"]

    def test_after_it_was_over_is_told(self, north: House, hand: int) -> None:
        services.lower_hand(hand_id=hand, actor=north.actor("grace"), at=later(20))

        with pytest.raises(HandIsDown):
            services.take_up_hand(hand_id=hand, actor=north.actor("grace"), at=later(30))

    def test_ends_once_by_whoever_says_so(self, north: House, hand: int) -> None:
        for name in ("grace", "ada"):
            services.lower_hand(hand_id=hand, actor=north.actor(name), at=later(40))

        assert sorted(told(hand)) == ["hand.lowered", "hand.raised"]

    def test_is_no_matter_of_colleagues(self, north: House, hand: int) -> None:
        with pytest.raises(HandNotFound):
            services.lower_hand(hand_id=hand, actor=north.actor("anh"), at=later(40))

        assert queries.own_hand(north.actor("ada")) is not None


def test_a_stranger_finds_no_hand(house: House) -> None:
    with workspace_scope(house.north):
        hand = services.raise_hand(actor=house.actor("ada"), at=NOW)

    with workspace_scope(house.south):
        assert queries.hands_up(house.actor("ines")) == []
        with pytest.raises(HandNotFound):
            services.take_up_hand(hand_id=hand, actor=house.actor("ines"), at=NOW)


def test_two_who_go_at_once_are_one(open_for_real: House) -> None:
    house = open_for_real
    with workspace_scope(house.north):
        hand = services.raise_hand(actor=house.actor("ada"), at=NOW)

    def goes(name: str) -> None:
        with workspace_scope(house.north):
            services.take_up_hand(hand_id=hand, actor=house.actor(name), at=later(1))

    outcomes = at_once(lambda: goes("grace"), lambda: goes("olga"))

    assert sum(isinstance(one, HandTaken) for one in outcomes) == 1
