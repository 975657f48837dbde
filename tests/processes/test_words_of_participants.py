"""What somebody who takes part writes in the portal is theirs: by name, in search and on the page."""

import pytest

from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.queries import find_cases
from careloop.domains.cases.services import add_participant
from careloop.domains.conversations.queries import find_messages, messages_by_id
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import add_word_of_customer
from careloop.processes.answering.types import Words
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database
WORDS = Words(text="The driver has called me.", html="")


def customer(name: str) -> Actor:
    """Make a customer and return them as an actor."""
    address = f"{name.lower()}@customer.example"
    met = Met(address=address, name=name, at=NOW)
    customer_id = recognize([met], source="mail", actor=HOUSE)[address]
    return Actor(kind=ActorKind.CUSTOMER, id=customer_id)


def test_a_participants_word_is_found_by_their_name_and_not_by_the_requesters(house: House) -> None:
    with workspace_scope(house.north):
        receive(written(text="Where is it?", at=NOW), at=NOW)
        case_id, mai = find_cases(text="parcel", viewer=HOUSE)[0].id, customer("Mai")
        add_participant(case_id=case_id, customer_id=mai.id, actor=house.actor("ada"), at=NOW)

        message_id = add_word_of_customer(case_id=case_id, words=WORDS, actor=mai, at=NOW)

        assert [found for found, _conversation in find_messages(text="mai driver")] == [message_id]
        assert find_messages(text="omar driver") == []
        assert messages_by_id([message_id])[message_id].customer_id == mai.id


def test_whoever_does_not_take_part_adds_nothing(house: House) -> None:
    with workspace_scope(house.north):
        receive(written(text="Where is it?", at=NOW), at=NOW)
        case_id, stranger = find_cases(text="parcel", viewer=HOUSE)[0].id, customer("Eve")

        with pytest.raises(CaseNotFound):
            add_word_of_customer(case_id=case_id, words=WORDS, actor=stranger, at=NOW)

        assert find_messages(text="driver") == []
