"""A machine opens a case, people answer through machines, and everything is as it is on the pages."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careloop.processes.working import follow_log
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import ASIDE, SECRET, seed

pytestmark = pytest.mark.database

REQUEST = {
    "requester_address": "omar@customer.example",
    "requester_name": "Omar",
    "subject": "My parcel",
    "text": "Where is it?\n<b>Now</b>",
}


def opened(machine: Machine, subject: str) -> int:
    number: int = machine.post("/cases", {**REQUEST, "subject": subject}).json()["case"]["number"]
    return number


class TestCases:
    def test_a_case_is_opened_answered_and_solved(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")

        made = ada.post("/cases", REQUEST)
        number = made.json()["case"]["number"]
        answer = ada.post(f"/cases/{number}/replies", {"html": "<p>Here<script>x</script></p>"})
        statuses = {row["category"]: row["id"] for row in ada.get("/statuses").json()["items"]}
        solved = ada.post(f"/cases/{number}/status", {"status_id": statuses["solved"]})
        said = ada.get(f"/cases/{number}/messages").json()["items"]

        assert made.status_code == 201, made.content
        assert made.json()["case"]["channel"] == "api"
        assert answer.status_code == 201, answer.content
        assert answer.json()["html"] == "<p>Here</p>"
        assert answer.json()["mail"]["to"] == ["omar@customer.example"]
        assert solved.json()["case"]["category"] == "solved", solved.content
        assert [one["text"] for one in said] == ["Here", "Where is it?\n<b>Now</b>"]
        assert said[1]["html"] == "<p>Where is it?<br>&lt;b&gt;Now&lt;/b&gt;</p>"

    def test_an_unfilled_place_is_sent_only_when_it_is_named(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        address = f"/cases/{opened(ada, 'My parcel')}/replies"

        held = ada.post(address, {"text": "Dear {{ customer }}"})
        sent = ada.post(address, {"text": "Dear {{ customer }}", "left_open": ["{{ customer }}"]})

        assert (held.status_code, held.json()["error"]["code"]) == (422, "places_unfilled")
        assert sent.status_code == 201

    def test_a_contact_is_shown_with_its_segments(self, machine_of: Callable[..., Machine], house: House) -> None:
        seeded, ada = seed(house), machine_of("ada")

        (contact,) = ada.get(f"/cases/{seeded.number}/contacts").json()["items"]

        assert contact["outcome"] == "open"
        assert [segment["agent_id"] for segment in contact["segments"]] == [house.ids["ada"]]
        assert contact == ada.get(f"/contacts/{contact['id']}").json()
        assert [contact] == ada.get(f"/contacts?customer_id={seeded.customer_id}").json()["items"]

    def test_pages_visit_each_case_once(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        numbers = [opened(ada, f"Matter {turn}") for turn in range(5)]

        seen, cursor = list[int](), ""
        while True:
            page = ada.get(f"/cases?limit=2&order=opened_at{cursor}").json()
            seen += [case["number"] for case in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"

        assert seen == numbers

    def test_pages_visit_each_message_once(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        number = opened(ada, "My parcel")
        for turn in range(4):
            ada.post(f"/cases/{number}/replies", {"text": f"Answer {turn}"})

        seen, cursor = list[str](), ""
        while True:
            page = ada.get(f"/cases/{number}/messages?limit=2{cursor}").json()
            seen += [message["text"] for message in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"

        assert seen == ["Answer 3", "Answer 2", "Answer 1", "Answer 0", REQUEST["text"]]

    def test_the_timeline_tells_words_notes_and_acts_in_order(
        self, machine_of: Callable[..., Machine], house: House
    ) -> None:
        seeded, ada = seed(house), machine_of("ada")

        seen, cursor = list[tuple[str, str]](), ""
        while True:
            page = ada.get(f"/cases/{seeded.number}/timeline?limit=2{cursor}").json()
            seen += [
                (item["kind"], (item[item["kind"]].get("text") or item["event"]["name"])) for item in page["items"]
            ]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"

        assert [told for kind, told in seen if kind == "message"] == [ASIDE, "Soon.", "Where is it?"]
        assert [told for kind, told in seen if kind == "note"] == [SECRET]
        assert ("event", "case.opened") in seen
        assert len(seen) == len(set(seen))

    def test_conditions_and_views_narrow_each_other(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        first, second = opened(ada, "Parcel"), opened(ada, "Bill")
        ada.post(f"/cases/{second}/priority", {"priority": 4})
        ada.post(f"/cases/{first}/spam")
        urgent = quote(json.dumps({"field": "priority", "operator": "is", "value": "4"}))

        found = ada.get(f"/cases?conditions={urgent}").json()["items"]
        narrowed = ada.get(f"/cases?view=spam&conditions={urgent}").json()["items"]
        spam = ada.get("/cases?view=spam").json()["items"]

        assert [case["number"] for case in found] == [second]
        assert narrowed == []
        assert [case["number"] for case in spam] == [first]

    def test_a_change_that_rests_on_an_old_sight_is_refused(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        number = opened(ada, "Parcel")
        revision = ada.get(f"/cases/{number}").json()["revision"]
        ada.post(f"/cases/{number}/tags", {"add": ["late"]})

        answer = ada.post(f"/cases/{number}/priority", {"priority": 4, "revision": revision})

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "changed_meanwhile")
        assert ada.get(f"/cases/{number}").json()["case"]["priority"] == 2

    def test_a_longer_list_asks_no_more_of_the_database(
        self, machine_of: Callable[..., Machine], django_assert_num_queries: Any
    ) -> None:
        ada = machine_of("ada")
        opened(ada, "Parcel")
        ada.get("/cases")
        with CaptureQueriesContext(connection) as short:
            ada.get("/cases")
        count = len(short)
        for turn in range(3):
            opened(ada, f"Matter {turn}")

        with django_assert_num_queries(count):
            page = ada.get("/cases").json()

        assert len(page["items"]) == 4

    def test_moments_are_utc(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")

        case = ada.get(f"/cases/{opened(ada, 'Parcel')}").json()["case"]

        assert case["opened_at"].endswith("Z")


class TestLog:
    def test_it_is_read_on_from_a_position(self, machine_of: Callable[..., Machine], house: House) -> None:
        seeded, olga = seed(house), machine_of("olga")
        while follow_log():
            pass

        first = olga.get("/events?limit=3").json()
        second = olga.get(f"/events?limit=500&cursor={first['next_cursor']}").json()
        positions = [event["position"] for event in first["items"] + second["items"]]

        assert len(first["items"]) == 3
        assert second["next_cursor"] is None
        assert positions == sorted(set(positions))
        assert ("case.opened", f"case:{seeded.case_id}") in {
            (event["name"], event["subject"]) for event in second["items"]
        }
