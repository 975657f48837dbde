"""The filter editor and the views that people keep."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import views_of
from careloop.domains.people.services import create_team
from careloop.faces.web.desk.editing import rows_of, tree_of
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened

Browsers = Callable[[str], Client]
CONDITIONS: list[dict[str, Any]] = [
    {"and": []},
    {"and": [{"field": "category", "operator": "any_of", "value": ["new", "open"]}]},
    {"or": [{"field": "assignee", "operator": "is", "value": "me"}, {"field": "assignee", "operator": "is_not_set"}]},
    {"and": [{"field": "status", "operator": "none_of", "value": [3, 4]}]},
    {"and": [{"field": "tag", "operator": "all_of", "value": ["vip", "refund"]}]},
    {"and": [{"field": "words", "operator": "contains_words", "value": "parcel, late"}]},
    {"and": [{"field": "activity_at", "operator": "older_than", "value": {"amount": 4, "unit": "hours"}}]},
    {
        "and": [
            {
                "field": "opened_at",
                "operator": "between",
                "value": ["2026-11-01T09:00:00+00:00", "2026-11-02T09:00:00+00:00"],
            }
        ]
    },
    {"and": [{"field": "opened_at", "operator": "after", "value": "2026-11-01T09:00:00+00:00"}]},
    {"and": [{"field": "reopen_count", "operator": "between", "value": [1, 3]}]},
    {"and": [{"field": "is_spam", "operator": "is", "value": False}]},
    {
        "and": [
            {"not": {"field": "is_spam", "operator": "is", "value": True}},
            {"or": [{"field": "priority", "operator": "is", "value": "4"}, {"and": []}]},
        ]
    },
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_goes_through_the_rows_unchanged(condition: dict[str, Any]) -> None:
    tree = as_tree(condition)

    assert tree_of(*rows_of(tree)) == tree


@pytest.mark.database
class TestEditor:
    def test_builds_a_list_by_adding_changing_and_removing_rows(self, house: House, signed_in: Browsers) -> None:
        browser, omar = signed_in("ada"), known_customer(house)
        opened(house, customer_id=omar, subject="By letter", channel="letter")
        opened(house, customer_id=omar, subject="By phone", channel="voice")
        page = "/w/north/views/all/conditions"
        row = {"row": ["0"], "field-0": "channel", "operator-0": "any_of", "value-0": ["letter"], "join": "and"}

        grown = browser.post(page, {**row, "act": "add"}).content.decode()
        shrunk = browser.post(page, {**row, "row": ["0", "1"], "act": "remove-0"}).content.decode()
        shown = browser.post(page, {**row, "act": "show"}, follow=True).content.decode()

        assert 'name="field-1"' in grown
        assert 'value="letter" selected' in grown
        assert 'name="field-1"' not in shrunk
        assert "By letter" in shown
        assert "By phone" not in shown

    def test_keeps_the_rows_and_says_what_is_wrong(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").post(
            "/w/north/views/all/conditions",
            {
                "row": ["0", "1"],
                "field-0": "words",
                "operator-0": "contains_words",
                "value-0": "parcel",
                "field-1": "activity_at",
                "operator-1": "within_last",
                "value-1": "soon",
                "unit-1": "days",
                "act": "show",
            },
        )

        assert answer.status_code == 422
        shown = answer.content.decode()
        assert 'value="parcel"' in shown
        assert 'role="alert"' in shown

    @pytest.mark.parametrize("kept", ["{", "[" * 5000, '{"field": "x", "operator": "is"}', '"x"'])
    def test_refuses_a_hostile_group(self, house: House, signed_in: Browsers, kept: str) -> None:
        answer = signed_in("ada").post("/w/north/views/all/conditions", {"row": ["0"], "kept-0": kept, "act": "show"})

        assert answer.status_code == 422

    def test_opens_for_every_view_and_every_condition(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")

        for condition in CONDITIONS:
            page = browser.get("/w/north/views/all/conditions", {"filter": json.dumps(condition)})
            assert page.status_code == 200, condition


@pytest.mark.database
class TestViews:
    def keep(self, browser: Client, key: str = "all", **fields: Any) -> Any:
        urgent = json.dumps({"field": "priority", "operator": "is", "value": "4"})
        return browser.post(
            f"/w/north/views/{key}/form",
            {"filter": urgent, "order": "opened_at", "column": ["subject", "tags"], "name": "Urgent", **fields},
        )

    def test_keeps_a_list_for_oneself(self, house: House, signed_in: Browsers) -> None:
        answer = self.keep(signed_in("ada"))

        assert answer.status_code == 302
        page = signed_in("ada").get(answer["Location"]).content.decode()
        assert "Urgent" in page
        assert "Priority is Urgent" in page
        assert signed_in("grace").get(answer["Location"]).status_code == 404

    def test_a_lead_keeps_one_for_everybody_and_an_agent_may_not(self, house: House, signed_in: Browsers) -> None:
        of_grace = self.keep(signed_in("grace"), is_shared="1")
        of_ada = self.keep(signed_in("ada"), is_shared="1", name="Mine for all")

        assert signed_in("ada").get(of_grace["Location"]).status_code == 200
        assert of_ada.status_code == 403
        assert "Mine for all" in of_ada.content.decode()

    def test_changes_and_deletes_ones_own(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        key = self.keep(browser)["Location"].rpartition("/")[2]

        renamed = self.keep(browser, key=key, name="Very urgent")
        browser.post(f"/w/north/views/{key}/content", {"filter": '{"and":[]}', "column": ["subject"]})
        kept = browser.get(f"/w/north/views/{key}").context["listing"].view
        foreign = signed_in("grace").post(f"/w/north/views/{key}/removal")
        browser.post(f"/w/north/views/{key}/removal")

        assert renamed["Location"] == f"/w/north/views/{key}"
        assert (kept.name, kept.conditions, kept.columns) == ("Very urgent", {"and": []}, ("subject",))
        assert foreign.status_code == 404
        assert browser.get(f"/w/north/views/{key}").status_code == 404

    def test_nobody_changes_a_system_view(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("olga")

        assert browser.post("/w/north/views/all/content", {"filter": '{"and":[]}'}).status_code == 404
        with workspace_scope(house.north):
            assert all(row.is_system for row in views_of(house.actor("olga")))

    def test_says_the_names_of_what_it_asks_for(self, house: House, signed_in: Browsers) -> None:
        with workspace_scope(house.north):
            team_id = create_team(name="Billing", actor=house.actor("olga"), at=NOW)
        omar = known_customer(house)
        asked = {
            "and": [
                {"field": "team", "operator": "is", "value": team_id},
                {"field": "assignee", "operator": "any_of", "value": [house.ids["grace"], "me"]},
                {"field": "requester", "operator": "is_not", "value": omar},
            ]
        }

        shown = signed_in("ada").get("/w/north/views/all", {"filter": json.dumps(asked)}).content.decode()

        assert "Team is Billing" in shown
        assert "Assignee is one of Grace or me" in shown
        assert "Customer is not Omar" in shown
