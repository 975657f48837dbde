"""The kit in Chromium: seen by axe, driven by keys, kept by the content policy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from careloop import ui
from tests.ui.pages import arriving

pytestmark = pytest.mark.browser

AXE = Path(ui.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

Tab = Callable[..., Page]


def faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("path", ["/patterns/", "/public/"])
@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_fault(tab: Tab, address: str, path: str, look: str, size: dict[str, Any]) -> None:
    page = tab(address + path, color_scheme=look, reduced_motion="reduce", **size)
    if path == "/patterns/":
        page.locator(".composer-text").wait_for()

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= visualViewport.width"), "the page scrolls sideways"


def test_axe_finds_no_fault_in_what_opens(tab: Tab, address: str) -> None:
    page = tab(f"{address}/patterns/", reduced_motion="reduce")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Open a dialog").click()
    page.get_by_role("combobox", name="To whom").click()
    expect(page.get_by_role("dialog").get_by_role("option", name="Basic 20")).to_be_visible()
    assert faults(page) == []


def test_keys_lead_through_the_list(tab: Tab, address: str) -> None:
    page = tab(f"{address}/patterns/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Enter")

    assert page.url.endswith("#case-48207")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_skip_link_is_the_first_stop(tab: Tab, address: str) -> None:
    page = tab(f"{address}/patterns/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_menu_works_by_keyboard(tab: Tab, address: str) -> None:
    page = tab(f"{address}/patterns/")
    summary = page.locator("summary[aria-label='More acts']")
    summary.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Merge into…")).to_be_focused()
    page.keyboard.press("Escape")

    expect(summary).to_be_focused()


def test_theme_is_kept_on_the_next_page(tab: Tab, address: str) -> None:
    page = tab(f"{address}/patterns/", color_scheme="light")
    page.locator("look-picker button[data-value=dark]").last.click()
    page.goto(f"{address}/public/")

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 20, 18)"


def test_paper_shows_exact_times_and_no_rail(tab: Tab, address: str) -> None:
    page = tab(f"{address}/patterns/")
    page.emulate_media(media="print")

    expect(page.locator(".rail")).to_be_hidden()
    shown = page.locator("main time").first.evaluate("time => getComputedStyle(time, '::after').content")
    assert page.locator("main time").first.get_attribute("title") in shown


class TestComposer:
    def test_writes_rich_text_by_keys(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/patterns/")
        text = page.locator(".composer-text")
        text.click()
        page.keyboard.type("Hello ")
        page.keyboard.press("Control+b")
        page.keyboard.type("you")
        page.keyboard.press("Control+b")
        page.keyboard.press("Enter")
        page.keyboard.type("- one")

        assert self.body(page) == "<p>Hello <strong>you</strong></p><ul><li><p>one</p></li></ul>"
        assert page.locator("input[name=body_text]").input_value() == "Hello you\n\n- one"

    def test_composes_hangul_without_losing_or_doubling(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/patterns/")
        page.locator(".composer-text").click()
        keys = page.context.new_cdp_session(page)
        for part in ("ㅎ", "하", "한"):
            keys.send("Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1})
        keys.send("Input.insertText", {"text": "한"})
        for part in ("ㄱ", "그", "글"):
            keys.send("Input.imeSetComposition", {"text": part, "selectionStart": 1, "selectionEnd": 1})
        keys.send("Input.insertText", {"text": "글"})

        expect(page.locator(".composer-text")).to_have_text("한글")
        assert self.body(page) == "<p>한글</p>"

    def test_pastes_meaning_and_no_looks(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/patterns/")
        page.locator(".composer-text").click()
        page.evaluate(
            """html => {
                const carrier = new DataTransfer();
                carrier.setData('text/html', html);
                document.activeElement.dispatchEvent(
                    new ClipboardEvent('paste', {clipboardData: carrier, bubbles: true, cancelable: true}));
            }""",
            '<div style="color:red"><span class="x">Dear <b>Mai</b></span><img src=x onerror=alert(1)></div>',
        )

        assert self.body(page) == "<p>Dear <strong>Mai</strong></p>"

    def test_brings_typed_text_back_after_a_reload(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/patterns/")
        page.route("**/*#drafts", lambda route: route.fulfill(status=204))
        page.locator(".composer-text").click()
        page.keyboard.type("Not lost")
        page.evaluate("window.location.reload()")

        expect(page.locator(".composer-text")).to_have_text("Not lost")

    def test_offers_saved_replies_and_in_notes_people(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/composer/")
        text = page.locator(".composer-text")
        text.click()
        page.keyboard.type("/ref")
        page.get_by_role("option", name="Refund").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.type(" @mi")
        expect(page.get_by_role("option")).to_have_count(0)
        page.locator("[name=kind][value=note]").check(force=True)
        text.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("n")
        page.get_by_role("option", name="김민서").click()

        assert self.body(page) == (
            '<p>We have <strong>refunded</strong> it. <span class="mention" data-mention="7">@김민서</span> </p>'
        )
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    def test_links_words_by_address(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/patterns/")
        page.locator(".composer-text").click()
        page.keyboard.type("here")
        page.keyboard.press("Shift+Home")
        page.get_by_role("button", name="Link").click()
        page.keyboard.type("a.example")
        page.keyboard.press("Enter")

        assert self.body(page) == '<p><a href="https://a.example" rel="noopener noreferrer">here</a></p>'

    def test_does_not_send_before_its_files_have_arrived(self, tab: Tab, address: str) -> None:
        page = tab(f"{address}/composer/")
        page.locator(".composer-text").click()
        page.keyboard.type("See the file")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Attach files").click()
        chooser.value.set_files({"name": "receipt.txt", "mimeType": "text/plain", "buffer": b"x"})
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Files are still being added.")).to_be_visible()

        arriving.set()
        page.locator("input[name=file_ids]").wait_for(state="attached")
        assert page.locator("input[name=file_ids]").input_value() == "31"

    @staticmethod
    def body(page: Page) -> str:
        return page.locator("textarea[name=body]").input_value()


def test_one_stream_serves_two_tabs(tab: Tab, address: str) -> None:
    page = tab(f"{address}/live-page/")
    expect(page.locator(".new-pill")).to_have_text("1 new case")
    second = page.context.new_page()
    second.goto(f"{address}/live-page/")

    expect(second.locator(".new-pill")).to_have_text("1 new case")
    assert second.request.get(f"{address}/live-count/").text() == "1"
