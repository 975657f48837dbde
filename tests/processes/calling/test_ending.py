"""A call is ended from the screen, and a contact with an abusive caller with it: by whom, and what stands in the log."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.calls.errors import (
    CallNotFound,
    CallUnclear,
    MayNotHandleCalls,
    NoPhone,
    NotYourCall,
    PhoneRefused,
    PhoneUnsure,
)
from careloop.domains.supervision.queries import abuse_in
from careloop.domains.telephony.models import Pbx
from careloop.kernel.errors import Refusal
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import attach, end_call
from tests.calling import KEY, talked, talking
from tests.cast import NOW, House
from tests.faces.api.conftest import machine
from tests.fixtures import signed_in
from tests.processes.calling.test_intervening import in_talk
from tests.processes.calling.test_placing import AT, SEAT, Place, asked
from tests.servers.manager import Manager, manager

__all__ = ["signed_in"]

pytestmark = pytest.mark.database

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


class Talk(Place):
    """Ada talks to a customer, about a case of theirs."""

    def __init__(self, house: House, pbx: Manager) -> None:
        super().__init__(house, pbx.port)
        pbx.play()
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["end"])
            self.call_id = talking(self.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW, key=KEY)

    def is_about_the_case(self) -> None:
        with workspace_scope(self.house.north):
            attach(call_id=self.call_id, case_id=self.case_id, actor=self.house.actor("ada"), at=AT)

    def end(self, who: str = "ada") -> None:
        workspace_id = self.house.south if who == "ines" else self.house.north
        end_call(workspace_id=workspace_id, call_id=self.call_id, actor=self.actor(who))

    def told_of(self) -> list[str]:
        with workspace_scope(self.house.north):
            names = [one.name for one in history([subject("call", self.call_id)], limit=20)]
        return [name for name in reversed(names) if name.startswith("call.end_")]


class TestEnding:
    @pytest.mark.parametrize("who", ["ada", "grace"])
    def test_hangs_up_on_both_sides_and_is_in_the_log(self, house: House, who: str) -> None:
        with manager(in_talk()) as pbx:
            talk = Talk(house, pbx)
            talk.end(who)

        (action,) = asked(pbx, "Hangup")
        assert (action["Channel"], action["Cause"]) == ("PJSIP/carrier-1", "16")
        assert talk.told_of() == ["call.end_asked"]

    def test_is_for_who_talks_and_who_leads_where_it_is_offered(self, house: House) -> None:
        with manager(in_talk()) as pbx:
            talk = Talk(house, pbx)
            shut: list[tuple[str, type[Refusal]]] = [
                ("anh", MayNotHandleCalls),
                ("cole", CallNotFound),
                ("ines", CallNotFound),
            ]
            for who, error in shut:
                with pytest.raises(error):
                    talk.end(who)
            with workspace_scope(house.north):
                theirs = talking(talk.pbx_id, people={SEAT: house.ids["grace"]}, at=NOW, key="3.3")
                over = talked(talk.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW, key="2.2")
            for call_id, error in ((theirs, CallNotFound), (over, CallUnclear)):
                with pytest.raises((error, NotYourCall)):
                    end_call(workspace_id=house.north, call_id=call_id, actor=talk.actor())
            with workspace_scope(house.north):
                Pbx.objects.update(offers=["call"])
            with pytest.raises(NoPhone):
                talk.end()

        assert (asked(pbx, "Hangup"), talk.told_of()) == ([], [])

    def test_says_when_it_did_not_come_to_it(self, house: House) -> None:
        with manager(in_talk(), may_act=False) as pbx:
            talk = Talk(house, pbx)
            with pytest.raises(PhoneRefused):
                talk.end()
        assert talk.told_of() == ["call.end_asked", "call.end_failed"]

    def test_says_when_it_is_not_known(self, house: House) -> None:
        with manager(in_talk(), goes_silent_at="Hangup") as pbx:
            talk = Talk(house, pbx)
            with pytest.raises(PhoneUnsure):
                talk.end()
        assert talk.told_of() == ["call.end_asked"]

    def test_is_on_the_card_on_the_page_and_in_the_api(self, house: House, signed_in: Callable[[str], Client]) -> None:
        with manager(in_talk()) as pbx:
            talk = Talk(house, pbx)
            here, ada = f"/w/north/calls/{talk.call_id}/", signed_in("ada")
            assert "End the call" in ada.get("/w/north/calls/at-hand").content.decode()
            assert "open one for it" in ada.get(here).content.decode()
            assert "End the call" not in signed_in("anh").get(here).content.decode()

            assert ada.post(f"{here}ending", headers=HTMX).status_code == 200
            assert signed_in("grace").post(f"{here}ending").headers["Location"] == here
            assert machine(house, "ada").post(f"/calls/{talk.call_id}/ending", {}).status_code == 204
            assert signed_in("ines").post(f"/w/south/calls/{talk.call_id}/ending").status_code == 404

        assert len(asked(pbx, "Hangup")) == 3


class TestAnAbusiveCaller:
    def test_is_hung_up_on_with_the_contact(self, house: House, signed_in: Callable[[str], Client]) -> None:
        with manager(in_talk()) as pbx:
            talk = Talk(house, pbx)
            talk.is_about_the_case()
            page, ada = "/w/north/cases/1/protection", signed_in("ada")
            assert "/cases/1/protection" in ada.get("/w/north/calls/at-hand").content.decode()
            assert "The call is ended with it." in ada.get(page).content.decode()

            early = ada.post(f"{page}/ending", {"kind": "insult", "minutes": ""})
            assert (early.status_code, asked(pbx, "Hangup")) == (409, [])
            ended = ada.post(f"{page}/ending", {"kind": "threat", "minutes": "10"}, follow=True)

        assert len(asked(pbx, "Hangup")) == 1
        assert "The call is ended." in ended.content.decode()
        assert signed_in("ines").post("/w/south/cases/1/protection/ending", {"kind": "threat"}).status_code == 404

    def test_stays_written_down_when_the_telephone_system_does_not_end_it(
        self, house: House, signed_in: Callable[[str], Client]
    ) -> None:
        with manager(in_talk(), may_act=False) as pbx:
            talk = Talk(house, pbx)
            talk.is_about_the_case()
            told = signed_in("ada").post("/w/north/cases/1/protection/ending", {"kind": "threat"}, follow=True)

        assert "hang up on your phone" in told.content.decode()
        with workspace_scope(house.north):
            (written,) = abuse_in(house.actor("grace"), case_id=talk.case_id)
        assert written.ended_at is not None
