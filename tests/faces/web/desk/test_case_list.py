"""The list of cases: who sees what, at what cost, page by page, by what conditions."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careloop.domains.people.services import add_to_team, create_team
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer, opened

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
NUMBER = re.compile(r'data-href="/w/north/cases/(\d+)"')


def numbers(answer: Any) -> list[int]:
    return [int(number) for number in NUMBER.findall(answer.content.decode())]


def page_of(browser: Client) -> str:
    return str(browser.get("/w/north/views/all").content.decode())


class TestWhoSeesWhat:
    def test_shows_the_working_every_case_and_a_colleague_those_of_his_team(
        self, house: House, signed_in: Browsers
    ) -> None:
        with workspace_scope(house.north):
            olga = house.actor("olga")
            team_id = create_team(name="Billing", actor=olga, at=NOW)
            add_to_team(team_id=team_id, user_id=house.ids["cole"], actor=olga, at=NOW)
        omar = known_customer(house)
        opened(house, customer_id=omar, subject="Parcel")
        opened(house, customer_id=omar, subject="Invoice", team_id=team_id)

        for name in ("olga", "mina", "anh", "grace", "ada", "vera"):
            assert len(numbers(signed_in(name).get("/w/north/views/all"))) == 2, name
        of_cole = signed_in("cole").get("/w/north/views/all")

        assert "Invoice" in of_cole.content.decode()
        assert "Parcel" not in of_cole.content.decode()

    def test_offers_own_work_and_cases_to_those_only_who_can_have_them(self, house: House, signed_in: Browsers) -> None:
        opened(house, customer_id=known_customer(house), subject="Parcel")
        mine, all_cases = 'href="/w/north/views/mine"', "/w/north/views/all"

        offered = {name for name in ("olga", "grace", "ada", "cole", "anh", "vera") if mine in page_of(signed_in(name))}
        page = signed_in("ada").get(all_cases).content.decode()
        bulk = page[page.index('id="bulk-assignee"') :].partition("</select>")[0]

        assert offered == {"olga", "grace", "ada", "cole"}
        assert {name for name, key in house.ids.items() if f'value="{key}"' in bulk} == {
            "olga",
            "mina",
            "grace",
            "ada",
            "cole",
        }

    def test_teaches_a_colleague_without_work_what_comes_here(self, house: House, signed_in: Browsers) -> None:
        page = signed_in("cole").get("/w/north/views/open").content.decode()

        assert "You see the cases of your teams" in page

    def test_starts_an_agent_with_her_own_work(self, house: House, signed_in: Browsers) -> None:
        omar = known_customer(house)
        opened(house, customer_id=omar, subject="Mine", assignee="ada")
        opened(house, customer_id=omar, subject="Hers", assignee="grace")

        shown = signed_in("ada").get("/w/north/cases/").content.decode()

        assert "Mine" in shown
        assert "Hers" not in shown

    def test_has_no_such_view(self, house: House, signed_in: Browsers) -> None:
        assert signed_in("ada").get("/w/north/views/99").status_code == 404


class TestCost:
    def test_asks_as_often_for_many_cases_as_for_few(self, house: House, signed_in: Browsers, counted: Any) -> None:
        browser, omar = signed_in("ada"), known_customer(house)
        opened(house, customer_id=omar)
        browser.get("/w/north/views/all")
        with counted() as few:
            browser.get("/w/north/views/all")
        for number in range(12):
            opened(house, customer_id=omar, subject=f"Parcel {number}", assignee="ada")
        with counted() as many:
            browser.get("/w/north/views/all")

        # Each costs a millisecond; the bound keeps the list well under what the reasons page promises.
        assert many() == few() <= 22


class TestPaging:
    @pytest.mark.parametrize("order", ["-activity_at", "activity_at", "-opened_at", "opened_at"])
    def test_visits_each_case_once(
        self, house: House, signed_in: Browsers, order: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("careloop.faces.web.desk.views.cases.PAGE", 3)
        browser, omar = signed_in("ada"), known_customer(house)
        for number in range(8):
            opened(house, customer_id=omar, at=NOW + timedelta(minutes=number // 2))
        address, seen = f"/w/north/views/all?order={order}", []

        while address:
            shown = browser.get(address)
            seen += numbers(shown)
            address = shown.context["older"]

        assert sorted(seen) == sorted(set(seen))
        assert len(seen) == 8

    def test_refuses_a_made_up_place(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").get("/w/north/views/all?cursor=nonsense")

        assert answer.status_code == 400

    def test_answers_htmx_with_the_list_alone(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").get("/w/north/views/all", HTTP_HX_REQUEST="true")

        assert "<html" not in answer.content.decode()
        assert 'id="list"' in answer.content.decode()
        assert "HX-Request" in answer["Vary"]


class TestConditions:
    def test_keeps_the_cases_that_the_address_asks_for(self, house: House, signed_in: Browsers) -> None:
        omar = known_customer(house)
        opened(house, customer_id=omar, subject="By phone", channel="voice")
        opened(house, customer_id=omar, subject="By letter", channel="letter")
        asked = json.dumps({"field": "channel", "operator": "is", "value": "letter"})

        shown = signed_in("ada").get("/w/north/cases/", {"filter": asked}).content.decode()

        assert "By letter" in shown
        assert "By phone" not in shown
        assert "Channel is Letter" in shown

    @pytest.mark.parametrize(
        "hostile",
        [
            "{",
            "[]",
            "null",
            '{"field": "password", "operator": "is", "value": "x"}',
            '{"field": "status", "operator": "is", "value": "1; DROP TABLE cases_case"}',
            '{"field": "status", "operator": "is", "value": 99999999999999999999999}',
            '{"field": "tag", "operator": "any_of", "value": ["\\u0000"]}',
            '{"not":' * 40 + "{}" + "}" * 40,
            "[" * 100_000,
            '{"and": [' + ",".join(['{"field":"is_spam","operator":"is","value":true}'] * 300) + "]}",
        ],
    )
    def test_refuses_a_hostile_condition_with_a_sentence(self, house: House, signed_in: Browsers, hostile: str) -> None:
        answer = signed_in("ada").get("/w/north/views/all", {"filter": hostile}, HTTP_HX_REQUEST="true")

        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    @pytest.mark.parametrize(
        "odd",
        [
            {"field": "opened_at", "operator": "after", "value": "0001-01-01T00:00:00+00:00"},
            {"field": "opened_at", "operator": "before", "value": "9999-12-31T23:59:59+00:00"},
            {"field": "opened_at", "operator": "within_last", "value": {"amount": 100000, "unit": "days"}},
            {"field": "reopen_count", "operator": "at_most", "value": 10**15},
            {"field": "reopen_count", "operator": "is", "value": 1.5},
            {"field": "requester", "operator": "is", "value": 2**63 - 1},
            {"or": [{"field": "tag", "operator": "is_not_set"}, {"not": {"and": []}}]},
        ],
    )
    def test_shows_odd_but_lawful_conditions(self, house: House, signed_in: Browsers, odd: dict[str, Any]) -> None:
        answer = signed_in("ada").get("/w/north/views/all", {"filter": json.dumps(odd)})

        assert answer.status_code == 200

    def test_quick_filters_become_conditions_of_the_address(self, house: House, signed_in: Browsers) -> None:
        browser, omar = signed_in("ada"), known_customer(house)
        opened(house, customer_id=omar, subject="Taken", assignee="ada")
        opened(house, customer_id=omar, subject="Free")

        answer = browser.get("/w/north/views/open", {"assignee": "me", "priority": "2"}, follow=True)

        shown = answer.content.decode()
        assert "Taken" in shown
        assert "Free" not in shown
        assert "Assignee is me" in shown
        assert "filter=" in answer.redirect_chain[0][0]
        free = browser.get("/w/north/views/open", {"assignee": "none"}, follow=True).content.decode()
        assert "Free" in free
        assert "Taken" not in free

    def test_a_quick_filter_that_cannot_be_is_refused(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").get("/w/north/views/open", {"team": "'; --"})

        assert answer.status_code == 422


class TestCounts:
    def test_come_apart_from_the_page_and_only_what_one_sees(self, house: House, signed_in: Browsers) -> None:
        omar = known_customer(house)
        opened(house, customer_id=omar)

        of_cole = signed_in("cole").get("/w/north/views/counts")
        page = signed_in("ada").get("/w/north/cases/").content.decode()

        assert 'hx-get="/w/north/views/counts' in page
        assert ">1<" not in of_cole.content.decode()
        assert of_cole.status_code == 200
