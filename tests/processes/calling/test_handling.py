"""A call and its case: what is written up stands there, and it is measured once."""

from typing import Any

import pytest

from careloop.domains.calls.errors import CallNotFound, CallUnclear
from careloop.domains.cases import services as cases
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.queries import cases_of_customer, notes_of, reasons
from careloop.domains.customers.services import create_customer
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import open_by_hand
from careloop.processes.answering.types import Words
from careloop.processes.calling import attach, open_case_for_call, write_up
from tests.calling import SEAT, connect, rows, talked
from tests.cast import NOW, House

pytestmark = pytest.mark.database

WORDS = Words(text="Where is my parcel?", html="<p>Where is my parcel?</p>")


@pytest.fixture
def north(house: House) -> Any:
    with workspace_scope(house.north):
        yield house


@pytest.fixture
def call_id(north: House) -> int:
    people = {SEAT: north.ids["ada"]}
    return talked(connect(user_id=north.ids["ada"], at=NOW), people=people, at=NOW)


@pytest.fixture
def customer_id(north: House) -> int:
    return create_customer(
        name="Minseo", kind="phone", value="+1 555 000 1111", language="", source="by_hand", actor=HOUSE, at=NOW
    )


def matter(house: House, customer_id: int) -> dict[str, Any]:
    return {
        "channel": "voice",
        "customer_id": customer_id,
        "subject_line": "",
        "words": WORDS,
        "team_id": None,
        "assignee_id": house.ids["ada"],
        "actor": house.actor("ada"),
        "at": NOW,
    }


def reason_id() -> int | None:
    return next((one.id for one in reasons()), None)


class TestOpening:
    def test_makes_the_callers_case_and_their_name(self, north: House, call_id: int, customer_id: int) -> None:
        case_id = open_case_for_call(call_id=call_id, **matter(north, customer_id))

        (row,) = rows()
        assert (row.case_id, row.customer) == (case_id, "Minseo")
        assert history([subject("case", case_id)], limit=1)[0].name == "call.attached"

    def test_opens_nothing_for_a_call_that_is_not_there(self, north: House, customer_id: int) -> None:
        with pytest.raises(CallNotFound):
            open_case_for_call(call_id=2**40, **matter(north, customer_id))

        assert cases_of_customer(customer_id=customer_id, viewer=HOUSE) == []


class TestAttaching:
    def test_brings_what_was_written_up_before(self, north: House, call_id: int, customer_id: int) -> None:
        ada = north.actor("ada")
        case_id = open_by_hand(**matter(north, customer_id))
        write_up(call_id=call_id, reason_id=reason_id(), note="Late again", actor=ada, at=NOW)

        attach(call_id=call_id, case_id=case_id, actor=ada, at=NOW)

        assert [note.text for note in notes_of(case_id=case_id, viewer=ada)] == ["Late again"]
        assert rows()[0].customer_id == customer_id

    def test_moves_no_call_that_is_written_up_in_a_case(self, north: House, call_id: int, customer_id: int) -> None:
        ada = north.actor("ada")
        first, second = open_by_hand(**matter(north, customer_id)), open_by_hand(**matter(north, customer_id))
        attach(call_id=call_id, case_id=first, actor=ada, at=NOW)
        write_up(call_id=call_id, reason_id=reason_id(), note="Late again", actor=ada, at=NOW)

        with pytest.raises(CallUnclear):
            attach(call_id=call_id, case_id=second, actor=ada, at=NOW)
        with pytest.raises(CaseNotFound):
            attach(call_id=call_id, case_id=2**40, actor=ada, at=NOW)
        assert rows()[0].case_id == first


class TestWritingUp:
    def test_stands_in_the_case_once(self, north: House, call_id: int, customer_id: int) -> None:
        ada, chosen = north.actor("ada"), reason_id()
        case_id = open_case_for_call(call_id=call_id, **matter(north, customer_id))

        for _time in range(2):
            write_up(call_id=call_id, reason_id=chosen, note="Late again", actor=ada, at=NOW)

        assert [note.text for note in notes_of(case_id=case_id, viewer=ada)] == ["Late again"]
        assert rows()[0].reason_id == chosen

    def test_asks_for_a_reason_where_there_are_any(self, north: House, call_id: int) -> None:
        cases.publish_reasons(branches=[cases.Branch(name="Delivery")], actor=north.actor("mina"), at=NOW)

        with pytest.raises(CallUnclear) as refused:
            write_up(call_id=call_id, reason_id=None, note="Late again", actor=north.actor("ada"), at=NOW)

        assert set(refused.value.fields) == {"reason_id"}
        assert rows()[0].written_up_at is None
