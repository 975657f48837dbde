"""The button beside a number: for whom it is there, where it leads, and what it says when it cannot."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.telephony.models import Pbx
from careloop.kernel.scope import workspace_scope
from tests.calling import rows
from tests.cast import House
from tests.processes.calling.test_placing import NUMBER, Place, asked
from tests.servers.manager import manager

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


class TestCalling:
    def test_is_one_click_from_customer_case_and_call(self, house: House, signed_in: SignedIn) -> None:
        with manager() as pbx:
            place, ada = Place(house, pbx.port), signed_in("ada")
            customer = f"/w/north/customers/{place.customer_id}"
            with workspace_scope(house.north):
                Pbx.objects.update(offers=[])
            assert "calls/outgoing" not in ada.get(customer).content.decode()
            with workspace_scope(house.north):
                Pbx.objects.update(offers=["call"])
            assert "calls/outgoing" in ada.get(customer).content.decode()
            assert "calls/outgoing" not in signed_in("grace").get(customer).content.decode()
            case = ada.get("/w/north/cases/1").content.decode()
            assert f'name="number" value="{NUMBER}"' in case

            body = {"customer": place.customer_id, "number": NUMBER, "case": 1}
            called = ada.post("/w/north/calls/outgoing", body)
            twice = ada.post("/w/north/calls/outgoing", body)

        assert called.headers["Location"] == "/w/north/cases/1"
        assert (twice.status_code, len(asked(pbx))) == (409, 1)
        assert "You are on the phone already" in twice.content.decode()
        card = ada.get("/w/north/calls/at-hand").content.decode()
        assert "Calling" in card
        assert "Minseo" in card

    def test_stops_where_a_customer_does_not_want_it(self, house: House, signed_in: SignedIn) -> None:
        with manager() as pbx:
            place, ada = Place(house, pbx.port), signed_in("ada")
            customer = f"/w/north/customers/{place.customer_id}"
            noted = f"/w/north/calls/customers/{place.customer_id}"

            ada.post(f"{noted}/refusal")
            page = ada.get(customer).content.decode()
            refused = ada.post("/w/north/calls/outgoing", {"customer": place.customer_id, "number": NUMBER})
            ada.post(f"{noted}/permission")

        assert "does not want to be called" in page
        assert "calls/outgoing" not in page
        assert refused.status_code == 409
        assert "calls/outgoing" in ada.get(customer).content.decode()
        assert signed_in("anh").post(f"{noted}/refusal").status_code == 403
        assert signed_in("ines").post(f"/w/south/calls/customers/{place.customer_id}/refusal").status_code == 404
        with workspace_scope(house.north):
            assert rows() == []
