"""An agent writes a text message first."""

from typing import Any

import pytest

from careloop.domains.customers.services import create_customer
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.sending import send
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.processes.texting.test_texts import let_go, matters, number, said
from tests.texting import OMARS, post_hook, told

pytestmark = pytest.mark.database


class TestFirst:
    """We write first, to a customer who has a mobile number."""

    def test_opens_a_case_that_the_answer_joins_and_is_not_begun_twice(self, house: House, signed_in: Any) -> None:
        with number(house) as (row, desk):
            with workspace_scope(house.north):
                omar = create_customer(
                    name="Omar", kind="phone", value=OMARS, language="en", source="hand", actor=HOUSE, at=NOW
                )
            ada, address = signed_in("ada"), f"/w/north/customers/{omar}/text"
            given = {"number": OMARS, "messenger": str(row.id), "text": "Your parcel is here."}

            page = ada.get(f"/w/north/customers/{omar}").content.decode()
            sent = ada.post(address, given)
            (case,) = matters(house)
            with workspace_scope(house.north):
                (message,) = said(case)
            let_go(house, message.id)
            send(workspace_id=house.north, message_id=message.id)
            again = ada.post(address, given)
            assert post_hook(row, told("Thank you")) == 200
            drain()

        assert address in page
        assert sent.status_code == 302
        assert sent["Location"].endswith(f"/cases/{case.row.number}")
        assert [one["Body"] for one in desk.sent] == ["Your parcel is here."]
        assert (again.status_code, "You are in a conversation" in again.content.decode()) == (409, True)
        (case,) = matters(house)
        with workspace_scope(house.north):
            assert [one.text for one in said(case)] == ["Your parcel is here.", "Thank you"]
        assert case.row.subject == "Your parcel is here."

    def test_is_refused_where_it_cannot_arrive_or_is_nobodys_business(self, house: House, signed_in: Any) -> None:
        with number(house) as (row, _desk):
            with workspace_scope(house.north):
                omar, eve = (
                    create_customer(
                        name=name, kind="phone", value=value, language="en", source="hand", actor=HOUSE, at=NOW
                    )
                    for name, value in (("Omar", OMARS), ("Eve", "01022223333"))
                )
            given = {"number": OMARS, "messenger": str(row.id), "text": "Your parcel is here."}

            def tried(name: str = "ada", customer: int = omar, **other: str) -> int:
                return int(signed_in(name).post(f"/w/north/customers/{customer}/text", {**given, **other}).status_code)

            assert tried(text="x" * 1601) == 422
            assert tried(number="+15550001111") == 422
            assert tried(customer=eve, number="01022223333") == 422
            assert tried("vera") == 403
            assert tried("ines") in (403, 404)
        assert matters(house) == []
