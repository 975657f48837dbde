"""A supervisor goes into a call: what the telephone system is asked, who may, and that the log says so."""

from collections.abc import Iterator
from typing import Any

import pytest

from careloop.domains.calls.errors import (
    CallNotFound,
    CallUnclear,
    MayNotGoIntoCalls,
    NoPhone,
    PhoneRefused,
)
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.models import Pbx, Seat
from careloop.gateways.telephony import Side
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import go_into_call
from tests.calling import KEY, talked, talking
from tests.cast import NOW, House
from tests.processes.calling.test_placing import SEAT, Place, asked
from tests.servers.manager import Frame, Manager, manager

pytestmark = pytest.mark.database


def in_talk(key: str = KEY) -> list[Frame]:
    """Return what brings a caller and Ada's phone together."""
    legs = ((key, "PJSIP/carrier-1"), ("9.9", "PJSIP/101-7"))
    channels = [{"Event": "Newchannel", "Uniqueid": one, "Linkedid": key, "Channel": channel} for one, channel in legs]
    together = [{"Event": "BridgeEnter", "Uniqueid": one, "BridgeUniqueid": "b1"} for one, _channel in legs]
    return [{**frame, "Timestamp": "1795296936.000001"} for frame in (*channels, *together)]


@pytest.fixture
def pbx() -> Iterator[Manager]:
    with manager(in_talk()) as running:
        running.play()
        yield running


class Floor(Place):
    """Ada talks to a customer, and Grace leads with a phone of her own."""

    def __init__(self, house: House, port: int) -> None:
        super().__init__(house, port)
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["call", "listen"])
            telephony.note_names(pbx_id=self.pbx_id, names=["Grace H."], actor=HOUSE, at=NOW)
            Seat.objects.filter(name="Grace H.").update(person_id=house.ids["grace"], extension="200")
            self.call_id = talking(self.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW)

    def go(self, how: Side = Side.NOBODY, who: str = "grace", **other: Any) -> None:
        plain = {"workspace_id": self.house.north, "call_id": self.call_id, "how": how}
        go_into_call(**{**plain, **other, "actor": self.actor(who)})

    def told_of(self) -> list[str]:
        with workspace_scope(self.house.north):
            names = [one.name for one in history([subject("call", self.call_id)], limit=20)]
        return [name for name in reversed(names) if "interven" in name]


@pytest.fixture
def floor(house: House, pbx: Manager) -> Floor:
    return Floor(house, pbx.port)


class TestIntervening:
    @pytest.mark.parametrize(("how", "options"), [("listen", "qE"), ("whisper", "qEw"), ("join", "qEB")])
    def test_lets_the_supervisors_phone_into_the_agents_leg(
        self, pbx: Manager, floor: Floor, how: str, options: str
    ) -> None:
        floor.go(Side(how))

        (action,) = asked(pbx)
        del action["ActionID"]
        assert action == {
            "Action": "Originate",
            "Channel": "PJSIP/200",
            "Application": "ChanSpy",
            "Data": f"PJSIP/101-7,{options}",
            "Timeout": "30000",
            "CallerID": "200",
            "Async": "true",
        }
        assert floor.told_of() == ["call.intervened"]

    def test_is_for_those_who_lead(self, house: House, pbx: Manager, floor: Floor) -> None:
        for who, error in (("ada", MayNotGoIntoCalls), ("anh", MayNotGoIntoCalls), ("cole", CallNotFound)):
            with pytest.raises(error):
                floor.go(who=who)
        with pytest.raises(CallNotFound):
            floor.go(who="ines", workspace_id=house.south)
        with pytest.raises(NoPhone):
            floor.go(who="mina")

        assert (asked(pbx), floor.told_of()) == ([], [])

    def test_is_only_where_it_is_offered_and_somebody_talks(self, house: House, pbx: Manager, floor: Floor) -> None:
        with workspace_scope(house.north):
            over = talked(floor.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW, key="2.2")
            own = talking(floor.pbx_id, people={SEAT: house.ids["grace"]}, at=NOW, key="3.3")
        for call_id in (over, own):
            with pytest.raises(CallUnclear):
                floor.go(call_id=call_id)
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["call"])
        with pytest.raises(NoPhone):
            floor.go()

        assert (asked(pbx), floor.told_of()) == ([], [])

    @pytest.mark.parametrize(("frames", "may_act"), [(in_talk(), False), ([], True), (in_talk()[:3], True)])
    def test_says_when_it_did_not_come_to_it(self, house: House, frames: list[Frame], may_act: bool) -> None:
        with manager(frames, may_act=may_act) as pbx:
            pbx.play()
            floor = Floor(house, pbx.port)
            with pytest.raises(PhoneRefused):
                floor.go(Side.BOTH)

        assert floor.told_of() == ["call.intervened", "call.intervention_failed"]
