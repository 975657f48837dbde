"""A program lets its maker's phone ring: once, however often it asks, and never for a stranger."""

from collections.abc import Callable

import pytest

from careloop.kernel.scope import workspace_scope
from tests.calling import rows
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.processes.calling.test_placing import NUMBER, Place, asked
from tests.servers.manager import manager

pytestmark = pytest.mark.database


class TestOutgoingCalls:
    def test_are_made_once_for_one_key(self, house: House, machine_of: Callable[..., Machine]) -> None:
        with manager() as pbx:
            place, ada = Place(house, pbx.port), machine_of("ada")
            body = {"customer_id": place.customer_id, "number": NUMBER}

            first = ada.post("/outgoing-calls", body, Idempotency_Key="one")
            second = ada.post("/outgoing-calls", body, Idempotency_Key="one")
            third = ada.post("/outgoing-calls", body)
            stranger = machine_of("ines").post("/outgoing-calls", body)

        assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
        assert (third.status_code, third.json()["error"]["code"]) == (409, "already_on_phone")
        assert stranger.status_code == 404
        assert len(asked(pbx)) == 1
        assert ada.get(f"/calls/{first.json()['id']}").json()["state"] == "calling"

    def test_are_not_made_to_who_does_not_want_them(self, house: House, machine_of: Callable[..., Machine]) -> None:
        with manager() as pbx:
            place, ada = Place(house, pbx.port), machine_of("ada")
            body = {"customer_id": place.customer_id, "number": NUMBER}

            assert ada.send("PUT", f"/customers/{place.customer_id}/no-calls", {}).status_code == 204
            refused = ada.post("/outgoing-calls", body)
            assert ada.send("DELETE", f"/customers/{place.customer_id}/no-calls").status_code == 204
            made = ada.post("/outgoing-calls", body)

        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "does_not_want_calls")
        assert made.status_code == 201
        with workspace_scope(house.north):
            assert len(rows()) == 1
