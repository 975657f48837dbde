"""Customers who take part in a case and colleagues who follow it, brought in and let go on its page."""

import pytest

from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.domains.notifications.queries import notices_of
from careloop.kernel.actors import HOUSE
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from careloop.processes.working import follow_log
from tests.cast import NOW
from tests.faces.web.casepage.conftest import Browsers, Opened

pytestmark = pytest.mark.database


def known(opened: Opened, name: str = "Mai", *, workspace: str = "north") -> int:
    """Make a customer and return them."""
    with workspace_scope(getattr(opened.house, workspace)):
        met = Met(address=f"{name.lower()}@customer.example", name=name, at=NOW)
        return recognize([met], source="mail", actor=HOUSE)[met.address]


def test_a_customer_found_by_name_takes_part_and_leaves_again(signed_in: Browsers, opened: Opened) -> None:
    mai, ada = known(opened), signed_in("ada")

    (found,) = ada.get("/w/north/customers/options", {"q": "mai"}).json()
    part = ada.post(
        f"{opened.address}/participants", {"customer_id": found["value"]}, headers={"HX-Request": "true"}
    ).content.decode()
    taken_part = opened.detail().participant_ids
    ada.post(f"{opened.address}/participants/{mai}/end")

    assert taken_part == (mai,)
    assert "mai@customer.example" in part
    assert opened.detail().participant_ids == ()
    assert "Mai no longer takes part." in ada.get(opened.address).content.decode()


def test_an_address_serves_where_no_script_runs(signed_in: Browsers, opened: Opened) -> None:
    mai, ada = known(opened), signed_in("ada")

    ada.post(f"{opened.address}/participants", {"customer_id": "", "address": "Mai@Customer.example"})
    unknown = ada.post(f"{opened.address}/participants", {"customer_id": "", "address": "who@customer.example"})

    assert opened.detail().participant_ids == (mai,)
    assert unknown.status_code == 422
    assert "Nobody is known by this name or address." in unknown.content.decode()


def test_who_asked_and_who_is_not_there_are_refused(signed_in: Browsers, opened: Opened) -> None:
    requester, elsewhere, ada = opened.detail().row.requester_id, known(opened, workspace="south"), signed_in("ada")

    answers = [
        ada.post(f"{opened.address}/participants", {"customer_id": str(customer_id)})
        for customer_id in (requester, elsewhere)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "they take part already" in answers[0].content.decode()
    assert opened.detail().participant_ids == ()


def test_a_colleague_made_a_follower_sees_the_case_and_is_told(signed_in: Browsers, opened: Opened) -> None:
    cole, ada = opened.house.ids["cole"], signed_in("ada")
    before = signed_in("cole").get(opened.address).status_code

    ada.post(f"{opened.address}/followers", {"user_id": str(cole)})
    during = signed_in("cole").get(opened.address).status_code
    number_events()
    follow_log()
    with workspace_scope(opened.house.north):
        told = [notice.kind for notice in notices_of(viewer=opened.house.actor("cole")).items]
    page = ada.get(opened.address).content.decode()
    ada.post(f"{opened.address}/followers/{cole}/end")

    assert (before, during) == (404, 200)
    assert told == ["made_follower"]
    assert "Ada lets Cole follow the case." in page
    assert signed_in("cole").get(opened.address).status_code == 404
    assert "Ada took Cole off the followers." in ada.get(opened.address).content.decode()


@pytest.mark.parametrize("name", ["vera", "ines"])
def test_nobody_follows_who_may_not_read_notes_here(signed_in: Browsers, opened: Opened, name: str) -> None:
    answer = signed_in("ada").post(f"{opened.address}/followers", {"user_id": str(opened.house.ids[name])})

    assert answer.status_code == 422
    assert "cannot follow cases here" in answer.content.decode()
    assert opened.detail().follower_ids == ()


@pytest.mark.parametrize(("who", "status"), [("anh", 403), ("vera", 403), ("cole", 404), ("ines", 404)])
def test_readers_and_strangers_bring_nobody_in(signed_in: Browsers, opened: Opened, who: str, status: int) -> None:
    mai, ada = known(opened), opened.house.ids["ada"]
    signed_in("ada").post(f"{opened.address}/participants", {"customer_id": str(mai)})
    before, browser = opened.detail(), signed_in(who)

    answers = {
        browser.post(f"{opened.address}/{path}", form).status_code
        for path, form in (
            ("participants", {"customer_id": str(mai)}),
            (f"participants/{mai}/end", {}),
            ("followers", {"user_id": str(ada)}),
            (f"followers/{ada}/end", {}),
        )
    }

    assert answers == {status}
    assert opened.detail() == before
