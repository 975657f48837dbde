"""A message to the team: sent from the floor, shown until it is read."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.supervision.queries import unread_messages
from careloop.domains.workforce.states import State
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import put_into

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


@pytest.fixture
def message(house: House, signed_in: SignedIn) -> int:
    """What Grace told everybody at work, which is Ada."""
    put_into(house, "ada", State.AVAILABLE, at=NOW)
    answer = signed_in("grace").post("/w/north/floor/messages/new", {"team_id": "", "text": "The line is down."})
    assert (answer.status_code, answer["Location"]) == (302, "/w/north/floor/")
    with workspace_scope(house.north):
        (row,) = unread_messages(house.actor("ada"))
    return row.id


def slot(client: Client, told: str = "") -> tuple[int, str]:
    answer = client.get(
        "/w/north/team-messages/", {"told": told}, headers={"HX-Request": "true", "HX-Target": "message-slot"}
    )
    return answer.status_code, answer.content.decode()


def test_has_a_place_on_every_page_of_who_serves(house: House, signed_in: SignedIn) -> None:
    assert 'id="message-slot"' in signed_in("ada").get("/w/north/cases/").content.decode()
    assert 'id="message-slot"' not in signed_in("vera").get("/w/north/cases/").content.decode()


def test_stays_until_it_is_read(message: int, signed_in: SignedIn) -> None:
    ada = signed_in("ada")

    status, shown = slot(ada)
    again, _nothing = slot(ada, told=str(message))
    answer = ada.post(f"/w/north/team-messages/{message}/reading", {"next": "/w/north/cases/"})
    page = ada.get("/w/north/team-messages/").content.decode()

    assert (status, again) == (200, 204)
    assert "The line is down." in shown
    assert "Grace" in shown
    assert (answer.status_code, answer["Location"]) == (302, "/w/north/cases/")
    assert "You have read everything" in page


def test_the_floor_shows_who_has_read_it(message: int, signed_in: SignedIn) -> None:
    grace = signed_in("grace")

    before = grace.get("/w/north/floor/").content.decode()
    signed_in("ada").post(f"/w/north/team-messages/{message}/reading", headers={"HX-Request": "true"})
    after = grace.get("/w/north/floor/messages").content.decode()

    assert "Not yet read by Ada" in before
    assert "Read by Ada" in after


def test_is_sent_and_watched_by_who_leads_only(house: House, signed_in: SignedIn) -> None:
    for name in ("ada", "anh"):
        person = signed_in(name)
        assert person.post("/w/north/floor/messages/new", {"team_id": "", "text": "Hi"}).status_code == 403
        assert person.get("/w/north/floor/messages").status_code == 403
    assert "floor/messages/new" not in signed_in("anh").get("/w/north/floor/").content.decode()


def test_to_nobody_is_refused_with_a_sentence(house: House, signed_in: SignedIn) -> None:
    answer = signed_in("grace").post("/w/north/floor/messages/new", {"team_id": "", "text": "Hi"})

    assert answer.status_code == 422
    assert "Nobody would get this message now." in answer.content.decode()


def test_is_closed_to_strangers(message: int, signed_in: SignedIn) -> None:
    assert signed_in("ines").post(f"/w/south/team-messages/{message}/reading").status_code == 404
