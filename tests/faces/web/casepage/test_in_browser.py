"""The page in a real browser: hostile mail does nothing, and an agent answers with the keyboard alone."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from careloop.domains.cases.queries import case_detail, find_cases
from careloop.kernel.actors import HOUSE
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, PASSWORD, House
from tests.faces.web.live.conftest import bare_house, port
from tests.mailing import receive, written

__all__ = ["bare_house", "port"]

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]

HOSTILE = """
<p>Hello</p><script>document.title = "taken"; fetch("/w/north/admin/people")</script>
<img src=x onerror="document.title='taken'"><svg onload="document.title='taken'"></svg>
<a href="javascript:document.title='taken'">click me</a>
<iframe src="https://evil.example"></iframe><form action="https://evil.example"><input name=q></form>
<style>body { display: none }</style><p style="position:fixed;inset:0;background:url(https://evil.example/x)">cover</p>
<img src="https://spy.example/pixel.gif"><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=/">
"""


def hostile_mail() -> bytes:
    """A mail that tries everything."""
    mail = message_from_bytes(written(text="My parcel", at=NOW), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_alternative(HOSTILE, subtype="html")
    return mail.as_bytes()


def signed_in_page(browser: Browser, base: str, name: str) -> Page:
    """Sign somebody in at a device of their own and return its page."""
    page = browser.new_context().new_page()
    page.goto(f"{base}/account/sign-in")
    page.fill("[name=login]", f"{name}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url, timeout=PATIENCE_MS)
    return page


def test_hostile_mail_does_nothing_and_an_agent_answers_by_keyboard(house: House, port: int, browser: Browser) -> None:
    with workspace_scope(house.north):
        receive(hostile_mail(), at=NOW)
        row = find_cases(text="parcel", viewer=HOUSE)[0]
    asked: list[str] = []
    base = f"http://127.0.0.1:{port}"
    page = signed_in_page(browser, base, "ada")
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{base}/w/north/cases/{row.number}")
    expect(page.locator(".composer-text")).to_be_visible()
    page.locator(".moment summary").last.click()
    page.get_by_role("button", name="View original").click()
    expect(page.frame_locator("iframe.original").get_by_text("Hello")).to_be_visible()
    page.keyboard.press("Escape")

    assert page.title().startswith(f"#{row.number} ")
    assert all(url.startswith((base, "data:", "blob:")) for url in asked), asked
    assert not any("admin/people" in url for url in asked)

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    page.keyboard.type("It is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your answer leaves in").first).to_be_attached()
    number_events()
    with workspace_scope(house.north):
        assert case_detail(case_id=row.id, viewer=HOUSE).row.category == "waiting"


def test_two_on_a_case_see_each_other_and_new_words_wait_to_be_asked_for(
    house: House, port: int, browser: Browser
) -> None:
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        row = find_cases(text="parcel", viewer=HOUSE)[0]
    number_events()
    address = f"http://127.0.0.1:{port}/w/north/cases/{row.number}"
    ada, grace = (signed_in_page(browser, f"http://127.0.0.1:{port}", name) for name in ("ada", "grace"))
    ada.goto(address)
    expect(ada.locator(".composer-text")).to_be_visible()
    grace.goto(address)
    grace.locator(".composer-text").click()
    grace.keyboard.type("Dear Omar")

    expect(ada.get_by_text("Grace is writing…")).to_be_visible()

    with workspace_scope(house.north):
        receive(
            written(text="Never mind!", message_id="<2@customer.example>", answers="one@customer.example", at=NOW),
            at=NOW,
        )
    number_events()
    pill = ada.get_by_role("link", name="1 new")
    expect(pill).to_be_visible()
    expect(ada.get_by_text("Never mind!")).to_have_count(0)
    pill.click()
    expect(ada.get_by_text("Never mind!")).to_be_visible()
