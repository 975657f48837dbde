"""The cast, in a workspace that is ready for cases, with one case of Omar's."""

from dataclasses import dataclass

import pytest

from careloop.domains.cases import services
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import NewCase
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel.actors import HOUSE
from tests.cast import NOW, House
from tests.fixtures import house, north, quick_passwords, signed_in

__all__ = ["house", "north", "quick_passwords", "signed_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """house: the cast. case_id: Omar's case. omar: his primary key."""

    house: House
    case_id: int
    omar: int


@pytest.fixture
def desk(north: House) -> Desk:
    return open_desk(north)


def open_desk(house: House) -> Desk:
    """Make the workspace in scope ready for cases and open one for Omar."""
    services.set_up(
        status_names={category: category.value.title() for category in Category},
        type_name="Enquiry",
        actor=HOUSE,
        at=NOW,
    )
    met = Met(address="omar@customer.example", name="Omar", language="en", at=NOW)
    omar = recognize([met], source="mail", actor=HOUSE)[met.address]
    case = NewCase(
        subject_line="My parcel",
        requester_id=omar,
        requester_name="Omar",
        channel="email",
        conversation_id=None,
        team_id=None,
        at=NOW,
    )
    (case_id,) = services.open_cases([case], actor=HOUSE)
    return Desk(house=house, case_id=case_id, omar=omar)
