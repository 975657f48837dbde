"""A colleague of another department reads what service shares with them, and no more: on the page, by guessing, and by token."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from careloop.domains.cases.queries import case_detail, find_cases
from careloop.domains.conversations.queries import messages
from careloop.domains.people.services import change_role, make_token
from careloop.domains.people.types import Scope
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import note
from careloop.processes.answering.types import Words
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.faces.api.conftest import Machine
from tests.faces.web.casepage.test_files import with_files
from tests.faces.web.casepage.test_in_browser import PATIENCE_MS, signed_in_page
from tests.faces.web.live.conftest import bare_house, port
from tests.mailing import receive, written

__all__ = ["bare_house", "port"]

expect.set_options(timeout=PATIENCE_MS)

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]
ROOM = "/w/north"


def token_from_before(house: House) -> str:
    """Let Cole work as an agent for a while, make a token in that time, and go back to the other department."""
    with workspace_scope(house.north):
        change_role(user_id=house.ids["cole"], role=Role.AGENT, actor=house.actor("olga"), at=NOW)
        token = make_token(
            name="a program",
            scopes=tuple(Scope),
            expires_at=clock.now() + timedelta(days=1),
            actor=house.actor("cole"),
            at=clock.now(),
        )
        change_role(user_id=house.ids["cole"], role=Role.COLLEAGUE, actor=house.actor("olga"), at=NOW)
    return token.raw


def shared_and_hidden(house: House) -> tuple[int, int, int, int]:
    """Let two customers write, ask Cole about the first; return both cases' numbers, a file and a message of the second."""
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        shared = find_cases(text="parcel", viewer=HOUSE)[0]
        receive(with_files().replace(b"one@customer", b"two@customer").replace(b"My parcel", b"My wallet"), at=NOW)
        hidden = find_cases(text="wallet", viewer=HOUSE)[0]
        note(
            case_id=shared.id,
            words=Words(text="Cole, did it leave the depot?", html="<p>Cole, did it leave the depot?</p>"),
            mentions=[house.ids["cole"]],
            actor=house.actor("ada"),
            at=NOW,
        )
        detail = case_detail(case_id=hidden.id, viewer=HOUSE)
        (mail, *_rest) = messages(
            [(c.conversation_id, None, None) for c in detail.conversations], limit=9, for_customer=False
        )
    drain()
    return shared.number, hidden.number, mail.files[0].file_id, mail.id


def test_a_colleague_reads_what_is_shared_and_no_more(house: House, port: int, browser: Browser) -> None:
    _shared, hidden, file_id, message_id = shared_and_hidden(house)
    base = f"http://127.0.0.1:{port}"
    page = signed_in_page(browser, base, "cole")

    page.goto(f"{base}{ROOM}/notices/")
    page.get_by_role("row", name="My parcel").get_by_role("link").click()
    expect(page.get_by_text("Where is my parcel?").first).to_be_visible()
    expect(page.get_by_text("Cole, did it leave the depot?")).to_be_visible()

    expect(page.locator(".composer-text")).to_be_visible()
    expect(page.get_by_role("radio", name="Answer")).to_have_count(0)
    expect(page.get_by_role("radio", name="Forward")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Status")).to_have_count(0)
    expect(page.get_by_role("button", name="Send", exact=True)).to_have_count(0)
    page.locator(".composer-text").click()
    page.keyboard.type("It left at noon.")
    page.get_by_role("button", name="Keep note").click()
    expect(page.locator("[id^=note-]").get_by_text("It left at noon.")).to_be_visible()

    page.goto(f"{base}{ROOM}/views/all")
    expect(page.get_by_role("link", name="My parcel")).to_be_visible()
    expect(page.get_by_text("My wallet")).to_have_count(0)
    page.goto(f"{base}{ROOM}/search?q=wallet")
    expect(page.get_by_text("Nothing found for")).to_be_visible()

    answers = {path: page.request.get(f"{base}{ROOM}/{path}").status for path in (
        f"cases/{hidden}", f"cases/{hidden}/story", f"cases/{hidden}/side", "cases/999", f"files/{file_id}",
        f"files/{file_id}/picture", f"messages/{message_id}/original", f"messages/{message_id}/source",
    )}  # fmt: skip
    assert set(answers.values()) == {404}, answers
    refused = {path: page.request.get(f"{base}{ROOM}/{path}").status for path in (
        "customers/", "replies/", "quarantine/", "cases/new", "mails/new", "admin/settings", "admin/audit",
    )}  # fmt: skip
    assert set(refused.values()) == {403}, refused


def test_a_token_from_before_sees_no_more_than_its_maker_now(house: House) -> None:
    cole = Machine(token=token_from_before(house))
    shared, hidden, file_id, _message_id = shared_and_hidden(house)

    assert [row["number"] for row in cole.get("/cases").json()["items"]] == [shared]
    assert cole.get(f"/cases/{shared}").status_code == 200
    assert cole.get(f"/cases/{hidden}").status_code == cole.get("/cases/999").status_code == 404
    assert cole.get(f"/files/{file_id}").status_code == 404
    assert cole.get("/search?query=wallet").json()["cases"] == []
    assert cole.post(f"/cases/{shared}/notes", {"text": "It left at noon."}).status_code == 201
    assert cole.post(f"/cases/{shared}/replies", {"text": "It left at noon."}).status_code == 403
    assert cole.post(f"/cases/{shared}/priority", {"priority": 4}).status_code == 403
