"""Asking for help from any page, and coming from the floor."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.cases.queries import find_cases
from careloop.domains.supervision.queries import hands_up
from careloop.domains.supervision.types import HandRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import make_wait
from tests.processes.lake.test_following import settle

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


def hands(house: House) -> list[HandRow]:
    with workspace_scope(house.north):
        return hands_up(HOUSE)


def asks(signed_in: SignedIn, house: House, *, about: str = "He shouts", path: str = "/w/north/cases/") -> int:
    signed_in("ada").post("/w/north/hand", {"about": about, "next": path})
    (row,) = hands(house)
    return row.id


def parcel(house: House) -> tuple[int, int]:
    with workspace_scope(house.north):
        (row,) = find_cases(text="parcel", viewer=HOUSE)
    return row.id, row.number


class TestAsking:
    def test_says_what_one_has_before_one(self, house: House, queue: int, signed_in: SignedIn) -> None:
        make_wait(house, queue, since=NOW, at=NOW)
        case_id, number = parcel(house)

        answer = signed_in("ada").post("/w/north/hand", {"about": "He shouts", "next": f"/w/north/cases/{number}?x=1"})

        assert (answer.status_code, answer["Location"]) == (302, f"/w/north/cases/{number}?x=1")
        (row,) = hands(house)
        assert (row.user_id, row.about, row.case_id) == (house.ids["ada"], "He shouts", case_id)

    @pytest.mark.parametrize("path", ["/w/south/cases/1", "/w/north/cases/999999", "/nowhere", "https://else.example/"])
    def test_names_nothing_that_is_not_theirs(self, house: House, signed_in: SignedIn, path: str) -> None:
        asks(signed_in, house, path=path)

        (row,) = hands(house)
        assert (row.case_id, row.chat_id) == (None, None)

    def test_stands_in_ones_own_header(self, house: House, signed_in: SignedIn) -> None:
        hand = asks(signed_in, house)

        page = signed_in("ada").get("/w/north/cases/").content.decode()
        assert "You asked for help. Nobody is on the way yet." in page
        signed_in("grace").post(f"/w/north/hands/{hand}/helper", {"next": "/w/north/floor/"})
        assert "Grace is on the way." in signed_in("ada").get("/w/north/seat").content.decode()

    def test_puts_itself_in_place_with_scripts(self, house: House, signed_in: SignedIn) -> None:
        answer = signed_in("ada").post(
            "/w/north/hand", {"about": ""}, headers={"HX-Request": "true", "HX-Target": "seat"}
        )

        assert answer.status_code == 200
        assert 'id="seat"' in answer.content.decode()
        assert "Whoever leads sees" in answer["HX-Trigger"]

    def test_is_refused_to_who_serves_nobody(self, house: House, signed_in: SignedIn) -> None:
        assert signed_in("anh").post("/w/north/hand", {"about": ""}).status_code == 403
        assert hands(house) == []


class TestComing:
    def test_is_done_from_the_top_of_the_floor(self, house: House, signed_in: SignedIn) -> None:
        hand = asks(signed_in, house)
        grace = signed_in("grace")

        for address in ("floor/", "floor/hands"):
            page = grace.get(f"/w/north/{address}").content.decode()
            assert "He shouts" in page
            assert "Nobody is on the way yet." in page
        answer = grace.post(f"/w/north/hands/{hand}/helper", {"next": "/w/north/floor/"})

        assert (answer.status_code, answer["Location"]) == (302, "/w/north/floor/")
        assert "Grace is on the way." in grace.get("/w/north/floor/hands").content.decode()

    def test_the_second_is_told(self, house: House, signed_in: SignedIn) -> None:
        hand = asks(signed_in, house)
        signed_in("grace").post(f"/w/north/hands/{hand}/helper", {})

        answer = signed_in("olga").post(f"/w/north/hands/{hand}/helper", {})

        assert answer.status_code == 409
        assert "Grace is on the way already." in answer.content.decode()

    def test_is_over_when_either_says_so(self, house: House, signed_in: SignedIn) -> None:
        hand = asks(signed_in, house)

        signed_in("grace").post(f"/w/north/hands/{hand}/end", {"next": "/w/north/floor/"})

        assert hands(house) == []

    def test_is_read_only_for_who_judges(self, house: House, signed_in: SignedIn) -> None:
        hand = asks(signed_in, house)
        anh = signed_in("anh")

        page = anh.get("/w/north/floor/").content.decode()

        assert "He shouts" in page
        assert f"/hands/{hand}/" not in page
        assert anh.post(f"/w/north/hands/{hand}/helper", {}).status_code == 403
        assert signed_in("ada").get("/w/north/floor/hands").status_code == 403

    def test_is_closed_to_strangers(self, house: House, signed_in: SignedIn) -> None:
        hand = asks(signed_in, house)

        assert signed_in("ines").post(f"/w/south/hands/{hand}/helper", {}).status_code == 404
        assert signed_in("ines").post(f"/w/south/hands/{hand}/end", {}).status_code == 404


def test_the_page_of_a_case_asks_with_one_click_and_the_bell_leads_to_the_floor(
    house: House, queue: int, signed_in: SignedIn
) -> None:
    make_wait(house, queue, since=NOW, at=NOW)
    case_id, number = parcel(house)
    page = f"/w/north/cases/{number}"
    ada = signed_in("ada")
    assert (
        ada.get(page).content.decode().count('action="/w/north/hand"') == 2
    )  # in the head of the case, and in the menu

    ada.post("/w/north/hand", {"next": page})
    settle(NOW)

    (row,) = hands(house)
    assert row.case_id == case_id
    assert f'action="/w/north/hands/{row.id}/end"' in ada.get(page).content.decode()
    told = signed_in("grace").get("/w/north/notices/").content.decode()
    assert "A colleague asks for help" in told
    assert 'href="/w/north/floor/"' in told
