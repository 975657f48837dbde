"""Somebody protects themselves on the page of a case."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.cases.queries import find_cases
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.flooring import make_wait

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


@pytest.fixture
def page(house: House, queue: int) -> str:
    """The address of the protection page of Omar's case."""
    make_wait(house, queue, since=NOW, at=NOW)
    with workspace_scope(house.north):
        (row,) = find_cases(text="parcel", viewer=HOUSE)
    return f"/w/north/cases/{row.number}/protection"


def test_warns_ends_and_rests(signed_in: SignedIn, page: str) -> None:
    ada = signed_in("ada")
    early = ada.post(f"{page}/ending", {"kind": "insult", "minutes": ""})
    assert (early.status_code, "Warn the customer first." in early.content.decode()) == (409, True)

    assert ada.post(f"{page}/warning", {"kind": "insult"})["Location"] == page
    again = signed_in("grace").post(f"{page}/warning", {"kind": "insult"})
    assert (again.status_code, "Ada warned this customer at" in again.content.decode()) == (409, True)
    assert ada.post(f"{page}/ending", {"kind": "insult", "minutes": "20"})["Location"] == page

    told = ada.get(page).content.decode()
    assert "Rested for 20 minutes" in told
    assert "You rest until" in told
    story = signed_in("grace").get(page.removesuffix("/protection")).content.decode()
    assert "Ada ended the contact because of abuse: Insults." in story


def test_whoever_leads_lets_a_colleague_rest(signed_in: SignedIn, page: str) -> None:
    signed_in("ada").post(f"{page}/record", {"kind": "threat"})
    grace = signed_in("grace")
    address = next(part for part in grace.get(page).content.decode().split('"') if part.endswith("/rest"))

    assert signed_in("anh").post(address, {"minutes": "10"}).status_code == 403
    assert grace.post(address, {"minutes": "10"})["Location"] == page

    assert "Grace put you there." in signed_in("ada").get(page).content.decode()


def test_is_read_by_who_judges_and_closed_to_others(signed_in: SignedIn, page: str) -> None:
    signed_in("ada").post(f"{page}/record", {"kind": "hate"})

    assert "Contempt for origin" in (read := signed_in("anh").get(page).content.decode())
    assert "Warn the customer" not in read
    assert signed_in("vera").get(page).status_code == 403
    assert signed_in("ines").get(page.replace("/w/north/", "/w/south/")).status_code == 404
    assert signed_in("ines").get(page).status_code == 404
    assert signed_in("ada").post(f"{page}/warning", {"kind": "rude"}).status_code == 422
