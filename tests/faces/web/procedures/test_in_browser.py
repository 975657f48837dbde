"""A refund from the request to the end with two approvals, while the lead who would approve leaves in between."""

from typing import Any

import pytest
from playwright.sync_api import Page

from careloop.domains.cases.queries import case_id_of_number, is_done
from careloop.domains.people.services import end_membership
from careloop.domains.procedures.services import make_procedure
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, PASSWORD, House
from tests.faces.web.casepage.conftest import opened_by
from tests.faces.web.live.conftest import bare_house, port
from tests.fixtures import quick_passwords
from tests.mailing import written
from tests.procedures import REFUND
from tests.processes.conftest import house

__all__ = ["bare_house", "house", "port", "quick_passwords"]

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

INSIDE = "#case-procedures"


def desk(tab: Any, port: int, who: str, path: str, **options: Any) -> Page:
    """Open a page of the house as one of ours."""
    page: Page = tab(f"http://127.0.0.1:{port}/account/sign-in", **options)
    page.fill("[name=login]", f"{who}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/w/**")
    page.goto(f"http://127.0.0.1:{port}/w/north/{path}")
    return page


def solved(house: House, number: int) -> bool:
    with workspace_scope(house.north):
        return is_done(case_id_of_number(number=number, viewer=HOUSE))


def test_a_refund_with_two_approvals_and_an_approver_who_left(tab: Any, port: int, house: House) -> None:
    with workspace_scope(house.north):
        make_procedure(settings=REFUND, actor=house.actor("mina"), at=NOW)
    number = opened_by(house, written(text="Where is my parcel?", at=NOW)).number

    ada = desk(tab, port, "ada", f"cases/{number}")
    ada.locator(INSIDE).get_by_role("button", name="Begin it").click()
    ada.get_by_label("Amount (EUR)").fill("250")
    ada.get_by_role("button", name="Save: What is refunded").click()
    ada.get_by_role("button", name="Ask for approval: Approve the refund").click()
    ada.locator(INSIDE).get_by_text("Waiting for approval").wait_for()
    with workspace_scope(house.north):
        end_membership(user_id=house.ids["grace"], actor=house.actor("olga"), at=clock.now())
    ada.reload()
    ada.locator(INSIDE).get_by_text("Asked because no approver is there: Mina, Olga.").wait_for()

    # The manager approves on a phone, the owner on the page of the case.
    mina = desk(tab, port, "mina", "approvals", viewport={"width": 390, "height": 780})
    mina.get_by_role("button", name=f"Approve: Approve the refund, #{number}").click()
    mina.get_by_text("Nothing waits for you").wait_for()
    olga = desk(tab, port, "olga", f"cases/{number}")
    olga.get_by_role("button", name="Approve: Approve the refund").click()
    olga.locator(INSIDE).get_by_text("Pay it out").wait_for()

    ada.reload()
    ada.get_by_role("button", name="Done: Pay it out").click()
    ada.get_by_text("The procedure “Refund” is done.").first.wait_for()
    ada.locator("#case-head").get_by_role("button", name="Solve").click()
    ada.locator("#case-head").get_by_role("button", name="Reopen").wait_for()
    assert solved(house, number)
