"""A call is passed on to a colleague or a queue: what the telephone system is asked, who knows of it, and how it comes back."""

from collections.abc import Iterator
from typing import Any

import pytest

from careloop.domains.calls.errors import (
    AlreadyPassedOn,
    CallNotFound,
    CallUnclear,
    MayNotHandleCalls,
    NoPhone,
    NotYourCall,
    PhoneRefused,
    PhoneUnsure,
)
from careloop.domains.calls.models import Followed
from careloop.domains.calls.queries import call_at_hand, call_seen_by, transfers_of
from careloop.domains.calls.types import CallRow
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.models import Pbx, Seat
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.errors import Refusal
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import transfer_call, transfer_targets
from careloop.processes.routing.presence import change_state
from tests.calling import KEY, talked, talking
from tests.cast import NOW, House
from tests.processes.calling.test_intervening import in_talk
from tests.processes.calling.test_placing import AT, SEAT, Place, asked
from tests.servers.manager import Manager, manager

pytestmark = pytest.mark.database

GONE = {"Event": "BlindTransfer", "Result": "Success", "TransfererUniqueid": "9.9", "TransfererLinkedid": KEY}
DONE = {"Event": "AgentComplete", "Uniqueid": KEY, "MemberName": SEAT, "Queue": "billing", "Reason": "transfer"}
JOINED = {
    "Event": "AttendedTransfer",
    "Result": "Success",
    "OrigTransfererUniqueid": "9.9",
    "OrigTransfererLinkedid": KEY,
}
OVER = {"Event": "Hangup", "Uniqueid": KEY, "Linkedid": KEY}


def rang(extension: str, said: str) -> dict[str, str]:
    return {
        "Event": "DialEnd",
        "Uniqueid": KEY,
        "Linkedid": KEY,
        "DestChannel": f"PJSIP/{extension}-7",
        "DialStatus": said,
    }


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


@pytest.fixture
def pbx() -> Iterator[Manager]:
    with manager(in_talk()) as running:
        running.play()
        yield running


class Desk(Place):
    """Ada talks to a customer; Grace has a phone as well, and leads another team."""

    def __init__(self, house: House, port: int) -> None:
        super().__init__(house, port)
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["transfer"], transfer_context="passed-on", queue_numbers={"tech": "600"})
            telephony.note_names(pbx_id=self.pbx_id, names=["Grace H."], actor=HOUSE, at=NOW)
            Seat.objects.filter(name="Grace H.").update(person_id=house.ids["grace"], extension="200")
            for who in ("ada", "grace"):
                change_state(user_id=house.ids[who], state=State.AVAILABLE, actor=house.actor(who), at=NOW)
            self.call_id = talking(self.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW)
            Followed.objects.update(piece=0)

    def pass_on(self, who: str = "ada", **other: Any) -> None:
        plain: dict[str, Any] = {
            "workspace_id": self.house.north,
            "call_id": self.call_id,
            "receiver_id": self.house.ids["grace"],
            "queue": "",
            "is_announced": False,
            "note": " Wants her money back. ",
        }
        transfer_call(**{**plain, **other, "actor": self.actor(who)})

    def stands(self) -> tuple[str, str, str | None]:
        """Return what came of the newest transfer and why, and who has the call."""
        with workspace_scope(self.house.north):
            newest = transfers_of(call_id=self.call_id, viewer=self.house.actor("mina"))[0]
            row = call_seen_by(self.house.actor("mina"), call_id=self.call_id)
        return newest.state, newest.why, row.agent if row.state == "talking" else None

    def at_hand(self, who: str) -> CallRow | None:
        with workspace_scope(self.house.north):
            return call_at_hand(self.house.actor(who), at=AT)

    def does(self, who: str) -> State:
        with workspace_scope(self.house.north):
            return seat_of(self.house.actor(who), user_id=self.house.ids[who], at=AT).state

    def told_of(self) -> list[str]:
        with workspace_scope(self.house.north):
            names = [one.name for one in history([subject("call", self.call_id)], limit=30)]
        return [name for name in reversed(names) if "transfer" in name]


@pytest.fixture
def desk(house: House, pbx: Manager) -> Desk:
    return Desk(house, pbx.port)


