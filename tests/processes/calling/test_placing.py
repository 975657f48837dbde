"""An agent calls a customer from the screen: what the telephone system is asked, and what becomes of the call."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import (
    AlreadyOnPhone,
    CallNotFound,
    CallUnclear,
    DoesNotWantCalls,
    MayNotHandleCalls,
    NoPhone,
    NumberBarred,
    PhoneRefused,
    PhoneUnsure,
)
from careloop.domains.customers.errors import CustomerNotFound
from careloop.domains.customers.services import create_customer
from careloop.domains.telephony import queries as phones
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import PbxUnclear
from careloop.domains.telephony.models import Pbx, Seat
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import open_by_hand
from careloop.processes.answering.types import Words
from careloop.processes.calling import call_back, call_customer, follow_phones
from careloop.processes.measuring.lakes import insight
from careloop.processes.phoning import connected_text
from careloop.processes.routing.presence import change_state
from tests.calling import rows, talked
from tests.cast import NOW, House
from tests.servers.manager import Manager, manager

pytestmark = pytest.mark.database

AT = datetime(2026, 11, 22, tzinfo=UTC)
NUMBER = "+821012345678"
SEAT = "Ada P."


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


@pytest.fixture
def pbx() -> Iterator[Manager]:
    with manager() as running:
        yield running


class Place:
    """A telephone system on which Ada may call, and a customer with a case."""

    def __init__(self, house: House, port: int) -> None:
        self.house = house
        settings = telephony.PbxSettings(
            name="Main",
            host="127.0.0.1",
            port=port,
            security="plain",
            user="careloop",
            secret="s3cret",
            inbound=["from-carrier"],
            offers=["call"],
            call_context="from-internal",
            barred=["+8260"],
        )
        with workspace_scope(house.north):
            self.pbx_id = telephony.add_pbx(settings=settings, actor=HOUSE, at=NOW)
            telephony.note_names(pbx_id=self.pbx_id, names=[SEAT], actor=HOUSE, at=NOW)
            Seat.objects.update(person_id=house.ids["ada"], extension="101")
            telephony.go_live(pbx_id=self.pbx_id, actor=HOUSE, at=NOW)
            telephony.note_connected(pbx_id=self.pbx_id, actor=HOUSE, at=AT)
            self.customer_id = self.customer("Minseo", NUMBER)
            self.case_id = open_by_hand(
                channel="voice",
                customer_id=self.customer_id,
                subject_line="Broken cup",
                words=Words(text="It came broken.", html="<p>It came broken.</p>"),
                team_id=None,
                assignee_id=None,
                actor=house.actor("ada"),
                at=NOW,
            )

    def customer(self, name: str, number: str) -> int:
        return create_customer(
            name=name, kind="phone", value=number, language="", source="by_hand", actor=HOUSE, at=NOW
        )

    def call(self, who: str = "ada", **other: Any) -> int:
        plain = {"workspace_id": self.house.north, "customer_id": self.customer_id, "number": NUMBER}
        return call_customer(**{**plain, **other, "actor": self.actor(who)})

    def actor(self, who: str = "ada") -> Actor:
        with workspace_scope(self.house.south if who == "ines" else self.house.north):
            return self.house.actor(who)

    def told(self, *events: Mapping[str, str], seconds: float = 5) -> None:
        """Let the telephone system tell what happened."""
        text = "".join(
            "\n".join([*(f"{key}: {value}" for key, value in one.items()), f"Timestamp: {stamp:.6f}", "", ""])
            for one in events
            for stamp in [AT.timestamp() + seconds]
        )
        with workspace_scope(self.house.north):
            telephony.store_piece(pbx_id=self.pbx_id, body=text.encode(), actor=HOUSE, at=AT)
        while follow_phones(at=AT + timedelta(seconds=seconds)):
            pass

    def row(self) -> tuple[str, str]:
        with workspace_scope(self.house.north):
            row = rows()[-1]
        return row.state, row.ending

    def doing(self) -> State:
        with workspace_scope(self.house.north):
            return seat_of(self.house.actor("ada"), user_id=self.house.ids["ada"], at=AT).state


@pytest.fixture
def place(house: House, pbx: Manager) -> Place:
    return Place(house, pbx.port)


def asked(pbx: Manager, action: str = "Originate") -> list[dict[str, str]]:
    return [one for one in pbx.heard if one["Action"] == action]


class TestCalling:
    def test_rings_the_own_phone_and_then_the_customers(self, house: House, pbx: Manager, place: Place) -> None:
        with workspace_scope(house.north):
            change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)

        call_id = place.call(case_id=place.case_id)

        (action,) = asked(pbx)
        key = action["ChannelId"]
        assert action == {
            "Action": "Originate",
            "ActionID": key,
            "Channel": "PJSIP/101",
            "Context": "from-internal",
            "Exten": "00821012345678",
            "Priority": "1",
            "Timeout": "30000",
            "CallerID": "101",
            "ChannelId": key,
            "Variable": f"CARELOOP_CALL={key}",
            "Async": "true",
        }
        assert asked(pbx, "Login")[0]["Events"] == "off"
        assert (place.row(), place.doing()) == (("calling", ""), State.CONTACT)
        with workspace_scope(house.north):
            row = rows()[0]
            names = [one.name for one in history([subject("call", call_id)], limit=9)]
            about = [one.name for one in history([subject("case", place.case_id)], limit=1)]
        assert (row.is_outbound, row.number, row.agent_id) == (True, NUMBER, house.ids["ada"])
        assert (row.customer_id, row.case_id, names, about) == (
            place.customer_id,
            place.case_id,
            ["call.placed"],
            ["call.attached"],
        )

        channel = {"Uniqueid": key, "Linkedid": key, "Channel": "PJSIP/101-1", "Context": "from-internal"}
        place.told({"Event": "Newchannel", **channel})
        assert place.row() == ("calling", "")
        place.told({"Event": "BridgeEnter", **channel}, seconds=10)
        assert place.row() == ("talking", "")
        place.told({"Event": "Hangup", **channel}, seconds=70)
        assert (place.row(), place.doing()) == (("ended", "handled"), State.WRAP)

    def test_knows_whom_nobody_reached_and_what_could_not_be_made(self, pbx: Manager, place: Place) -> None:
        place.call()
        key = asked(pbx)[0]["ChannelId"]
        place.told({"Event": "Hangup", "Uniqueid": key, "Linkedid": key})
        assert place.row() == ("ended", "unreached")

        place.call()
        key = asked(pbx)[1]["ChannelId"]
        place.told({"Event": "OriginateResponse", "ActionID": key, "Response": "Failure", "Uniqueid": "<null>"})
        assert place.row() == ("ended", "failed")

    def test_calls_back_whoever_called(self, house: House, pbx: Manager, place: Place) -> None:
        with workspace_scope(house.north):
            call_id = talked(place.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW, number="01099998888")
            withheld = talked(place.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW, number="", key="2.2")

        call_back(workspace_id=house.north, call_id=call_id, actor=place.actor())

        assert [one["Exten"] for one in asked(pbx)] == ["01099998888"]
        with pytest.raises(CallUnclear):
            call_back(workspace_id=house.north, call_id=withheld, actor=place.actor())
        with pytest.raises(CallNotFound):
            call_back(workspace_id=house.south, call_id=call_id, actor=place.actor("ines"))


class TestRefusing:
    """In words, before anybody's phone rings and with nothing kept."""

    @pytest.mark.parametrize(
        ("spoil", "error"),
        [
            (lambda place: Pbx.objects.update(connected_at=None), NoPhone),
            (lambda place: Pbx.objects.update(offers=[]), NoPhone),
            (lambda place: Seat.objects.update(extension=""), NoPhone),
            (lambda place: Seat.objects.update(person_id=None), NoPhone),
            (lambda place: Pbx.objects.update(barred=["+8210"]), NumberBarred),
            (
                lambda place: calls.decline_calls(
                    customer_id=place.customer_id, actor=place.house.actor("ada"), at=NOW
                ),
                DoesNotWantCalls,
            ),
        ],
    )
    def test_what_cannot_be(
        self, house: House, pbx: Manager, place: Place, spoil: Callable[[Place], Any], error: type[Refusal]
    ) -> None:
        with workspace_scope(house.north):
            spoil(place)

        with pytest.raises(error) as refused:
            place.call()

        assert str(refused.value)
        assert asked(pbx) == []
        with workspace_scope(house.north):
            assert rows() == []

    def test_numbers_and_cases_of_somebody_else(self, house: House, place: Place) -> None:
        with workspace_scope(house.north):
            other = place.customer("Jiho", "+84912345678")
        for wrong in ({"number": "+84912345678"}, {"customer_id": other, "number": "+84912345678"}):
            with pytest.raises(CallUnclear):
                place.call(case_id=place.case_id, **wrong)
        with pytest.raises(CustomerNotFound):
            place.call("ines", workspace_id=house.south)
        with pytest.raises(MayNotHandleCalls):
            place.call("anh")

    def test_a_second_call_at_once(self, pbx: Manager, place: Place) -> None:
        place.call()

        with pytest.raises(AlreadyOnPhone):
            place.call()

        assert len(asked(pbx)) == 1

    def test_what_the_telephone_system_refuses(self, house: House) -> None:
        with manager(may_act=False) as pbx:
            place = Place(house, pbx.port)
            with workspace_scope(house.north):
                change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)
            with pytest.raises(PhoneRefused):
                place.call()

        assert (place.row(), place.doing()) == (("ended", "failed"), State.AVAILABLE)
        with pytest.raises(NoPhone):
            place.call()
        with workspace_scope(house.north):
            assert len(rows()) == 1

    def test_to_say_what_it_does_not_know(self, house: House) -> None:
        with manager(goes_silent_at="Originate") as pbx:
            place = Place(house, pbx.port)
            with pytest.raises(PhoneUnsure):
                place.call()
            started = pbx._now()
        assert place.row() == ("calling", "")

        began = datetime.fromtimestamp(float(started), tz=UTC)
        for seconds, state in ((30, ("calling", "")), (90, ("ended", "unknown"))):
            at = f"{began.timestamp() + seconds:.6f}"
            with workspace_scope(house.north):
                body = connected_text(at) + _standing(at)
                telephony.store_piece(pbx_id=place.pbx_id, body=body.encode(), actor=HOUSE, at=AT)
            follow_phones(at=AT)
            assert place.row() == state


def _standing(at: str) -> str:
    return f"Event: {insight('imports.ami').STANDING}\nTimestamp: {at}\n\n"


class TestSettings:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"call_context": ""},
            {"call_context": "from internal"},
            {"phone_channel": "PJSIP/101"},
            {"plus": "plus"},
            {"barred": ["all"]},
            {"offers": ["tea"]},
        ],
    )
    def test_refuse_what_cannot_be(self, house: House, wrong: dict[str, Any]) -> None:
        plain: dict[str, Any] = {"name": "Main", "host": "pbx.example", "user": "careloop", "secret": "x"}
        plain |= {"offers": ["call"], "call_context": "from-internal"}
        with workspace_scope(house.north):
            with pytest.raises(PbxUnclear):
                telephony.add_pbx(settings=telephony.PbxSettings(**{**plain, **wrong}), actor=HOUSE, at=NOW)
            assert phones.pbxes() == []
