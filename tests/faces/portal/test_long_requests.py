"""A long request is read back to its beginning, each word once, and by nobody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.cases.models import Case
from careloop.domains.customers.queries import customer_of_address
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import add_word_of_customer, reply
from careloop.processes.answering.types import Words
from careloop.processes.portal_access import reading
from tests.cast import House
from tests.faces.portal.conftest import INA, OMAR
from tests.faces.portal.test_requests import write

pytestmark = pytest.mark.database
REQUEST = "/help/north/requests/1"
Browsers = Callable[..., Client]


@pytest.fixture
def long_request(client: Client, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request of eleven words, of which three are shown at a time, and an answer that is still in the house."""
    monkeypatch.setattr(reading, "MOST_WORDS", 3)
    write(client, text="Word 0")
    with workspace_scope(house.north):
        case_id, customer_id = Case.objects.get().pk, customer_of_address(OMAR)
        assert customer_id is not None
        omar, at = Actor(kind=ActorKind.CUSTOMER, id=customer_id), clock.now()
        for number in range(1, 11):
            words = Words(text=f"Word {number}", html="")
            add_word_of_customer(case_id=case_id, words=words, actor=omar, at=at + timedelta(seconds=number))
        secret = Words(text="Not said yet", html="")
        reply(case_id=case_id, words=secret, actor=house.actor("ada"), at=at + timedelta(seconds=11))


def told(text: str) -> list[int]:
    """Return the words of a page in their order."""
    return [int(number) for number in re.findall(r"<p>Word (\d+)</p>", text)]


def test_pages_lead_back_to_the_beginning(long_request: None, customer_browser: Browsers) -> None:
    browser, address, seen = customer_browser(OMAR), REQUEST, list[int]()

    while address:
        page = browser.get(address).content.decode()
        seen = [*told(page), *seen]
        onward = re.search(rf'href="({REQUEST}\?before=\d+)"', page)
        address = onward[1] if onward else ""

    assert seen == list(range(11))
    assert "Not said yet" not in page


def test_scripts_bring_the_earlier_part_into_the_page(long_request: None, customer_browser: Browsers) -> None:
    browser = customer_browser(OMAR)
    onward = re.search(rf'hx-get="({REQUEST}/conversation\?before=\d+)"', browser.get(REQUEST).content.decode())
    assert onward is not None

    part = browser.get(onward[1], headers={"HX-Request": "true"}).content.decode()

    assert told(part) == [6, 7, 8]
    assert "<html" not in part
    assert 'id="earlier"' in part


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "٣"])
def test_nonsense_shows_the_newest(long_request: None, customer_browser: Browsers, before: str) -> None:
    assert told(customer_browser(OMAR).get(REQUEST, {"before": before}).content.decode()) == [9, 10]


def test_an_earlier_part_is_nobody_elses(
    long_request: None, client: Client, house: House, customer_browser: Browsers
) -> None:
    with workspace_scope(house.north):
        recognize([Met(address=INA, name="Ina", at=clock.now())], source="mail", actor=HOUSE)
    stranger = customer_browser(INA)

    answers = [stranger.get(f"{REQUEST}{path}", {"before": "999999"}) for path in ("", "/conversation")]
    unknown = [Client().get(f"{REQUEST}{path}", {"before": "999999"}) for path in ("", "/conversation")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.status_code for answer in unknown] == [302, 204]
    assert all("Word" not in answer.content.decode() for answer in [*answers, *unknown])
