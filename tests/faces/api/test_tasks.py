"""Machines ask other departments, answer for them, and see of a case what was shared."""

from collections.abc import Callable

import pytest

from careloop.domains.people.services import change_role
from careloop.kernel import clock
from careloop.kernel.actors import Role
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import SECRET, seed

pytestmark = pytest.mark.database
Machines = Callable[..., Machine]


def test_a_task_goes_from_request_to_answer(machine_of: Machines, house: House) -> None:
    seeded = seed(house)
    ada, grace = machine_of("ada"), machine_of("grace")
    with workspace_scope(house.north):  # She goes to another department; her program stays.
        change_role(user_id=house.ids["grace"], role=Role.COLLEAGUE, actor=house.actor("olga"), at=clock.now())
    given = {"title": "Check the invoice", "person_id": house.ids["grace"], "shares": ["subject", "words"]}

    made = ada.post(f"/cases/{seeded.number}/tasks", given)
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    here = f"/tasks/{made.json()['id']}"

    assert grace.get(f"/cases/{seeded.number}").status_code == 404
    shared = grace.get(here).json()["shared_case"]
    assert (shared["number"], shared["subject"], shared["customer_name"]) == (seeded.number, "My parcel", None)
    assert [one["text"].strip() for one in shared["messages"]] == ["Where is it?", "Soon."]
    assert SECRET not in grace.get(here).content.decode()
    # What hangs on the words that are shown can be read, and what hangs on a note cannot.
    assert grace.get(f"/files/{seeded.file_id}/content").status_code == 200
    assert grace.get(f"/files/{seeded.note_file_id}/content").status_code == 404
    assert machine_of("ines").get(here).status_code == 404

    assert grace.post(f"{here}/acceptance").json()["state"] == "accepted"
    assert grace.post(f"{here}/result", {"answer": " "}).status_code == 422
    assert grace.post(f"{here}/result", {"answer": "Paid twice."}).json()["said"] == "Paid twice."
    assert grace.post(f"{here}/refusal", {"reason": "No."}).json()["error"]["code"] == "task_over"
    assert [row["said"] for row in grace.get("/tasks?show=past").json()["items"]] == ["Paid twice."]
    assert [row["id"] for row in ada.get("/tasks?show=mine").json()["items"]] == [made.json()["id"], seeded.task_id]


def test_what_cannot_be_asked_is_refused_and_what_was_asked_taken_back(machine_of: Machines, house: House) -> None:
    seeded, ada = seed(house), machine_of("ada")
    asked = {"title": "Check the invoice", "person_id": house.ids["cole"]}
    assert ada.post(f"/cases/{seeded.number}/tasks", {**asked, "person_id": None}).status_code == 422
    assert ada.post(f"/cases/{seeded.number}/tasks", {**asked, "due_at": "2020-01-01T09:00:00Z"}).status_code == 422
    assert ada.post(f"/tasks/{seeded.task_id}/withdrawal", {"reason": "Found it."}).json()["why"] == "person"
    assert [row["state"] for row in ada.get(f"/cases/{seeded.number}/tasks").json()["items"]] == ["withdrawn"]
