"""Cases for the tests of the desk, opened as the house opens them."""

from datetime import datetime

from careloop.domains.customers.services import create_customer
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import open_by_hand
from careloop.processes.answering.types import Words
from tests.cast import NOW, House

__all__ = ["known_customer", "opened"]


def known_customer(house: House, *, name: str = "Omar", address: str = "omar@customer.example") -> int:
    """Make a customer of north's and return the id."""
    with workspace_scope(house.north):
        return create_customer(
            name=name, kind="email", value=address, language="en", source="test", actor=HOUSE, at=NOW
        )


def opened(
    house: House,
    *,
    customer_id: int,
    subject: str = "Where is my parcel?",
    text: str = "It should have come on Monday.",
    team_id: int | None = None,
    assignee: str | None = None,
    channel: str = "voice",
    at: datetime = NOW,
) -> int:
    """Open a case of north's for a customer and return the id."""
    with workspace_scope(house.north):
        return open_by_hand(
            channel=channel,
            customer_id=customer_id,
            subject_line=subject,
            words=Words(text=text, html=""),
            team_id=team_id,
            assignee_id=house.ids[assignee] if assignee else None,
            actor=house.actor("ada"),
            at=at,
        )
