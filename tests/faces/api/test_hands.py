"""Asking for help, and coming, by a program."""

from collections.abc import Callable

import pytest

from tests.cast import House
from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database


def test_a_hand_is_raised_taken_up_and_lowered(house: House, machine_of: Callable[..., Machine]) -> None:
    ada, grace = machine_of("ada"), machine_of("grace")

    raised = ada.post("/me/hand", {"about": "He shouts"})

    assert raised.status_code == 201
    hand = raised.json()
    assert (hand["user_id"], hand["about"], hand["helper_id"]) == (house.ids["ada"], "He shouts", None)
    assert [one["id"] for one in grace.get("/hands").json()["items"]] == [hand["id"]]
    assert ada.get("/hands").json()["items"] == []
    taken = grace.post(f"/hands/{hand['id']}/helper")
    assert (taken.status_code, taken.json()["helper_id"]) == (200, house.ids["grace"])
    refused = machine_of("olga").post(f"/hands/{hand['id']}/helper")
    assert (refused.status_code, refused.json()["error"]["message"]) == (409, "Grace is on the way already.")
    assert ada.send("DELETE", f"/hands/{hand['id']}").status_code == 204
    assert ada.get("/me/hand").json()["items"] == []
    assert grace.get("/hands").json()["items"] == []
