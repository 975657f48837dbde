"""Thresholds on what people do: how long a call, a break and a write-up last, and how long somebody waits for help."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.supervision.services import raise_hand, take_up_hand
from careloop.domains.telephony import services as telephony
from careloop.domains.wallboards.errors import ThresholdNotFound
from careloop.domains.wallboards.queries import lengths_now, open_alarms, threshold, thresholds
from careloop.domains.wallboards.services import add_threshold, check_thresholds
from careloop.domains.wallboards.types import Direction, Figure, NewThreshold
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.calling import SEAT, connect, talking
from tests.cast import NOW, House
from tests.flooring import equip, put_into

pytestmark = pytest.mark.database

MINUTE = timedelta(minutes=1)
CALL, WRAP, BREAK, HAND = Figure.LONGEST_CALL, Figure.LONGEST_WRAP, Figure.LONGEST_BREAK, Figure.LONGEST_HAND


def watch(house: House, figure: Figure, *, team_id: int | None = None) -> int:
    """Watch a figure: a warning after ten minutes, an alarm after twenty."""
    new = NewThreshold(
        figure=figure, direction=Direction.ABOVE, team_id=team_id, warning=600, alarm=1200, hold_seconds=0
    )
    with workspace_scope(house.north):
        return add_threshold(new, actor=house.actor("grace"), at=NOW)


def look(house: House, at: datetime) -> None:
    with workspace_scope(house.north):
        check_thresholds(zone=ZoneInfo("Asia/Seoul"), actor=HOUSE, at=at)


def seen(house: House) -> dict[Figure, tuple[float | None, int]]:
    """Return of every threshold what was seen last, and its level."""
    with workspace_scope(house.north):
        return {row.figure: (row.value, int(row.level)) for row in thresholds(viewer=HOUSE)}


def test_are_of_whoever_is_at_it_longest(house: House) -> None:
    for figure in (BREAK, WRAP):
        watch(house, figure)
    put_into(house, "ada", State.BREAK, reason="meal", at=NOW)
    put_into(house, "grace", State.BREAK, reason="rest", at=NOW + 5 * MINUTE)
    put_into(house, "olga", State.AVAILABLE, at=NOW)
    with workspace_scope(house.north):
        olga = house.actor("olga")
        workforce.wrap_up(user_id=house.ids["olga"], seconds=3600, actor=olga, at=NOW + 9 * MINUTE)

    look(house, NOW + 10 * MINUTE)
    assert seen(house) == {BREAK: (600, 1), WRAP: (60, 0)}
    put_into(house, "ada", State.AVAILABLE, at=NOW + 11 * MINUTE)
    look(house, NOW + 29 * MINUTE)
    assert seen(house) == {BREAK: (1440, 2), WRAP: (1200, 2)}


def test_leave_a_rest_after_abuse_as_long_as_it_is(house: House) -> None:
    watch(house, BREAK)
    with workspace_scope(house.north):
        workforce.rest(user_id=house.ids["ada"], seconds=1800, actor=house.actor("grace"), at=NOW)

    look(house, NOW + 25 * MINUTE)
    assert seen(house) == {BREAK: (0, 0)}


def test_are_of_calls_that_are_heard(house: House) -> None:
    watch(house, CALL)
    with workspace_scope(house.north):
        pbx_id = connect(user_id=house.ids["ada"], at=NOW)
        telephony.note_connected(pbx_id=pbx_id, actor=HOUSE, at=NOW)
        talking(pbx_id, people={SEAT: house.ids["ada"]}, at=NOW - timedelta(seconds=16))
        telephony.note_heard(pbx_id=pbx_id, actor=HOUSE, at=NOW + 20 * MINUTE)
    look(house, NOW + 20 * MINUTE)
    assert seen(house) == {CALL: (1200, 2)}

    with workspace_scope(house.north):
        telephony.note_failure(pbx_id=pbx_id, reason="line_closed", detail="", actor=HOUSE, at=NOW + 21 * MINUTE)
    look(house, NOW + 22 * MINUTE)
    assert seen(house) == {CALL: (0, 0)}  # whether it goes on, nobody knows


def test_are_of_whoever_waits_for_help(house: House) -> None:
    watch(house, HAND)
    with workspace_scope(house.north):
        hand_id = raise_hand(about="He shouts.", case_id=None, chat_id=None, actor=house.actor("ada"), at=NOW)
    look(house, NOW + 12 * MINUTE)
    assert seen(house) == {HAND: (720, 1)}

    with workspace_scope(house.north):
        take_up_hand(hand_id=hand_id, actor=house.actor("grace"), at=NOW + 13 * MINUTE)
    look(house, NOW + 13 * MINUTE)
    assert seen(house) == {HAND: (0, 0)}


def test_of_a_team_are_of_its_people(house: House) -> None:
    equip(house, at=NOW)  # Ada and Grace are in the team Billing
    with workspace_scope(house.north):
        team_id = max(house.actor("ada").team_ids)
    watch(house, BREAK, team_id=team_id)
    put_into(house, "olga", State.BREAK, reason="meal", at=NOW)
    put_into(house, "ada", State.BREAK, reason="meal", at=NOW + 8 * MINUTE)

    look(house, NOW + 10 * MINUTE)
    assert seen(house) == {BREAK: (120, 0)}


def test_are_nothing_for_the_clients_reader(house: House) -> None:
    row_id = watch(house, BREAK)
    put_into(house, "ada", State.BREAK, reason="meal", at=NOW)
    look(house, NOW + 10 * MINUTE)

    with workspace_scope(house.north):
        vera = house.actor("vera")
        assert len(open_alarms(viewer=house.actor("ada"))) == 1
        assert (open_alarms(viewer=vera), thresholds(viewer=vera)) == ([], [])
        assert lengths_now(viewer=vera, at=NOW).by_person == {}
        with pytest.raises(ThresholdNotFound):
            threshold(threshold_id=row_id, viewer=vera)
    with workspace_scope(house.south):
        assert lengths_now(viewer=HOUSE, at=NOW).by_person == {}
