"""A call comes to the screen of whoever it rings at, on whatever page they are, and goes when it is written up."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from careloop.kernel import clock
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from tests.calling import SEAT, connect, ringing, talked, talking
from tests.cast import House
from tests.faces.web.casepage.test_in_browser import signed_in_page
from tests.faces.web.live.conftest import bare_house, port

__all__ = ["bare_house", "port"]

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]


def test_a_call_rings_while_somebody_types_and_is_written_up(house: House, port: int, browser: Browser) -> None:
    at = clock.now()
    with workspace_scope(house.north):
        pbx_id = connect(user_id=house.ids["ada"], at=at)

    def let(happen: Callable[..., int]) -> int:
        with workspace_scope(house.north):
            call_id = happen(pbx_id, people={SEAT: house.ids["ada"]}, at=at)
        number_events()
        return call_id

    base = f"http://127.0.0.1:{port}"
    page, other = signed_in_page(browser, base, "ada"), signed_in_page(browser, base, "grace")
    page.goto(f"{base}/w/north/search")
    other.goto(f"{base}/w/north/calls/")
    expect(other.get_by_text("Nobody is on the phone right now.")).to_be_visible()
    page.locator("#top-search").fill("half a wo")
    expect(page.locator("live-stream")).to_be_attached()

    let(ringing)
    card = page.locator(".call-slot .call-card")
    expect(card).to_contain_text("01012345678")
    expect(card).to_contain_text("Ringing")
    page.keyboard.type("rd")
    expect(page.locator("#top-search")).to_have_value("half a word")
    expect(other.get_by_role("link", name="01012345678")).to_be_visible()
    expect(other.locator(".call-slot")).to_have_count(0)

    let(talking)
    expect(card).to_contain_text("Talking")
    call_id = let(talked)
    card.get_by_role("link", name="Write it up").press("Enter")
    page.wait_for_url(f"{base}/w/north/calls/{call_id}/")
    page.get_by_label("Note").fill("Asks again tomorrow.")
    page.get_by_role("button", name="Done with this call").press("Enter")
    expect(page.get_by_text("The call is written up.")).to_be_visible()
    number_events()
    expect(page.locator(".call-slot .call-card")).to_have_count(0)
