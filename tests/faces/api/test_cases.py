"""A machine opens a case, people answer through machines, and everything is as it is on the pages."""

from collections.abc import Callable

import pytest

from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database

REQUEST = {
    "requester_address": "omar@customer.example",
    "requester_name": "Omar",
    "subject": "My parcel",
    "text": "Where is it?\n<b>Now</b>",
}


class TestCases:
    def test_a_case_is_opened_answered_and_solved(self, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")

        opened = ada.post("/cases", REQUEST)
        number = opened.json()["case"]["number"]
        answer = ada.post(f"/cases/{number}/replies", {"html": "<p>Here<script>x</script></p>"})
        statuses = {row["category"]: row["id"] for row in ada.get("/statuses").json()["items"]}
        solved = ada.post(f"/cases/{number}/status", {"status_id": statuses["solved"]})
        said = ada.get(f"/cases/{number}/messages").json()["items"]

        assert opened.status_code == 201, opened.content
        assert opened.json()["case"]["channel"] == "api"
        assert answer.status_code == 201, answer.content
        assert answer.json()["html"] == "<p>Here</p>"
        assert answer.json()["mail"]["to"] == ["omar@customer.example"]
        assert solved.json()["case"]["category"] == "solved", solved.content
        assert [one["text"] for one in said] == ["Here", "Where is it?\n<b>Now</b>"]
        assert said[1]["html"] == "<p>Where is it?<br>&lt;b&gt;Now&lt;/b&gt;</p>"
