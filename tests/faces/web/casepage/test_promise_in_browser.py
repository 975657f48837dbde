"""A promise from its warning to its end: an agent is told, sees why, answers, and the page says that it was kept."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from careloop.domains.cases.queries import find_cases
from careloop.domains.cases.services import assign
from careloop.domains.commitments.states import Measure
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.casepage.test_in_browser import signed_in_page
from tests.faces.web.live.conftest import bare_house, port
from tests.mailing import receive, written
from tests.promising import follow, promise, ring

__all__ = ["bare_house", "port"]

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]


def test_a_warning_arrives_and_the_answer_keeps_the_promise(
    house: House, port: int, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(house, calendar_id=None, targets={Measure.FIRST_RESPONSE: dict.fromkeys(range(1, 5), 14_400)})
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case,) = find_cases(text="parcel", viewer=HOUSE)
        ada = house.actor("ada")
        assign(case_id=case.id, assignee_id=ada.id, team_id=None, actor=ada, at=NOW)
    follow()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=3, minutes=10))
    base = f"http://127.0.0.1:{port}"
    page = signed_in_page(browser, base, "ada")
    page.clock.set_fixed_time(NOW + timedelta(hours=3, minutes=10))
    page.goto(f"{base}/w/north/notices")
    expect(page.get_by_text("Nothing new for you")).to_be_visible()

    ring(NOW + timedelta(hours=3))

    page.reload()
    expect(page.get_by_text("First answer: 75 % of the time is used up")).to_be_visible()
    page.get_by_role("link", name="Time runs out for something we promised").click()
    page.wait_for_url(f"{base}/w/north/cases/{case.number}")
    panel = page.locator("#case-promises")
    expect(panel.locator("due-mark")).to_have_attribute("data-state", "soon")
    expect(panel).to_contain_text("Due soon")
    panel.get_by_text("Why ").press("Enter")
    expect(panel.get_by_text("The policy “Standard” promises a first answer within 4 h.")).to_be_visible()

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    page.keyboard.type("It is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your answer leaves in").first).to_be_attached()
    follow()

    expect(panel).to_contain_text("Kept")
    expect(panel.locator("due-mark")).to_have_count(0)
