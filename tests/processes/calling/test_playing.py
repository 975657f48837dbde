"""Somebody plays a caller without a telephone: what agents see, that no number has it, and that nobody stays in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.calls.errors import CallNotFound, CallUnclear, NumberBarred
from careloop.domains.calls.queries import call_at_hand, played_call
from careloop.domains.telephony import queries as phones
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import MayNotKeepPhones, PbxNotFound
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.kernel.timers import ring_due
from careloop.processes.calling import call_back, follow_phones, hang_up_play, pick_up_play, play_call
from careloop.processes.routing.presence import change_state
from careloop.processes.subscriptions import RINGS
from tests.cast import NOW, House
from tests.fixtures import signed_in
from tests.processes.calling.test_placing import AT, SEAT, Place
from tests.servers.manager import manager

__all__ = ["signed_in"]

pytestmark = pytest.mark.database

PAGE = "/w/north/admin/tester/"


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


class Stage(Place):
    """Mina plays a caller, and Ada is at work."""

    def __init__(self, house: House, port: int = 5038) -> None:
        super().__init__(house, port)
        with workspace_scope(house.north):
            change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)
            (self.seat_id,) = [seat.id for seat in phones.seats(self.pbx_id) if seat.name == SEAT]

    def play(self, who: str = "mina") -> int:
        with workspace_scope(self.house.north):
            actor = self.house.actor(who)
            return play_call(pbx_id=self.pbx_id, seat_id=self.seat_id, queue="billing", actor=actor, at=AT)

    def sees(self) -> tuple[State, str]:
        with workspace_scope(self.house.north):
            ada = self.house.actor("ada")
            call = call_at_hand(ada, at=AT)
            return seat_of(ada, user_id=self.house.ids["ada"], at=AT).state, call.state if call else ""


def test_comes_to_the_screen_as_any_call(house: House) -> None:
    stage = Stage(house)
    call_id = stage.play()
    seen = [stage.sees()]
    for act in (pick_up_play, pick_up_play, hang_up_play, hang_up_play):
        with workspace_scope(house.north):
            act(call_id=call_id, actor=house.actor("mina"), at=AT)
        seen.append(stage.sees())

    talking, over = (State.CONTACT, "talking"), (State.WRAP, "ended")
    assert seen == [(State.AVAILABLE, "ringing"), talking, talking, over, over]
    with workspace_scope(house.north):
        assert phones.pieces_after(stage.pbx_id, number=0, limit=9) == []  # facts are made of these
        names = [one.name for one in history([subject("call", call_id)], limit=20)]
    assert "call.played" in names


def test_is_not_called_back(house: House) -> None:
    with manager() as pbx:
        stage = Stage(house, pbx.port)
        call_id = stage.play()
        with workspace_scope(house.north):
            hang_up_play(call_id=call_id, actor=house.actor("mina"), at=AT)
        with pytest.raises(NumberBarred):
            call_back(workspace_id=house.north, call_id=call_id, actor=stage.actor())


def test_lasts_while_its_telephone_system_says_how_it_stands_and_ends_by_itself(house: House) -> None:
    stage = Stage(house)
    call_id = stage.play()
    with workspace_scope(house.north):
        pick_up_play(call_id=call_id, actor=house.actor("mina"), at=AT)
        stands = f"Event: CareloopStanding\nTimestamp: {AT.timestamp() + 60:.6f}\n\n"
        telephony.store_piece(pbx_id=stage.pbx_id, body=stands.encode(), actor=HOUSE, at=AT)
    follow_phones(at=AT + timedelta(minutes=1))
    assert stage.sees() == (State.CONTACT, "talking")

    ring_due(house.north, rings=RINGS, at=AT + timedelta(minutes=9))
    assert stage.sees() == (State.CONTACT, "talking")
    ring_due(house.north, rings=RINGS, at=AT + timedelta(minutes=10))
    assert stage.sees() == (State.WRAP, "ended")


def test_is_for_who_keeps_the_channels_and_one_at_a_time(house: House) -> None:
    stage = Stage(house)
    with pytest.raises(MayNotKeepPhones):
        stage.play("grace")
    call_id = stage.play()
    with pytest.raises(CallUnclear):
        stage.play()
    stage.play("olga")
    with workspace_scope(house.north), pytest.raises(CallNotFound):
        hang_up_play(call_id=call_id, actor=house.actor("olga"), at=AT)
    with workspace_scope(house.south), pytest.raises(CallNotFound):
        hang_up_play(call_id=call_id, actor=house.actor("ines"), at=AT)
    with workspace_scope(house.south), pytest.raises(PbxNotFound):
        play_call(pbx_id=stage.pbx_id, seat_id=stage.seat_id, queue="", actor=house.actor("ines"), at=AT)


def test_is_played_on_the_page(house: House, signed_in: Callable[[str], Client]) -> None:
    stage, mina = Stage(house), signed_in("mina")
    wrong = mina.post(f"{PAGE}calls", {"seat": "0-0", "queue": ""})
    mina.post(f"{PAGE}calls", {"seat": f"{stage.pbx_id}-{stage.seat_id}", "queue": "billing"})
    page = mina.get(PAGE).content.decode()
    with workspace_scope(house.north):
        call = played_call(house.actor("mina"))
    assert call is not None
    assert (wrong.status_code, "Let the phone be picked up" in page) == (422, True)
    assert signed_in("grace").post(f"{PAGE}calls/{call.id}/ending").status_code == 403

    mina.post(f"{PAGE}calls/{call.id}/answer")
    assert stage.sees() == (State.CONTACT, "talking")
    mina.post(f"{PAGE}calls/{call.id}/ending")
    assert stage.sees() == (State.WRAP, "ended")
    assert "At whose phone it rings" in mina.get(PAGE).content.decode()
