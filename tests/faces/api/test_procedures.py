"""Machines publish procedures, do steps, ask and approve, as people do."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import seed

pytestmark = pytest.mark.database
Machines = Callable[..., Machine]

SAID: dict[str, Any] = {
    "name": "Deletion",
    "begins": "itself",
    "conditions": {"field": "tag", "operator": "any_of", "value": ["deletion"]},
    "stages": [
        {
            "name": "One",
            "steps": [
                {
                    "key": "form",
                    "kind": "form",
                    "title": "What",
                    "fields": [{"key": "sum", "kind": "amount", "label": "Sum", "currency": "EUR", "least": "0.50"}],
                },
                {
                    "key": "ok",
                    "kind": "approval",
                    "title": "Approve",
                    "amount": "form.sum",
                    "rungs": [{"whom": "team_lead", "up_to": "100"}, {"whom": "role", "role": "manager"}],
                },
            ],
        }
    ],
}


def test_a_procedure_is_published_changed_tried_and_retired(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    made = mina.send("POST", "/procedures", SAID)
    assert made.status_code == 201
    key = made.json()["id"]
    assert made.json()["stages"][0]["steps"][0]["fields"][0]["least"] == "0.50"

    assert mina.send("PUT", f"/procedures/{key}", SAID).status_code == 409
    assert mina.send("PUT", f"/procedures/{key}", {**SAID, "words": "More"}).json()["version"] == 2
    assert [row["version"] for row in mina.get(f"/procedures/{key}/versions").json()["items"]] == [2, 1]
    trial = mina.send("POST", "/procedure-trials", SAID).json()
    assert (trial["is_by_hand"], trial["begun_count"]) == (False, 0)
    assert mina.send("POST", f"/procedures/{key}/retirement", {}).status_code == 204
    assert mina.get("/procedures").json() == {"items": []}


def test_a_case_goes_from_request_to_approval(machine_of: Machines, house: House) -> None:
    seeded = seed(house)
    ada, grace, mina = machine_of("ada"), machine_of("grace"), machine_of("mina")
    run = f"/cases/{seeded.number}/procedures/{seeded.run_id}"

    assert ada.send("POST", f"{run}/steps/form/answers", {"values": {"sum": "x"}}).status_code == 422
    filled = ada.send("POST", f"{run}/steps/form/answers", {"values": {"sum": "250"}}).json()
    assert filled["stages"][0]["steps"][0]["values"] == {"sum": "250"}
    ada.send("POST", f"{run}/steps/ok/request", {})
    assert ada.send("POST", f"{run}/steps/ok/approval", {"rung": 0}).status_code == 403
    (waiting,) = grace.get("/approvals").json()["items"]
    assert (waiting["run_id"], waiting["rung"], waiting["asked_ids"]) == (seeded.run_id, 0, [house.ids["grace"]])
    assert grace.send("POST", f"{run}/steps/ok/approval", {"rung": 0}).status_code == 200
    assert grace.send("POST", f"{run}/steps/ok/approval", {"rung": 0}).status_code == 409
    refused = mina.send("POST", f"{run}/steps/ok/rejection", {"rung": 1, "reason": "No receipt"}).json()
    assert refused["stages"][1]["steps"][0]["standing"] == "refused"
    skipped = mina.send("POST", f"{run}/skip", {"reason": "A court says so"}).json()
    assert (skipped["state"], skipped["reason"]) == ("skipped", "A court says so")
    (listed,) = ada.get(f"/cases/{seeded.number}/procedures").json()["items"]
    assert len(listed["done"]) == 4


def test_somebody_is_away_and_back(machine_of: Machines, house: House) -> None:
    grace = machine_of("grace")

    assert grace.send("PUT", "/absence", {"deputy_id": house.ids["ines"]}).status_code == 422
    assert grace.send("PUT", "/absence", {"deputy_id": house.ids["anh"]}).status_code == 204
    assert grace.send("DELETE", "/absence").status_code == 204


@pytest.mark.parametrize("name", ["grace", "ada"])
def test_others_publish_none(machine_of: Machines, house: House, name: str) -> None:
    assert machine_of(name).send("POST", "/procedures", SAID).status_code == 403
