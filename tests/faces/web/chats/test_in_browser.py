"""A visitor on a shop's page and Ada at her desk, side by side."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.faces.web.chats.conftest import Shop

expect.set_options(timeout=10_000)

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

Tab = Callable[..., Page]


def begin(page: Page, text: str = "Where is my parcel?") -> None:
    page.get_by_role("button", name="Open the chat").click()
    page.get_by_label("Your name").fill("Omar")
    page.get_by_label("Your mail address").fill("omar@customer.example")
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Start the chat").click()
    expect(page.get_by_role("log")).to_contain_text(text)


class TestAChat:
    def test_goes_both_ways_from_a_phone_to_a_desk_and_survives_a_reload(self, shop: Shop, tab: Tab) -> None:
        visitor = shop.open(tab, viewport={"width": 390, "height": 780})
        begin(visitor)
        expect(visitor.get_by_text("You are next.")).to_be_visible()

        ada = shop.desk(tab)
        ada.get_by_role("button", name="Take the chat of Omar").click()
        expect(ada.get_by_role("log")).to_contain_text("Where is my parcel?")
        expect(visitor.get_by_text("Ada is here for you.")).to_be_visible()

        ada.get_by_label("Your answer").fill("It comes tomorrow.")
        ada.keyboard.press("Enter")
        expect(visitor.get_by_role("log")).to_contain_text("It comes tomorrow.")

        visitor.get_by_label("Write a message").fill("Thank you!")
        visitor.keyboard.press("Enter")
        expect(ada.get_by_role("log")).to_contain_text("Thank you!")

        visitor.reload()
        visitor.get_by_role("button", name="Open the chat").click()
        expect(visitor.get_by_role("log").locator("li")).to_have_count(3)

    def test_keeps_what_is_written_while_the_line_is_cut(self, shop: Shop, tab: Tab) -> None:
        visitor = shop.open(tab, expected=["Failed to load resource: net::ERR_FAILED"] * 2)
        begin(visitor)
        lost: list[str] = []

        def lose_answers(route: object) -> None:
            # The word arrives, and its answer is lost on the way back: the browser has to send it again.
            response = route.fetch()  # type: ignore[attr-defined]
            lost.append(str(response.status))
            route.abort() if len(lost) < 3 else route.fulfill(response=response)  # type: ignore[attr-defined]

        visitor.route("**/messages?**", lose_answers)
        for text in ("One", "Two"):
            visitor.get_by_label("Write a message").fill(text)
            visitor.keyboard.press("Enter")

        words = visitor.get_by_role("log").locator("li .text")
        expect(words).to_have_text(["Where is my parcel?", "One", "Two"], timeout=20_000)
        assert lost == ["201", "201", "201", "201"]


class TestTheWidget:
    @pytest.mark.parametrize("width", [320, 390])
    def test_fits_a_phone_and_needs_no_mouse(self, shop: Shop, tab: Tab, width: int) -> None:
        page = shop.open(tab, viewport={"width": width, "height": 640})
        page.get_by_role("button", name="Open the chat").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your name")).to_be_focused()
        box = page.get_by_role("dialog").bounding_box()

        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Open the chat")).to_be_focused()

    def test_takes_a_message_while_nobody_is_here(self, shop: Shop, tab: Tab) -> None:
        from careloop.domains.people.models import Presence
        from careloop.kernel.scope import workspace_scope

        with workspace_scope(shop.house.north):
            Presence.objects.all().delete()
        page = shop.open(tab)
        page.get_by_role("button", name="Open the chat").click()
        page.get_by_label("Your name").fill("Omar")
        page.get_by_label("Your mail address").fill("omar@customer.example")
        page.get_by_label("Your message").fill("Is it red?")
        page.get_by_role("button", name="Send the message").click()

        expect(page.get_by_text("its number is 1")).to_be_visible()
