"""A case can be read by those who may, and answered by a plain form."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.web.casepage.conftest import Browsers, Opened

pytestmark = pytest.mark.database

MOST_STATEMENTS = 45
READERS = ("olga", "mina", "anh", "grace", "ada", "vera")


@pytest.mark.parametrize("name", READERS)
def test_opens_for_those_who_see_every_case(signed_in: Browsers, opened: Opened, name: str) -> None:
    answer = signed_in(name).get(opened.address)

    assert answer.status_code == 200
    assert "Where is my parcel?" in answer.content.decode()
    assert 'class="composer"' in answer.content.decode() or name == "vera"


def test_offers_the_clients_reader_nothing_to_write_with(signed_in: Browsers, opened: Opened) -> None:
    page = signed_in("vera").get(opened.address).content.decode()

    assert "rich-composer" not in page
    assert 'method="post" action="/w/north/cases' not in page


@pytest.mark.parametrize("name", ["cole", "ines"])
def test_is_not_there_for_those_it_is_not_for(signed_in: Browsers, opened: Opened, name: str) -> None:
    browser = signed_in(name)

    hidden, missing = browser.get(opened.address), browser.get("/w/north/cases/987654")

    assert hidden.status_code == missing.status_code == 404
    assert "parcel" not in hidden.content.decode()


def test_is_answered_by_a_plain_form(signed_in: Browsers, opened: Opened) -> None:
    browser = signed_in("ada")

    answer = browser.post(f"{opened.address}/words", {"kind": "answer", "body": "It is on its way.\n\nAda"})

    assert answer.status_code == 302
    page = browser.get(opened.address).content.decode()
    assert "<p>It is on its way.</p>" in page
    assert "Take it back" in page
    assert opened.detail().row.category == "waiting"


@pytest.mark.parametrize("part", ["/story?since=0.0.0", "/story?before=9.9.9", "/side", "/phrases", "/people"])
def test_its_parts_are_not_there_for_strangers(signed_in: Browsers, opened: Opened, part: str) -> None:
    assert signed_in("ada").get(opened.address + part).status_code == 200
    assert signed_in("ines").get(opened.address + part).status_code == 404
    assert signed_in("cole").get(opened.address + part).status_code == 404


def test_a_longer_story_costs_no_more_questions(signed_in: Browsers, opened: Opened) -> None:
    browser = signed_in("ada")
    browser.post(f"{opened.address}/words", {"kind": "answer", "body": "Once"})
    browser.post(f"{opened.address}/words", {"kind": "note", "body": "Once"})
    with CaptureQueriesContext(connection) as short:
        browser.get(opened.address)
    for number in range(6):
        browser.post(f"{opened.address}/words", {"kind": "answer", "body": f"Word {number}"})
        browser.post(f"{opened.address}/words", {"kind": "note", "body": f"Word {number}"})
    with CaptureQueriesContext(connection) as long:
        browser.get(opened.address)

    assert len(long) == len(short)
    # Each costs a millisecond, and the page is to be no slower than the peer's (docs/reasons/speed.md).
    assert len(long) <= MOST_STATEMENTS
