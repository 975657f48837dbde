"""An offer comes to whoever is free, wherever they are, and a state chosen in one tab is known in the other."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from careloop.domains.workforce.states import State
from careloop.kernel.readers import number_events
from tests.cast import NOW, House
from tests.faces.web.casepage.test_in_browser import signed_in_page
from tests.faces.web.live.conftest import bare_house, port
from tests.flooring import equip, make_wait, offer, put_into

__all__ = ["bare_house", "port"]

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]


def test_an_offer_arrives_while_somebody_types_and_is_taken(house: House, port: int, browser: Browser) -> None:
    queue = equip(house, at=NOW - timedelta(hours=1), offer_s=3600)
    put_into(house, "ada", State.AVAILABLE, at=NOW)
    base = f"http://127.0.0.1:{port}"
    page = signed_in_page(browser, base, "ada")
    page.goto(f"{base}/w/north/search")
    page.locator("#top-search").fill("half a wo")
    expect(page.locator("live-stream")).to_be_attached()

    wait = make_wait(house, queue, since=NOW - timedelta(seconds=40), at=NOW)
    assert offer(house, wait, at=NOW)
    number_events()

    card = page.locator(".offer-slot .offer")
    expect(card).to_contain_text("Where is my parcel?")
    expect(card).to_contain_text("waited 40 s, Korean, billing level 2")
    page.keyboard.type("rd")
    expect(page.locator("#top-search")).to_have_value("half a word")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url(f"{base}/w/north/cases/1")
    expect(page.get_by_text("It was offered to Ada: waited 40 s, Korean, billing level 2")).to_be_visible()
    expect(page.locator(".offer-slot .offer")).to_have_count(0)


def test_a_state_chosen_in_one_tab_is_known_in_the_other(house: House, port: int, browser: Browser) -> None:
    base = f"http://127.0.0.1:{port}"
    first = signed_in_page(browser, base, "ada")
    first.goto(f"{base}/w/north/notices")
    second = first.context.new_page()
    second.goto(f"{base}/w/north/cases/")
    expect(second.locator(".seat-words")).to_have_text("Off work")

    first.locator(".seat summary").press("Enter")
    first.get_by_role("button", name="Meal").press("Enter")
    expect(first.locator(".seat-words")).to_have_text("Break (Meal)")
    number_events()

    expect(second.locator(".seat-words")).to_have_text("Break (Meal)")
