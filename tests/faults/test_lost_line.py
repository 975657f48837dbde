"""A telephone system that is gone for ten minutes and longer: pages say since when, and nobody stays with a call nobody hears."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from careloop.domains.people.attendance import note_here
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.hearing import unheard
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import follow_phones
from careloop.processes.routing.caring import Care, take_care
from careloop.processes.routing.presence import change_state
from tests.calling import SEAT, connect, rows
from tests.cast import NOW, House
from tests.fixtures import house, quick_passwords, signed_in

__all__ = ["house", "quick_passwords", "signed_in"]

pytestmark = pytest.mark.database

MINUTE = timedelta(minutes=1)
CALL = {"Uniqueid": "1.1", "Linkedid": "1.1"}
WORDS = "Main has not been heard since"


def text(event: str, at: datetime, **fields: str) -> str:
    lines = {"Event": event, "Timestamp": f"{at.timestamp():.6f}", **fields}
    return "".join(f"{name}: {value}\n" for name, value in lines.items()) + "\n"


class Line:
    """A telephone system on which Ada talks to a customer."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house, self._patch, self.care = house, monkeypatch, Care()
        self.it_is(NOW)
        with workspace_scope(house.north):
            self.pbx_id = connect(user_id=house.ids["ada"], at=NOW)
            telephony.note_connected(pbx_id=self.pbx_id, actor=HOUSE, at=NOW)
            change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)
        number = {"CallerIDNum": "01012345678"}
        self.says(
            text("Newchannel", NOW, **CALL, **number, Context="in", Channel="PJSIP/carrier-1"),
            text("QueueCallerJoin", NOW, **CALL, **number, Queue="billing", Position="1"),
            text("AgentCalled", NOW, **CALL, Queue="billing", MemberName=SEAT),
            text("AgentConnect", NOW, **CALL, Queue="billing", MemberName=SEAT, HoldTime="1", RingTime="1"),
        )

    def it_is(self, at: datetime) -> None:
        """Let time come, with Ada's page open, and the house take care."""
        self.at = at
        self._patch.setattr(clock, "now", lambda: at)
        with workspace_scope(self.house.north):
            note_here(user_id=self.house.ids["ada"], at=at)
        take_care(self.care, at=at)

    def says(self, *frames: str) -> None:
        with workspace_scope(self.house.north):
            telephony.store_piece(pbx_id=self.pbx_id, body="".join(frames).encode(), actor=HOUSE, at=self.at)
        follow_phones(at=self.at)

    def breaks(self) -> None:
        with workspace_scope(self.house.north):
            telephony.note_failure(pbx_id=self.pbx_id, reason="line_closed", detail="", actor=HOUSE, at=self.at)

    def comes_back(self, *channels: str) -> None:
        """Say how everything stands. channels: those that are still there."""
        with workspace_scope(self.house.north):
            telephony.note_connected(pbx_id=self.pbx_id, actor=HOUSE, at=self.at)
        there = [text("CoreShowChannel", self.at, Uniqueid=key, Linkedid=key) for key in channels]
        self.says(text("CareloopConnected", self.at), *there, text("CareloopStanding", self.at))

    def doing(self) -> State:
        with workspace_scope(self.house.north):
            return seat_of(HOUSE, user_id=self.house.ids["ada"], at=self.at).state

    @property
    def call(self) -> str:
        with workspace_scope(self.house.north):
            return rows()[0].state


@pytest.fixture
def line(house: House, monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(house, monkeypatch)


def test_is_said_on_the_floor_and_where_calls_are(line: Line, signed_in: Callable[[str], Client]) -> None:
    grace, pages = signed_in("grace"), ("/w/north/calls/on-the-floor", "/w/north/calls/")
    assert not any(WORDS in grace.get(page).content.decode() for page in pages)

    line.breaks()
    line.it_is(NOW + 2 * MINUTE)

    assert all(WORDS in grace.get(page).content.decode() for page in pages)
    assert WORDS not in signed_in("ines").get("/w/south/calls/").content.decode()
    line.comes_back("1.1")
    assert not any(WORDS in grace.get(page).content.decode() for page in pages)


def test_is_found_out_though_nobody_noted_it(line: Line) -> None:
    with workspace_scope(line.house.north):
        assert unheard(at=NOW + MINUTE) == []
        (lost,) = unheard(at=NOW + 2 * MINUTE)  # whoever listened died with the line
    assert (lost.name, lost.since) == ("Main", NOW)


def test_leaves_nobody_stuck_in_a_call(line: Line) -> None:
    assert (line.call, line.doing()) == ("talking", State.CONTACT)
    line.breaks()

    line.it_is(NOW + 5 * MINUTE)
    assert line.doing() is State.CONTACT  # the call goes on, for all that is known
    for minutes in (10, 11, 12):
        line.it_is(NOW + minutes * MINUTE)
        assert line.doing() is State.AVAILABLE
    line.comes_back()
    line.it_is(line.at + MINUTE)

    assert (line.call, line.doing()) == ("ended", State.AVAILABLE)


def test_holds_again_whoever_still_talks_when_it_is_over(line: Line) -> None:
    line.breaks()
    line.it_is(NOW + 11 * MINUTE)
    assert line.doing() is State.AVAILABLE

    line.comes_back("1.1")
    for _twice in range(2):
        line.it_is(line.at + timedelta(seconds=10))

    assert (line.call, line.doing()) == ("talking", State.CONTACT)
