"""Machines make, try and read rules as people do, and apply macros."""

from collections.abc import Callable
from typing import Any

import pytest

from careloop.domains.cases.queries import find_cases
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import events_between, head_position
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from careloop.processes.automation.running import run_rules
from tests.calling import connect
from tests.cast import NOW, House
from tests.faces.api.conftest import Machine
from tests.mailing import receive, written
from tests.processes.automation.test_contacts import rings

pytestmark = pytest.mark.database
Machines = Callable[..., Machine]

RULE: dict[str, Any] = {
    "name": "Tag parcels",
    "when": ["opened"],
    "conditions": {"field": "words", "operator": "contains_words", "value": "parcel"},
    "actions": [{"kind": "tag", "value": "parcel"}],
}


def opened(house: House) -> int:
    """Let Omar's mail in and the rules read the log; return the number of the case."""
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case,) = find_cases(text="parcel", viewer=HOUSE)
        number_events()
        run_rules(events_between(0, head_position(), limit=10_000))
    return case.number


def test_a_rule_is_made_runs_and_tells_its_runs(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    made = mina.send("POST", "/rules", RULE)
    rule = made.json()["id"]
    number = opened(house)

    assert made.status_code == 201
    (run,) = machine_of("grace").get(f"/rules/{rule}/runs").json()["items"]
    assert (run["outcome"], run["depth"], run["version"]) == ("done", 0, 1)
    assert run["steps"] == [{"kind": "tag", "value": "parcel", "result": "done", "code": "", "made_id": None}]
    assert machine_of("ada").get(f"/cases/{number}").json()["case"]["tags"] == ["parcel"]
    assert mina.get("/rule-runs?outcome=failed").json() == {"items": [], "next_cursor": None}
    assert [row["state"] for row in mina.get("/rules").json()["items"]] == ["active"]


def test_a_rule_on_calls_asks_about_them_and_tells_of_those_without_a_case(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    waited = {"field": "waited_s", "operator": "at_least", "value": 30}
    calling = {**RULE, "when": ["call_unanswered"], "conditions": waited}
    assert mina.send("POST", "/rules", {**calling, "conditions": RULE["conditions"]}).status_code == 422
    rule = mina.send("POST", "/rules", calling).json()["id"]
    with workspace_scope(house.north):
        pbx_id = connect(user_id=None, at=NOW)
        rings(pbx_id, seconds=20)
        rings(pbx_id, number="")
        number_events()
        run_rules(events_between(0, head_position(), limit=10_000))

    (run,) = mina.get(f"/rules/{rule}/runs").json()["items"]
    assert (run["outcome"], run["why"], run["case_id"], run["steps"]) == ("stopped", "nobody", None, [])
    assert mina.send("POST", "/rule-trials", calling).json()["as_today"] == []


def test_a_rule_is_changed_paused_resumed_and_retired(machine_of: Machines, house: House) -> None:
    mina = machine_of("mina")
    rule = mina.send("POST", "/rules", RULE).json()["id"]

    assert mina.send("PUT", f"/rules/{rule}", {**RULE, "delay_seconds": 3600}).json()["version"] == 2
    assert [row["version"] for row in mina.get(f"/rules/{rule}/versions").json()["items"]] == [2, 1]
    paused = mina.send("POST", f"/rules/{rule}/pause", {}).json()
    assert (paused["state"], paused["why"]) == ("paused", "people")
    assert mina.send("POST", f"/rules/{rule}/resumption", {}).json()["state"] == "active"
    assert mina.send("POST", f"/rules/{rule}/retirement", {}).status_code == 204
    assert mina.get(f"/rules/{rule}").status_code == 404


def test_a_macro_is_kept_and_applied(machine_of: Machines, house: House) -> None:
    number, grace, ada = opened(house), machine_of("grace"), machine_of("ada")
    macro = grace.send("POST", "/macros", {"name": "Tag it", "actions": RULE["actions"]}).json()["id"]

    done = ada.send("POST", f"/cases/{number}/macros/{macro}", {})

    assert [step["result"] for step in done.json()["items"]] == ["done"]
    assert ada.get(f"/cases/{number}").json()["case"]["tags"] == ["parcel"]
    assert ada.get("/macros").json()["items"][0]["used_count"] == 1


@pytest.mark.parametrize(("name", "status"), [("grace", 403), ("ada", 403)])
def test_others_make_none(machine_of: Machines, house: House, name: str, status: int) -> None:
    somebody = machine_of(name)

    assert somebody.send("POST", "/rules", RULE).status_code == status
    assert somebody.send("POST", "/rule-trials", RULE).status_code == status


def test_bad_rules_are_refused_with_their_fields(machine_of: Machines, house: House) -> None:
    answer = machine_of("mina").send("POST", "/rules", {**RULE, "actions": [{"kind": "tag"}]})

    assert answer.status_code == 422
    assert set(answer.json()["error"]["fields"]) == {"actions"}
