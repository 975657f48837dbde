"""The cast with mailboxes, Omar with his mail address, and a browser that is his."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.customers.queries import customer_of_address
from careloop.domains.sign_ins.services import issue_link
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.fixtures import quick_passwords, signed_in
from tests.processes.conftest import bare_house, house

__all__ = ["bare_house", "house", "quick_passwords", "signed_in"]

OMAR = "omar@customer.example"
INA = "ina@customer.example"


def new_link(workspace_id: int, address: str, *, next_path: str = "") -> str:
    """Make a sign-in link for a known customer and return its secret."""
    with workspace_scope(workspace_id):
        customer_id = customer_of_address(address)
        assert customer_id is not None, address
        return issue_link(customer_id=customer_id, address=address, next_path=next_path, actor=HOUSE, at=clock.now())


@pytest.fixture
def customer_browser(house: House) -> Callable[..., Client]:
    """Sign a customer in through the link from their mail and return their browser."""

    def browser_of(address: str, *, workspace: str = "north") -> Client:
        browser = Client()
        token = new_link(getattr(house, workspace), address)
        answer = browser.post(f"/help/{workspace}/sign-in/links/{token}")
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return browser_of
