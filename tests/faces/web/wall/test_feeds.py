"""A wall that others feed says how fresh each of them is, and never 0 for what it does not know."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from careloop.domains.wallboards.bands import HALF_HOUR, slot_of
from careloop.domains.wallboards.feeding import FRESH, take
from careloop.domains.wallboards.queries import figures, periods_of
from careloop.domains.wallboards.types import Counted, Fed, Kind, Place, Waits
from careloop.domains.workforce.services import set_state
from careloop.domains.workforce.states import State
from careloop.faces.web.wall.shown import Shown, Tile, shown
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.domains.wallboards.floor import open_floor, read_all
from tests.domains.wallboards.test_alarms import SEOUL

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
BILLING = Place(None, "billing", "voice")


def feed(house: House, *, through: datetime, agents: dict[str, int] | None = None) -> None:
    """Let a telephone system tell of a caller who waits in billing and one who was answered there."""
    day = periods_of(through, SEOUL).day
    start = slot_of(through)
    pbx = Fed(
        source="import:pbx",
        through=through,
        counts={Counted(start, BILLING, Kind.ARRIVED, 0): 2, Counted(start, BILLING, Kind.ANSWERED, 1): 1},
        waits={Waits(BILLING, through - timedelta(seconds=40)): 1},
        agents=agents,
        has_history=True,
    )
    with workspace_scope(house.north):
        take([pbx], since=day - HALF_HOUR, day=day, at=through)


def words_at(house: House, at: datetime) -> Shown:
    with workspace_scope(house.north), timezone.override(SEOUL):
        return shown(figures(viewer=HOUSE, zone=SEOUL, at=at), alarms=[], thresholds=[])


def tile_of(words: Shown, key: str) -> Tile:
    return next(tile for tile in words.tiles if tile.key == key)


# Noon in Seoul, so that five minutes later is the same day and the same half hour.
AT = datetime(2026, 11, 18, 12, 0, tzinfo=SEOUL)


class TestAFeed:
    def test_that_is_fresh_says_when_it_was_read_and_what_it_knows(self, house: House) -> None:
        feed(house, through=AT, agents={"available": 3, "contact": 2, "hold": 1, "break": 1})

        words = words_at(house, AT)

        (one,) = words.feeds
        assert (one.as_of, one.behind) == ("pbx as of noon", "")
        (queue,) = words.queues
        assert (queue.name, queue.channel, queue.waiting, queue.longest) == ("billing", "Phone", "1", "40 s")
        signed_in = tile_of(words, "signed-in")
        assert (signed_in.value, signed_in.notes) == ("7", ["free 3 · talking 3 · on a break 1", "by pbx"])

    def test_tells_of_agents_beside_those_who_work_here(self, house: House) -> None:
        feed(house, through=AT, agents={"available": 3})
        with workspace_scope(house.north):
            set_state(user_id=house.ids["ada"], state=State.BREAK, actor=house.actor("ada"), at=AT)

        signed_in = tile_of(words_at(house, AT), "signed-in")

        assert (signed_in.value, signed_in.notes) == ("4", ["free 3 · on a break 1", "by Careloop, pbx"])

    def test_that_is_behind_leaves_unknown_what_is_open(self, house: House) -> None:
        feed(house, through=AT, agents={"available": 3})

        words = words_at(house, AT + FRESH + timedelta(seconds=1))

        assert "pbx has told nothing since noon." in words.feeds[0].behind
        (queue,) = words.queues
        assert (queue.waiting, queue.longest, queue.overdue, queue.new_today) == (
            "unknown",
            "unknown",
            "unknown",
            "≥ 2",
        )
        assert [tile_of(words, key).value for key in ("waiting", "overdue", "signed-in")] == ["?", "?", "?"]
        assert tile_of(words, "waiting").notes == ["not known of pbx"]

    def test_that_is_behind_leaves_what_is_counted_a_least_and_nothing_a_0(self, house: House) -> None:
        feed(house, through=AT)

        words = words_at(house, AT + timedelta(hours=3))

        assert [tile_of(words, key).value for key in ("new", "answers", "abandoned", "within")] == [
            "?",
            "?",
            "?",
            "100%",
        ]
        assert tile_of(words, "new").notes[-1] == "today ≥ 2"
        assert "this half hour: none yet" not in tile_of(words, "within").notes

    def test_that_is_behind_leaves_at_least_those_whom_we_know(self, house: House) -> None:
        with workspace_scope(house.north):
            open_floor(house).writes(0, at=AT - timedelta(hours=1))
        read_all()
        feed(house, through=AT)

        assert tile_of(words_at(house, AT), "waiting").notes == ["longest 1 h", "of these on the line 1, longest 40 s"]
        behind = tile_of(words_at(house, AT + FRESH + timedelta(seconds=1)), "waiting")

        assert (behind.value, behind.notes) == ("≥ 1", ["longest 1 h 05 min", "not known of pbx"])

    def test_of_yesterday_says_the_day(self, house: House) -> None:
        feed(house, through=AT - timedelta(days=1))

        assert words_at(house, AT).feeds[0].as_of == "pbx as of 11/17/2026, noon"

    def test_stands_on_the_page_of_those_who_may_know_it(self, house: House, signed_in: SignedIn) -> None:
        feed(house, through=clock.now() - timedelta(hours=1), agents={"available": 3})

        text = signed_in("ada").get("/w/north/wall/figures").content.decode()
        client = signed_in("vera").get("/w/north/wall/figures").content.decode()

        assert "pbx has told nothing since" in text
        assert "Agents signed in" in text
        assert "pbx has told nothing since" in client
        assert "Agents signed in" not in client
        assert "pbx" not in signed_in("ines").get("/w/south/wall/figures").content.decode()
