"""Machines read what was promised as people do: no more, and nobody else's."""

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest

from careloop.domains.cases.queries import find_cases
from careloop.domains.people.types import Scope
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from tests.calling import connect, waiting
from tests.cast import NOW, House
from tests.chatting import begin, put_on_site
from tests.faces.api.conftest import Machine, machine
from tests.mailing import receive, written
from tests.promising import follow, promise

pytestmark = pytest.mark.database
Machines = Callable[..., Machine]


@pytest.fixture
def number(house: House) -> int:
    """Omar asked, four hours were promised, and Ada answered after one."""
    promise(house, calendar_id=None)
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case,) = find_cases(text="parcel", viewer=HOUSE)
    follow()
    with workspace_scope(house.north):
        reply(
            case_id=case.id, words=Words(text="Which?", html=""), actor=house.actor("ada"), at=NOW + timedelta(hours=1)
        )
    follow()
    return case.number


def test_a_promise_tells_its_clock_stretch_by_stretch(machine_of: Machines, number: int) -> None:
    answer = machine_of("ada").get(f"/cases/{number}/promises")

    first, solution = answer.json()["items"]
    assert (first["measure"], first["outcome"], first["is_late"]) == ("first_response", "kept", False)
    assert (first["policy"], first["target_seconds"], first["spent_seconds"]) == ("Standard", 14_400, 3600.0)
    assert first["due_at"] == "2026-11-16T13:00:00Z"
    assert (solution["outcome"], solution["due_at"], solution["runs"]) == ("running", None, False)
    assert [(stretch["runs"], stretch["why"]) for stretch in solution["stretches"]] == [
        (True, "promised"),
        (False, "paused"),
    ]