class TestPassingOn:
    def test_sends_the_caller_from_the_agents_leg_to_the_colleague(
        self, house: House, pbx: Manager, desk: Desk
    ) -> None:
        with workspace_scope(house.north):
            assert call_at_hand(house.actor("grace"), at=AT) is None

        desk.pass_on()

        (action,) = asked(pbx, "BlindTransfer")
        del action["ActionID"]
        assert action == {"Action": "BlindTransfer", "Channel": "PJSIP/101-7", "Exten": "200", "Context": "passed-on"}
        for who in ("ada", "grace"):
            shown = desk.at_hand(who)
            assert shown is not None
            assert shown.id == desk.call_id
        with workspace_scope(house.north):
            (told,) = transfers_of(call_id=desk.call_id, viewer=house.actor("grace"))
        assert (told.note, told.sender, told.receiver, told.state) == ("Wants her money back.", "Ada", "Grace", "asked")

        desk.told(GONE, DONE, rang("200", "ANSWER"))

        assert desk.stands() == ("taken", "", "Grace")
        assert (desk.at_hand("ada"), desk.does("ada"), desk.does("grace")) == (None, State.AVAILABLE, State.CONTACT)
        assert desk.told_of() == ["call.transfer_asked", "call.transfer_ended"]

    @pytest.mark.parametrize(
        ("said", "why"), [("BUSY", "busy"), ("NOANSWER", "no_answer"), ("CHANUNAVAIL", "unreachable")]
    )
    def test_comes_back_to_the_sender_with_the_reason(self, desk: Desk, said: str, why: str) -> None:
        desk.pass_on()

        desk.told(GONE, DONE, rang("200", said))
        assert desk.stands() == ("refused", why, None)
        assert desk.at_hand("grace") is None
        assert desk.at_hand("ada") is not None
        desk.told(rang("101", "ANSWER"), seconds=6)

        assert desk.stands() == ("came_back", why, "Ada")
        desk.pass_on(queue="tech", receiver_id=None)
        assert desk.stands()[0] == "asked"

    def test_announces_the_call_first(self, pbx: Manager, desk: Desk) -> None:
        desk.pass_on(is_announced=True)

        (action,) = asked(pbx, "Atxfer")
        assert (action["Channel"], action["Exten"], action["Context"]) == ("PJSIP/101-7", "200", "passed-on")
        desk.told(rang("200", "ANSWER"))
        assert desk.stands() == ("asked", "", "Ada")
        desk.told(JOINED, DONE, seconds=9)
        assert desk.stands() == ("taken", "", "Grace")

    def test_goes_to_a_queue_and_whoever_answers_there_has_it(self, house: House, pbx: Manager, desk: Desk) -> None:
        desk.pass_on(queue="tech", receiver_id=None)

        assert [one["Exten"] for one in asked(pbx, "BlindTransfer")] == ["600"]
        join = {"Event": "QueueCallerJoin", "Uniqueid": KEY, "Queue": "tech"}
        ring = {"Event": "AgentCalled", "Uniqueid": KEY, "Queue": "tech", "MemberName": "Grace H."}
        desk.told(GONE, DONE, join, ring)
        assert desk.stands() == ("asked", "", None)
        assert desk.at_hand("grace") is not None
        desk.told({**ring, "Event": "AgentConnect"}, seconds=7)
        assert desk.stands() == ("taken", "", "Grace")

    def test_says_that_the_caller_was_gone(self, desk: Desk) -> None:
        desk.pass_on()
        desk.told(GONE, DONE, OVER)

        assert desk.stands() == ("lost", "", None)
        assert (desk.at_hand("grace"), desk.told_of()) == (None, ["call.transfer_asked", "call.transfer_ended"])

    def test_offers_colleagues_with_phones_whoever_is_free_first(self, house: House, desk: Desk) -> None:
        with workspace_scope(house.north):
            telephony.note_names(pbx_id=desk.pbx_id, names=["Mina", "Cole"], actor=HOUSE, at=NOW)
            for who, name in (("mina", "Mina"), ("cole", "Cole")):
                Seat.objects.filter(name=name).update(person_id=house.ids[who], extension="300")
            row = call_seen_by(house.actor("ada"), call_id=desk.call_id)
            found = transfer_targets(row, viewer=house.actor("ada"))

        assert [(one.name, one.state) for one in found.people] == [("Grace", "available"), ("Mina", "")]
        assert found.queues == ("tech",)


class TestRefusing:
    def test_strangers_and_whoever_does_not_talk(self, house: House, pbx: Manager, desk: Desk) -> None:
        refused = (("grace", NotYourCall), ("mina", NotYourCall), ("anh", MayNotHandleCalls), ("cole", CallNotFound))
        for who, error in refused:
            with pytest.raises(error):
                desk.pass_on(who)
        with pytest.raises(CallNotFound):
            desk.pass_on("ines", workspace_id=house.south)

        assert (asked(pbx, "BlindTransfer"), desk.told_of()) == ([], [])

    def test_what_cannot_be(self, house: House, pbx: Manager, desk: Desk) -> None:
        with workspace_scope(house.north):
            over = talked(desk.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW, key="2.2")
        for wrong in (
            {"call_id": over},
            {"receiver_id": house.ids["mina"]},
            {"receiver_id": house.ids["ines"]},
            {"receiver_id": house.ids["ada"]},
            {"receiver_id": None, "queue": "billing"},
            {"receiver_id": None},
            {"queue": "tech"},
            {"receiver_id": None, "queue": "tech", "is_announced": True},
            {"note": "x" * 2001},
        ):
            with pytest.raises(CallUnclear):
                desk.pass_on(**wrong)
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["call"])
        with pytest.raises(NoPhone):
            desk.pass_on()

        assert (asked(pbx, "BlindTransfer"), asked(pbx, "Atxfer"), desk.told_of()) == ([], [], [])

    def test_twice_at_once(self, pbx: Manager, desk: Desk) -> None:
        desk.pass_on()
        with pytest.raises(AlreadyPassedOn):
            desk.pass_on(queue="tech", receiver_id=None)

        assert len(asked(pbx, "BlindTransfer")) == 1

    @pytest.mark.parametrize(
        ("manner", "error", "state"),
        [
            ({"may_act": False}, PhoneRefused, ("refused", "failed", "Ada")),
            ({"goes_silent_at": "BlindTransfer"}, PhoneUnsure, ("asked", "", "Ada")),
        ],
    )
    def test_what_the_telephone_system_does_not_do(
        self, house: House, manner: dict[str, Any], error: type[Refusal], state: tuple[str, str, str]
    ) -> None:
        with manager(in_talk(), **manner) as pbx:
            pbx.play()
            desk = Desk(house, pbx.port)
            with pytest.raises(error):
                desk.pass_on()

        assert desk.stands() == state
