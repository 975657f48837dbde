"""What a telephone system sends over a real socket becomes calls on the screen, whatever happens to the line."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from careloop.domains.calls.types import CallRow
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.models import Seat
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.faces.inbound.listening import watch_phone
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import follow_phones, write_up
from careloop.processes.routing.presence import change_state
from tests.calling import rows
from tests.cast import NOW, House
from tests.faces.api.conftest import machine
from tests.fixtures import signed_in
from tests.insight.imports.reading import CAPTURES, capture
from tests.processes.test_phoning import Script, Step, connected, heard, missed
from tests.servers.manager import Manager, manager, recorded

__all__ = ["signed_in"]

pytestmark = pytest.mark.database

AT = datetime(2026, 11, 22, tzinfo=UTC)
"""After the captures."""
MIDDLE = {"iax22": 7050, "sip20": 1150}
"""So many events into a capture many callers wait and many agents talk."""


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


def listened(house: House, pbx: Manager, pbx_id: int, steps: Sequence[Step]) -> list[CallRow]:
    """Listen while the telephone system plays, and return the calls that became of it."""
    stopping, first, *others = threading.Event(), *steps
    player = threading.Thread(target=first, args=(pbx,))
    player.start()
    watch_phone(workspace_id=house.north, pbx_id=pbx_id, stopping=stopping, pace=Script(pbx, others, stopping))
    player.join()
    return followed(house)


def followed(house: House) -> list[CallRow]:
    while follow_phones(at=AT):
        pass
    with workspace_scope(house.north):
        return rows()


def told(found: Sequence[CallRow]) -> dict[str, tuple[Any, ...]]:
    return {
        row.contact_key.partition(":")[2]: (row.queue, row.seat, row.ending, row.answered_at, row.ended_at, row.missed)
        for row in found
    }


def _with(found: Mapping[str, CallRow], ending: str) -> set[str]:
    return {key for key, row in found.items() if row.ending == ending}


@pytest.fixture(params=CAPTURES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestFollowing:
    def test_sees_the_calls_that_the_facts_count(self, house: House, tmp_path: Path, name: str) -> None:
        expected, _report = capture(name, "ami", tmp_path)
        contacts = {
            row["contact_id"].partition(":")[2]: row for row in expected["contact"] if row["direction"] == "inbound"
        }
        with manager(recorded(name)) as pbx:
            found = listened(house, pbx, connected(house, pbx), [heard(times=2)])

        by_key = {row.contact_key.partition(":")[2]: row for row in found}
        assert by_key.keys() <= contacts.keys()
        # One that was never let in has no channel of its own, and is in the facts only.
        assert {contacts[key]["outcome"] for key in contacts.keys() - by_key.keys()} <= {"blocked"}
        assert _with(by_key, "handled") == {key for key, row in contacts.items() if row["agent_legs"]}
        abandoned = {key for key, row in contacts.items() if row["outcome"] == "abandoned_queue"}
        assert abandoned <= _with(by_key, "given_up")

    def test_shows_who_waits_and_talks_in_the_middle_of_a_day(
        self, house: House, name: str, signed_in: Callable[[str], Client]
    ) -> None:
        with manager(recorded(name)) as pbx:
            listened(house, pbx, connected(house, pbx), [heard(MIDDLE[name])])
            waits, talks = pbx.standing()
        assert min(len(waits), len(talks)) >= 4

        live = [one for one in machine(house, "mina").get("/live-calls").json()["items"] if one["queue"]]
        page = signed_in("mina").get("/w/north/calls/").content.decode()

        waiting = [one for one in live if one["state"] in {"waiting", "ringing"}]
        talking = {one["seat"] for one in live if one["state"] == "talking"}
        assert ({one["contact_key"].partition(":")[2] for one in waiting}, talking) == (waits, talks)
        assert all(f'/w/north/calls/{one["id"]}/"' in page for one in live)
        assert all(one["number"] in page for one in waiting)

    def test_says_the_same_when_the_line_broke_in_between(self, house: House, name: str) -> None:
        frames = recorded(name)
        with manager(frames) as pbx:
            whole = told(listened(house, pbx, connected(house, pbx), [heard()]))
        with manager(frames) as pbx:
            pbx_id = connected(house, pbx, name="Second")
            again = listened(house, pbx, pbx_id, [heard(1500), missed(0, heard(question=2))])

        assert told([row for row in again if row.pbx_id == pbx_id]) == whole

    def test_ends_what_nobody_heard_the_end_of(self, house: House, name: str) -> None:
        with manager(recorded(name)) as pbx:
            found = listened(house, pbx, connected(house, pbx), [heard(1500), missed(1500, heard(question=2))])

        assert Counter(row.state for row in found)["ended"] > 0
        lasting = [row for row in found if row.state != "ended"]
        assert not lasting, lasting


SITUATION = (
    ("Newchannel", {"Context": "from-carrier", "Channel": "PJSIP/carrier-1", "CallerIDNum": "01012345678"}),
    ("QueueCallerJoin", {"Queue": "billing", "Position": "1", "CallerIDNum": "01012345678"}),
    ("AgentCalled", {"Queue": "billing", "MemberName": "Ada P.", "DestUniqueid": "1.2"}),
    ("AgentConnect", {"Queue": "billing", "MemberName": "Ada P.", "HoldTime": "3", "RingTime": "2"}),
    ("AgentComplete", {"Queue": "billing", "MemberName": "Ada P.", "Reason": "caller"}),
    ("Hangup", {"Cause": "16"}),
)


class TestPeople:
    """What an agent does follows from the call, and writing up ends it."""

    @pytest.fixture
    def say(self, house: House) -> Callable[..., None]:
        with workspace_scope(house.north):
            pbx_id = telephony.add_pbx(
                settings=telephony.PbxSettings(
                    name="Main", host="pbx.example", user="careloop", secret="x", inbound=["from-carrier"]
                ),
                actor=HOUSE,
                at=NOW,
            )
            telephony.note_names(pbx_id=pbx_id, names=["Ada P."], actor=HOUSE, at=NOW)
            Seat.objects.update(person_id=house.ids["ada"])
            telephony.go_live(pbx_id=pbx_id, actor=HOUSE, at=NOW)

        def tell(number: int, other: tuple[str, dict[str, str]] | None = None) -> None:
            event, fields = other or SITUATION[number]
            lines = {"Event": event, "Uniqueid": "1.1", "Linkedid": "1.1", **fields}
            stamp = f"Timestamp: {AT.timestamp() + number / 1000 - 5:.6f}"
            body = "\n".join([*(f"{key}: {value}" for key, value in lines.items()), stamp, "", ""])
            with workspace_scope(house.north):
                telephony.store_piece(pbx_id=pbx_id, body=body.encode(), actor=HOUSE, at=AT)
            follow_phones(at=AT)

        return tell

    def doing(self, house: House) -> State:
        with workspace_scope(house.north):
            return seat_of(house.actor("ada"), user_id=house.ids["ada"], at=AT).state

    def test_is_with_a_customer_then_writes_up_then_is_free(self, house: House, say: Callable[[int], None]) -> None:
        with workspace_scope(house.north):
            change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)
        seen = []
        for number in range(len(SITUATION)):
            say(number)
            seen.append(self.doing(house))
        assert seen[2:] == [State.AVAILABLE, State.CONTACT, State.WRAP, State.WRAP]

        with workspace_scope(house.north):
            write_up(call_id=rows()[0].id, reason_id=None, note="", actor=house.actor("ada"), at=AT)

        assert self.doing(house) == State.AVAILABLE

    def test_has_the_customer_on_hold_until_they_are_back(self, house: House, say: Callable[..., None]) -> None:
        with workspace_scope(house.north):
            change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)
        for number in range(4):
            say(number)

        seen = []
        for event, channel in (("Hold", "1.1"), ("Hold", "1.2"), ("Hold", "1.2"), ("Unhold", "1.2")):
            say(4, (event, {"Uniqueid": channel}))
            seen.append(self.doing(house))

        # What the caller does with their own phone says nothing of ours.
        assert seen == [State.CONTACT, State.HOLD, State.HOLD, State.CONTACT]
        say(4, ("Hold", {"Uniqueid": "1.2"}))
        say(4)
        assert self.doing(house) == State.WRAP

    def test_says_nothing_of_who_is_off_work_here(self, house: House, say: Callable[[int], None]) -> None:
        for number in range(4):
            say(number)

        assert self.doing(house) == State.OFFLINE
        with workspace_scope(house.north):
            assert rows()[0].state == "talking"