def test_a_wait_is_promised_in_seconds_and_told_with_its_chat(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    said = {"name": "A minute", "target_seconds": {"wait": {"2": 45}}, "level_shares": {"wait": 0.8}}
    made = mina.post("/promises", said)
    assert (made.status_code, made.json()["target_seconds"]) == (201, {"wait": {"2": 45}})
    assert (
        mina.post("/promises", {**said, "name": "Too short", "target_seconds": {"task": {"2": 45}}}).status_code == 422
    )
    with workspace_scope(house.north):
        chat = begin(put_on_site(), at=clock.now())
    follow()

    (wait,) = mina.get(f"/cases/{chat.case_number}/promises").json()["items"]

    assert (wait["measure"], wait["chat_id"], wait["target_seconds"]) == ("wait", chat.id, 45)


def test_a_wait_is_promised_to_callers_and_told_with_their_call(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    said = {"name": "Callers", "about": "calls", "target_seconds": {"wait": {"2": 45}}}
    made = mina.post("/promises", said)
    every = {str(priority): 45 for priority in range(1, 5)}
    assert (made.status_code, made.json()["about"], made.json()["target_seconds"]) == (201, "calls", {"wait": every})
    assert mina.post("/promises", {**said, "target_seconds": {"resolution": {"2": 3600}}}).status_code == 422
    assert mina.send("PUT", f"/promises/{made.json()['id']}", {**said, "about": "cases"}).status_code == 422
    with workspace_scope(house.north):
        pbx_id = connect(user_id=house.ids["ada"], at=NOW)
        call_id = waiting(pbx_id, people={}, at=NOW)
    follow()

    (wait,) = mina.get(f"/calls/{call_id}/promises").json()["items"]

    assert (wait["measure"], wait["call_id"], wait["queue"], wait["left"]) == ("wait", call_id, "billing", "")
    assert (wait["policy"], wait["target_seconds"], wait["outcome"]) == ("Callers", 45, "running")
    assert machine_of("ines").get(f"/calls/{call_id}/promises").status_code == 404


def test_lists_are_sorted_and_asked_by_what_is_due(machine_of: Machines, number: int, house: House) -> None:
    with workspace_scope(house.north):
        receive(written(text="Another parcel", message_id="<2@c.example>", subject="Another", at=NOW), at=NOW)
    follow()
    ada = machine_of("ada")
    is_due = quote(json.dumps({"field": "due_at", "operator": "is_set"}))

    by_due = ada.get("/cases?order=due_at&limit=1").json()
    rest = ada.get(f"/cases?order=due_at&limit=1&cursor={by_due['next_cursor']}").json()
    asked = ada.get(f"/cases?conditions={is_due}").json()["items"]
    view = ada.get("/cases?view=due").json()["items"]

    assert [case["due_at"] for case in by_due["items"]] == ["2026-11-16T13:00:00Z"]
    assert [(case["number"], case["due_at"]) for case in rest["items"]] == [(number, None)]
    assert [case["number"] for case in asked] == [case["number"] for case in view] == [number + 1]


@pytest.mark.parametrize(("name", "status"), [("grace", 200), ("anh", 200), ("ines", 404)])
def test_is_for_those_who_see_the_case(machine_of: Machines, number: int, name: str, status: int) -> None:
    assert machine_of(name).get(f"/cases/{number}/promises").status_code == status


def test_needs_a_token_that_reads_cases(house: House, number: int) -> None:
    answer = machine(house, "ada", scopes=[Scope.SETTINGS_READ]).get(f"/cases/{number}/promises")

    assert answer.status_code == 403


def in_hours(count: float) -> str:
    return (clock.now() + timedelta(hours=count)).isoformat(timespec="seconds").replace("+00:00", "Z")


class TestCallback:
    def test_is_promised_moved_and_kept(self, machine_of: Machines, number: int) -> None:
        ada, due_at = machine_of("ada"), in_hours(5)

        made = ada.post(f"/cases/{number}/callback", {"due_at": in_hours(3), "way": "call", "note": "The refund"})
        assert made.status_code == 201, made.content
        moved = ada.post(f"/cases/{number}/callback/move", {"due_at": due_at, "reason": "customer_asked"})
        assert moved.status_code == 204, moved.content
        (owed,) = [one for one in ada.get(f"/cases/{number}/promises").json()["items"] if one["measure"] == "callback"]
        assert (owed["id"], owed["due_at"], owed["outcome"]) == (made.json()["id"], due_at, "running")
        assert owed["callback"]["way"] == "call"
        assert owed["callback"]["note"] == "The refund"
        assert ada.post(f"/cases/{number}/callback/completion").status_code == 204
        assert ada.post(f"/cases/{number}/callback/completion").status_code == 404
        names = [one["name"] for one in ada.get(f"/cases/{number}/events").json()["items"]]
        assert [name for name in names if name.startswith("callback.")] == [
            "callback.done",
            "callback.moved",
            "callback.promised",
        ]

    def test_is_tried_in_vain_within_its_window(self, machine_of: Machines, number: int) -> None:
        ada = machine_of("ada")
        window = {"from_at": in_hours(1), "due_at": in_hours(3)}

        assert (
            ada.post(f"/cases/{number}/callback", {**window, "from_at": in_hours(4), "way": "call"}).status_code == 422
        )
        assert ada.post(f"/cases/{number}/callback", {**window, "way": "call"}).status_code == 201
        said = {"outcome": "no_answer", "ring_seconds": 20}
        assert ada.post(f"/cases/{number}/callback/attempt", said).status_code == 204

        (owed,) = [one for one in ada.get(f"/cases/{number}/promises").json()["items"] if one["callback"]]
        told = owed["callback"]
        assert (told["from_at"], told["tries"], told["again_at"] > told["tried_at"]) == (window["from_at"], 1, True)

    def test_is_taken_back_with_a_reason(self, machine_of: Machines, number: int) -> None:
        ada = machine_of("ada")
        ada.post(f"/cases/{number}/callback", {"due_at": in_hours(3), "way": "write"})

        assert ada.post(f"/cases/{number}/callback/attempt", {"outcome": "busy"}).status_code == 422
        assert ada.post(f"/cases/{number}/callback/cancellation", {"reason": "why not"}).status_code == 422
        assert ada.post(f"/cases/{number}/callback/cancellation", {"reason": "not_needed"}).status_code == 204

    @pytest.mark.parametrize(("name", "status"), [("anh", 403), ("ines", 404)])
    def test_is_given_by_those_who_answer(self, machine_of: Machines, number: int, name: str, status: int) -> None:
        answer = machine_of(name).post(f"/cases/{number}/callback", {"due_at": in_hours(3), "way": "call"})

        assert answer.status_code == status
