"""A customer asks on a phone and follows the matter to its end, in a browser, on committed rows."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core import mail
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, Page, expect

from careloop.domains.cases.models import Case
from careloop.domains.cases.services import close_solved
from careloop.domains.channels.services import add_web_form
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.founding import equip_workspace
from careloop.processes.portal_access import mail_link
from tests.cast import NOW, House, open_house
from tests.faces.portal.test_sign_in import deferred
from tests.ui.test_in_browser import PHONE, faults

pytestmark = [pytest.mark.database, pytest.mark.browser]


@pytest.fixture
def standing_house(committed: None) -> House:
    """The cast in rows that a server's threads can see."""
    made = open_house()
    for workspace_id in (made.north, made.south):
        with workspace_scope(workspace_id):
            equip_workspace(actor=HOUSE, at=NOW)
    return made


@pytest.fixture
def place(standing_house: House) -> Iterator[str]:
    """Where the whole house is served for the browser."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def sound(page: Page) -> None:
    """Check that everybody can read the page, on this screen."""
    assert faults(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= visualViewport.width"), f"{page.url} scrolls sideways"


def test_a_customer_asks_on_a_phone_and_follows_to_the_end(
    tab: Callable[..., Page], standing_house: House, place: str
) -> None:
    page = tab(f"{place}/help/north/", **PHONE, reduced_motion="reduce")
    sound(page)
    page.get_by_role("link", name="Write a request").click()
    sound(page)
    page.get_by_label("What is it about?").fill("My parcel has not come.")
    page.get_by_label("Your name").fill("Omar")
    page.get_by_label("Your mail address").fill("omar@customer.example")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you. We have your request.")).to_be_visible()
    sound(page)

    page.get_by_role("link", name="Follow it here").click()
    sound(page)
    page.get_by_label("Your mail address").fill("omar@customer.example")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    sound(page)
    mail_link(**deferred()[0])
    link = re.search(r"/help/north/sign-in/links/\S+", str(mail.outbox[-1].body))
    assert link is not None
    page.clock.install()
    page.goto(place + link[0])
    sound(page)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My parcel has not come.")).to_be_visible()
    sound(page)

    with workspace_scope(standing_house.north):
        reply(
            case_id=Case.objects.get().pk,
            words=Words(text="It comes tomorrow.", html="<p>It comes <b>tomorrow</b>.</p>"),
            actor=standing_house.actor("ada"),
            at=clock.now(),
        )
    page.get_by_label("Would you like to add something?").fill("Please bring it")
    page.clock.fast_forward(21_000)
    page.get_by_role("link", name="Show it").click()
    expect(page.get_by_text("It comes tomorrow.")).to_be_visible()
    expect(page.get_by_text("We wait for your answer")).to_be_visible()
    sound(page)

    # What was being written is still there.
    page.get_by_label("Would you like to add something?").press_sequentially(" before noon.")
    page.locator("input[type=file]").set_input_files({"name": "door.txt", "mimeType": "text/plain", "buffer": b"blue"})
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Please bring it before noon.")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="door.txt").click()
    assert Path(saved.value.path()).read_bytes() == b"blue"
    page.get_by_role("button", name="It is solved").click()
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.get_by_text("This request is solved.")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="It is not solved yet").click()
    expect(page.get_by_text("We are working on it", exact=True)).to_be_visible()
    page.get_by_role("button", name="It is solved").click()
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.get_by_text("This request is solved.")).to_be_visible()

    # Days later nobody has objected.
    with workspace_scope(standing_house.north):
        close_solved(case_id=Case.objects.get().pk, actor=HOUSE, at=clock.now())
    page.reload()
    expect(page.get_by_role("heading", name="Is there something new?")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    sound(page)
    page.get_by_role("link", name="My requests").first.click()
    sound(page)
    page.get_by_role("button", name="Sign out Omar").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_request_needs_no_scripts(tab: Callable[..., Page], standing_house: House, place: str) -> None:
    page = tab(f"{place}/help/north/requests/new", java_script_enabled=False)
    page.get_by_label("What is it about?").fill("No scripts here.")
    page.get_by_label("Your name").fill("Omar")
    page.get_by_label("Your mail address").fill("omar@customer.example")
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="Thank you. We have your request.")).to_be_visible()


@pytest.fixture
def shop(place: str) -> Iterator[int]:
    """The port of somebody's own site, whose only page shows the form in a frame."""
    lines = (
        f'<!doctype html><link rel="icon" href="data:,"><iframe src="{place}/help/north/forms/contact" '
        f'data-careloop-form></iframe><script src="{place}/static/portal/embed.js"></script>'
    )

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(lines.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_form_works_in_a_frame_of_its_own_site_and_of_no_other(
    browser: Browser, standing_house: House, shop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace_scope(standing_house.north):
        add_web_form(
            key="contact",
            name="Write to us",
            language="en",
            team_id=None,
            mailbox_id=None,
            allowed_origins=[f"http://localhost:{shop}"],
            actor=standing_house.actor("mina"),
            at=clock.now(),
        )
    page = browser.new_page()

    page.goto(f"http://localhost:{shop}/")
    frame = page.frame_locator("iframe")
    frame.get_by_label("What is it about?").fill("Is it red?")
    frame.get_by_label("Your name").fill("Omar")
    frame.get_by_label("Your mail address").fill("omar@customer.example")
    assert page.locator("iframe").evaluate("frame => frame.clientHeight") > 500
    later = clock.now() + timedelta(seconds=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("heading", name="Thank you. We have your request.")).to_be_visible()
    assert page.context.cookies() == []

    # The same page under a name that the form does not know.
    page.goto(f"http://127.0.0.1:{shop}/")
    expect(page.locator("iframe")).to_be_attached()
    page.wait_for_load_state("networkidle")
    framed = page.frames[-1].url
    page.context.close()
    assert framed.startswith("chrome-error:")
