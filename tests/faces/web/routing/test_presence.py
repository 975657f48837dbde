"""The switch in the header: what somebody does, one for all the workspaces they serve in."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.people.services import add_member
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.services import wrap_up
from careloop.domains.workforce.states import State
from careloop.domains.workforce.types import SeatRow
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import put_into

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


def seat(house: House, name: str) -> SeatRow:
    with workspace_scope(house.north):
        return seat_of(HOUSE, user_id=house.ids[name], at=NOW)


class TestSwitch:
    def test_stands_on_every_page_of_who_serves_customers(self, house: House, signed_in: SignedIn) -> None:
        put_into(house, "ada", State.BREAK, at=NOW, reason="meal")

        for address in ("/w/north/cases/", "/w/north/notices", "/w/north/admin/people"):
            page = signed_in("ada").get(address, follow=True).content.decode()
            assert "Break (Meal)" in page
            assert 'value="break:rest"' in page

    @pytest.mark.parametrize("name", ["anh", "cole", "vera"])
    def test_is_not_there_for_who_serves_nobody(self, house: House, signed_in: SignedIn, name: str) -> None:
        assert 'id="seat"' not in signed_in(name).get("/w/north/cases/").content.decode()

    def test_changes_the_state_without_scripts_and_leads_back(self, house: House, signed_in: SignedIn) -> None:
        answer = signed_in("ada").post("/w/north/seat/state", {"doing": "break:meal", "next": "/w/north/notices?x=1"})

        assert (answer.status_code, answer["Location"]) == (302, "/w/north/notices?x=1")
        assert (seat(house, "ada").state, seat(house, "ada").reason) == (State.BREAK, "meal")
        assert seat(house, "ada").forced_by == ""

    def test_leads_nowhere_else(self, house: House, signed_in: SignedIn) -> None:
        for address in ("https://elsewhere.example/", "//elsewhere.example/w/", "javascript:alert(1)"):
            answer = signed_in("ada").post("/w/north/seat/state", {"doing": "available", "next": address})
            assert answer["Location"] == "/w/north/"

    def test_puts_itself_in_place_with_scripts(self, house: House, signed_in: SignedIn) -> None:
        answer = signed_in("ada").post("/w/north/seat/state", {"doing": "available"}, headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert 'id="seat"' in answer.content.decode()
        assert "From now on: Available." in answer["HX-Trigger"]

    def test_is_recorded_with_its_reason(self, house: House, signed_in: SignedIn) -> None:
        signed_in("ada").post("/w/north/seat/state", {"doing": "system_issue:network"})

        with workspace_scope(house.north):
            (event,) = [one.event for one in trail(limit=20) if one.name == "presence.changed"]
        assert (getattr(event, "state", ""), getattr(event, "reason", "")) == ("system_issue", "network")

    @pytest.mark.parametrize("doing", ["ringing", "break:vacation", "", "available:meal"])
    def test_refuses_what_nobody_chooses(self, house: House, signed_in: SignedIn, doing: str) -> None:
        answer = signed_in("ada").post("/w/north/seat/state", {"doing": doing})

        assert answer.status_code == 422
        assert seat(house, "ada").state is State.OFFLINE

    def test_belongs_to_the_person_in_every_workspace(self, house: House, signed_in: SignedIn) -> None:
        with workspace_scope(house.south):
            add_member(user_id=house.ids["ada"], role=Role.AGENT, actor=HOUSE, at=NOW)
        ada = signed_in("ada")

        ada.post("/w/north/seat/state", {"doing": "meeting"})

        assert "Meeting" in ada.get("/w/south/seat").content.decode()

    def test_tells_who_put_somebody_there(self, house: House, signed_in: SignedIn) -> None:
        signed_in("grace").post(f"/w/north/floor/people/{house.ids['ada']}/state", {"doing": "training"})

        page = signed_in("ada").get("/w/north/seat").content.decode()
        assert "Training" in page
        assert "Grace put you there." in page

    def test_ends_or_lengthens_writing_up(self, house: House, signed_in: SignedIn) -> None:
        put_into(house, "ada", State.AVAILABLE, at=NOW)
        with workspace_scope(house.north):
            wrap_up(user_id=house.ids["ada"], seconds=60, actor=house.actor("ada"), at=NOW)
        ada = signed_in("ada")
        assert "Writing up is done" in ada.get("/w/north/cases/").content.decode()

        ada.post("/w/north/seat/wrap", {"act": "longer"})
        lengthened = seat(house, "ada").wraps_until
        ada.post("/w/north/seat/wrap", {"act": "done"})

        assert lengthened is not None
        assert (lengthened - NOW).total_seconds() == 180
        assert seat(house, "ada").state is State.AVAILABLE

    def test_is_closed_to_strangers(self, house: House, signed_in: SignedIn) -> None:
        ines = signed_in("ines")

        assert ines.get("/w/north/seat").status_code == 404
        assert ines.post("/w/north/seat/state", {"doing": "available"}).status_code == 404
