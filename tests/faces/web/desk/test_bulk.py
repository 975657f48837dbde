"""One change to several cases."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.queries import case_detail, statuses
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.faces.web.desk.matters import known_customer, opened

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]


@pytest.fixture
def three(house: House) -> list[int]:
    """Three cases, whose numbers are 1, 2 and 3."""
    omar = known_customer(house)
    return [opened(house, customer_id=omar, subject=f"Parcel {number}") for number in range(3)]


def rows(house: House, ids: list[int]) -> list[Any]:
    with workspace_scope(house.north):
        return [case_detail(case_id=i, viewer=house.actor("ada")).row for i in ids]


def status_id(house: House, category: str) -> int:
    with workspace_scope(house.north):
        return next(row.id for row in statuses() if row.category == category)


def test_assigns_and_moves_the_ticked_ones(house: House, signed_in: Browsers, three: list[int]) -> None:
    browser = signed_in("ada")

    browser.post(
        "/w/north/views/all/changes", {"act": "assign", "bulk_assignee": house.ids["grace"], "number": ["1", "3"]}
    )
    browser.post(
        "/w/north/views/all/changes",
        {"act": "status", "bulk_status": status_id(house, "solved"), "number": ["2"]},
    )

    assert [row.assignee for row in rows(house, three)] == ["Grace", "", "Grace"]
    assert [row.category for row in rows(house, three)] == ["new", "solved", "new"]


def test_changes_what_can_change_and_says_why_the_rest_did_not(
    house: House, signed_in: Browsers, three: list[int]
) -> None:
    browser = signed_in("ada")
    new, closed = status_id(house, "new"), status_id(house, "closed")
    browser.post("/w/north/views/all/changes", {"act": "status", "bulk_status": closed, "number": ["1"]})

    page = browser.post(
        "/w/north/views/all/changes",
        {"act": "status", "bulk_status": status_id(house, "waiting"), "number": ["1", "2", "77"]},
        follow=True,
    ).content.decode()

    assert [row.category for row in rows(house, three)] == ["closed", "waiting", "new"]
    assert new != closed
    assert "1 case is changed." in page
    assert "#1:" in page
    assert "#77: There is no such case." in page


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"act": "assign"},
        {"act": "assign", "bulk_assignee": "", "number": "1"},
        {"act": "eat", "number": "1"},
        {"act": "status", "number": "x"},
    ],
)
def test_refuses_what_makes_no_sense(house: House, signed_in: Browsers, three: list[int], fields: Any) -> None:
    assert signed_in("ada").post("/w/north/views/all/changes", fields).status_code == 422


def test_those_who_only_read_change_nothing(house: House, signed_in: Browsers, three: list[int]) -> None:
    for name in ("anh", "vera", "cole"):
        browser = signed_in(name)
        browser.post("/w/north/views/all/changes", {"act": "assign", "bulk_assignee": "none", "number": "1"})
        browser.post(
            "/w/north/views/all/changes",
            {"act": "status", "bulk_status": status_id(house, "solved"), "number": "1"},
        )
        assert "data-tick-all" not in browser.get("/w/north/views/all").content.decode()

    assert {row.category for row in rows(house, three)} == {"new"}
