"""What is offered: shown wherever its person is, with its reason, and answered once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.cases.queries import find_cases
from careloop.domains.people.services import add_member, change_personal_settings
from careloop.domains.people.types import PersonalSettings
from careloop.domains.queues.states import Stage
from careloop.domains.workforce.states import State
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import make_wait, offer, offer_of, put_into, waiting

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
SLOT = {"HX-Request": "true", "HX-Target": "offer-slot"}
WHY = "waited 40 s, Korean, billing level 2, you were idle longest"


@pytest.fixture
def offered(house: House, queue: int) -> int:
    """Something that waited 40 s and is being offered to Ada, who was idle longer than Grace. Returns the offer."""
    put_into(house, "ada", State.AVAILABLE, at=NOW - timedelta(minutes=9))
    put_into(house, "grace", State.AVAILABLE, at=NOW - timedelta(minutes=3))
    wait = make_wait(house, queue, since=NOW - timedelta(seconds=40), at=NOW)
    assert offer(house, wait, at=NOW)
    return offer_of(house, "ada").id


class TestOffer:
    def test_says_what_and_whose_and_why(self, house: House, offered: int, signed_in: SignedIn) -> None:
        ada = signed_in("ada")

        slot, page = (ada.get("/w/north/offers/", headers=headers).content.decode() for headers in (SLOT, {}))

        for shown in (slot, page):
            assert "#1 Where is my parcel?" in shown
            assert "Omar Customer" in shown
            assert WHY in shown
            assert "30 s left" in shown
        assert "<html" not in slot

    def test_speaks_the_language_of_its_reader(self, house: House, offered: int, signed_in: SignedIn) -> None:
        settings = PersonalSettings(
            name="Ada", language="ko", time_zone="UTC", theme="auto", signature="", mails_notifications=True
        )
        with workspace_scope(house.north):
            change_personal_settings(settings=settings, actor=house.actor("ada"), at=NOW)

        slot = signed_in("ada").get("/w/north/offers/", headers=SLOT).content.decode()

        assert "한국어" in slot
        assert "waited" not in slot

    def test_follows_its_person_into_another_workspace(self, house: House, offered: int, signed_in: SignedIn) -> None:
        with workspace_scope(house.south):
            add_member(user_id=house.ids["ada"], role=Role.AGENT, actor=HOUSE, at=NOW)

        slot = signed_in("ada").get("/w/south/offers/", headers=SLOT).content.decode()

        assert "North" in slot
        assert f'action="/w/north/offers/{offered}/acceptance"' in slot

    def test_is_put_in_place_once(self, house: House, offered: int, signed_in: SignedIn) -> None:
        answer = signed_in("ada").get(f"/w/north/offers/?shown={house.north}-{offered}", headers=SLOT)

        assert (answer.status_code, answer.content) == (204, b"")

    def test_is_shown_to_nobody_else(self, house: House, offered: int, signed_in: SignedIn) -> None:
        assert "parcel" not in signed_in("grace").get("/w/north/offers/", headers=SLOT).content.decode()
        assert signed_in("ines").get("/w/north/offers/", headers=SLOT).status_code == 404

    def test_goes_away_when_its_time_is_over(
        self, house: House, offered: int, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=31))

        answer = signed_in("ada").get(f"/w/north/offers/?shown={house.north}-{offered}", headers=SLOT)

        assert (answer.status_code, answer.content.strip()) == (200, b"")


class TestAcceptance:
    def test_leads_to_the_case_that_says_why(self, house: House, offered: int, signed_in: SignedIn) -> None:
        ada = signed_in("ada")

        answer = ada.post(f"/w/north/offers/{offered}/acceptance")

        assert (answer.status_code, answer["Location"]) == (302, "/w/north/cases/1")
        page = ada.get("/w/north/cases/1").content.decode()
        assert WHY in page
        assert "It was offered to Ada: waited 40 s, Korean, billing level 2, was idle longest." in page
        assert waiting(house) == []

    def test_leads_there_with_scripts(self, house: House, offered: int, signed_in: SignedIn) -> None:
        answer = signed_in("ada").post(f"/w/north/offers/{offered}/acceptance", headers=SLOT)

        assert answer["HX-Redirect"] == "/w/north/cases/1"

    def test_of_something_that_is_over_is_refused(
        self, house: House, offered: int, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=31))

        answer = signed_in("ada").post(f"/w/north/offers/{offered}/acceptance", headers=SLOT)

        assert answer.status_code == 409
        assert "This offer is over" in answer.content.decode()
        with workspace_scope(house.north):
            (row,) = find_cases(text="parcel", viewer=HOUSE)
        assert row.assignee_id is None

    @pytest.mark.parametrize("name", ["grace", "mina", "vera", "ines"])
    def test_by_somebody_else_finds_nothing(self, house: House, offered: int, signed_in: SignedIn, name: str) -> None:
        assert signed_in(name).post(f"/w/north/offers/{offered}/acceptance").status_code == 404


class TestRefusal:
    def test_leaves_it_to_others(self, house: House, offered: int, signed_in: SignedIn) -> None:
        answer = signed_in("ada").post(f"/w/north/offers/{offered}/refusal", {"reason": "language"}, headers=SLOT)

        assert answer.status_code == 200
        assert "It goes to somebody else." in answer["HX-Trigger"]
        (row,) = waiting(house)
        assert row.stage is Stage.WAITING
        assert offer(house, row.id, at=NOW)
        assert offer_of(house, "grace").waiting_id == row.id

    def test_without_a_known_reason_is_refused(self, house: House, offered: int, signed_in: SignedIn) -> None:
        answer = signed_in("ada").post(f"/w/north/offers/{offered}/refusal", {"reason": "tired"})

        assert answer.status_code == 422
        assert offer_of(house, "ada").id == offered
