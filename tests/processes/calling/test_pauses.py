"""Phones are paused by what people do here, and people by their phones, over a played manager interface."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from django.test import Client

from careloop.domains.people.attendance import note_here
from careloop.domains.telephony.models import Pbx
from careloop.domains.telephony.queries import pbx as pbx_row
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.faces.inbound import listening
from careloop.faces.inbound.listening import watch_phone
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.pausing import Pauses
from careloop.processes.routing.caring import Care, take_care
from careloop.processes.routing.presence import change_state
from tests.cast import House
from tests.fixtures import signed_in
from tests.processes.calling.test_placing import AT, SEAT, Place
from tests.servers.manager import Frame, Manager, manager

__all__ = ["signed_in"]

pytestmark = pytest.mark.database

Act = Callable[[], None]


def in_queues(*queues: str) -> list[Frame]:
    plain = {"MemberName": SEAT, "Interface": "PJSIP/101", "Paused": "0", "Timestamp": "1795296936.000001"}
    return [{"Event": "QueueMemberAdded", "Queue": queue, **plain} for queue in queues]


class Acts(Event):
    """What happens between two looks of whoever listens; after the last of it they stop."""

    def __init__(self, acts: list[Act]) -> None:
        super().__init__()
        self._acts = iter(acts)

    def is_set(self) -> bool:
        act = next(self._acts, None)
        if act is not None:
            act()
        return act is None


class Desk(Place):
    """Ada at a phone that is in two queues, and what she and her phone were seen to do."""

    def __init__(self, house: House, pbx: Manager) -> None:
        super().__init__(house, pbx.port)
        self.pbx, self.seen = pbx, list[tuple[set[str | None], State]]()
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["pause"])
        self.does(State.AVAILABLE)

    def does(self, state: State, reason: str = "") -> None:
        with workspace_scope(self.house.north):
            change_state(
                user_id=self.house.ids["ada"], state=state, reason=reason, actor=self.house.actor("ada"), at=AT
            )

    def look(self) -> None:
        with workspace_scope(self.house.north):
            state = seat_of(HOUSE, user_id=self.house.ids["ada"], at=AT).state
        self.seen.append((set(self.pbx.paused(SEAT)), state))

    def live(self, *acts: Act) -> None:
        """Let something happen, each with a look before the next, once everybody had the time to hear of it."""

        def nothing() -> None:
            """Time passes."""

        lived = [one for act in acts for one in (act, nothing, nothing, nothing, self.look)]
        stopping = Acts([nothing, nothing, *lived])
        together = partial(Pauses, settled_seconds=0)
        watch_phone(workspace_id=self.house.north, pbx_id=self.pbx_id, stopping=stopping, pauses=together)


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)
    monkeypatch.setattr(listening, "PIECE_SECONDS", 0.05)


def test_each_follows_the_other(house: House) -> None:
    with manager(in_queues("billing", "orders")) as pbx:
        pbx.play()
        desk = Desk(house, pbx)

        desk.live(
            lambda: desk.does(State.BREAK, "meal"),
            lambda: desk.does(State.AVAILABLE),
            lambda: pbx.pause_at_phone(SEAT, is_paused=True, reason="Team meeting"),
            lambda: pbx.pause_at_phone(SEAT, is_paused=False),
        )

    assert desk.seen == [
        ({"careloop break meal"}, State.BREAK),
        ({None}, State.AVAILABLE),
        ({"Team meeting"}, State.MEETING),
        ({None}, State.AVAILABLE),
    ]


def test_nobody_ends_a_rest_and_a_laptop_that_sleeps_takes_its_phone_along(house: House) -> None:
    def sleeps() -> None:
        take_care(Care(), at=AT + timedelta(minutes=31))

    def rests() -> None:
        with workspace_scope(house.north):
            workforce.rest(user_id=house.ids["ada"], seconds=600, actor=house.actor("grace"), at=AT)

    with manager(in_queues("billing")) as pbx:
        pbx.play()
        desk = Desk(house, pbx)
        with workspace_scope(house.north):
            note_here(user_id=house.ids["ada"], at=AT)
        desk.live(sleeps, lambda: desk.does(State.AVAILABLE))
        desk.live(rests, lambda: pbx.pause_at_phone(SEAT, is_paused=False))

    assert desk.seen == [
        ({"careloop offline dropped_off"}, State.OFFLINE),
        ({None}, State.AVAILABLE),
        ({"careloop break protection"}, State.BREAK),
        ({"careloop break protection"}, State.BREAK),
    ]


def test_a_telephone_system_that_refuses_says_so_on_its_page(house: House, signed_in: Callable[[str], Client]) -> None:
    with manager(in_queues("billing"), may_act=False) as pbx:
        pbx.play()
        desk = Desk(house, pbx)
        desk.live(lambda: desk.does(State.BREAK, "meal"), lambda: desk.does(State.AVAILABLE))

    assert desk.seen == [({None}, State.BREAK), ({None}, State.AVAILABLE)]
    assert sum(one["Action"] == "QueuePause" for one in pbx.heard) == 1
    with workspace_scope(house.north):
        assert pbx_row(desk.pbx_id).pausing_refused_at == AT
    assert "write = agent" in signed_in("mina").get(f"/w/north/admin/phones/{desk.pbx_id}/").content.decode()


def test_where_it_is_not_asked_for_nothing_is_paused(house: House) -> None:
    with manager(in_queues("billing")) as pbx:
        pbx.play()
        desk = Desk(house, pbx)
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["call"])
        desk.live(
            lambda: desk.does(State.MEETING),
            lambda: desk.does(State.AVAILABLE),
            lambda: pbx.pause_at_phone(SEAT, is_paused=True, reason="Lunch"),
        )

    assert desk.seen == [({None}, State.MEETING), ({None}, State.AVAILABLE), ({"Lunch"}, State.AVAILABLE)]
