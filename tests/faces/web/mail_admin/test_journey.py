"""A manager connects a mailbox in a browser: tried, rehearsed, live; and looks after the quarantine."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Page, expect

from careloop.domains.channels.queries import mailboxes
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, PASSWORD, House, open_house
from tests.faces.inbound.conftest import dovecot
from tests.mailing import receive, written
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import ScriptedSmtp, scripted_smtp
from tests.ui.test_in_browser import PHONE, faults

__all__ = ["dovecot"]

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.dovecot]


@pytest.fixture
def standing_house(committed: None) -> House:
    made = open_house()
    with workspace_scope(made.north):
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


@pytest.fixture
def outgoing() -> Iterator[ScriptedSmtp]:
    with scripted_smtp() as server:
        yield server


def signed_in(page: Page, place: str, name: str) -> Page:
    browser_of_django = Client()
    browser_of_django.post("/account/sign-in", {"login": f"{name}@example.com", "password": PASSWORD})
    page.context.add_cookies(
        [{"name": key, "value": cookie.value, "url": place} for key, cookie in browser_of_django.cookies.items()]
    )
    return page


def sound(page: Page) -> None:
    assert faults(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= visualViewport.width"), "the page scrolls sideways"


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_a_mailbox_is_tried_rehearsed_and_goes_live(
    tab: Callable[..., Page],
    place: str,
    standing_house: House,
    dovecot: Dovecot,
    outgoing: ScriptedSmtp,
    size: dict[str, object],
) -> None:
    user = f"journey-{len(size)}"
    dovecot.deliver(user, written(text="Where is my parcel?", at=NOW))
    dovecot.deliver(user, written(text="Away", subject="Out of office", at=NOW, Auto_Submitted="auto-replied"))
    page = signed_in(tab(f"{place}/account/sign-in", **size), place, "mina")
    page.goto(f"{place}/w/north/admin/mailboxes/")
    sound(page)
    page.get_by_role("link", name="Add a mailbox").first.click()
    sound(page)
    page.get_by_label("Mail address").fill("help@north.example")
    page.get_by_role("button", name="Go on").click()

    sound(page)
    page.get_by_label("Name in the workspace").fill("Help")
    page.get_by_label("Sender name").fill("North Help")
    for side, host, port in (("imap", dovecot.host, dovecot.port), ("smtp", outgoing.host, outgoing.port)):
        page.locator(f"[name={side}_host]").fill(host)
        page.locator(f"[name={side}_port]").fill(str(port))
        page.locator(f"[name={side}_security]").select_option("plain")
    page.locator("[name=imap_user]").fill(user)
    page.locator("[name=imap_password]").fill(dovecot.password)
    page.locator("[name=smtp_user]").fill("")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Check the connection").click()
    expect(page.get_by_text("Reading works.")).to_be_visible()
    expect(page.get_by_text("Sending works.")).to_be_visible()
    page.get_by_role("button", name="Look at the newest mails").click()
    expect(page.get_by_text("A receipt would be sent.")).to_be_visible()
    expect(page.get_by_text("A machine answered something that we never wrote.")).to_be_visible()
    page.get_by_role("button", name="Send a test to mina@example.com").click()
    expect(page.get_by_text("was handed in")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Go live from now").click()
    expect(page.get_by_text("The mailbox is live.")).to_be_visible()
    sound(page)

    with workspace_scope(standing_house.north):
        (box,) = mailboxes()
        row = receive(written(text="Away", at=NOW, Auto_Submitted="auto-replied"), at=NOW)
    assert box.state == "live"
    assert [mail.recipients for mail in outgoing.received] == [("mina@example.com",)]
    assert row.state == "quarantined"
    page.goto(f"{place}/w/north/quarantine/")
    sound(page)
    page.get_by_role("button", name=f"Discard mail {row.id}").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    sound(page)
