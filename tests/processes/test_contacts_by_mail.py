"""Contacts as the customer lives them: the worked example of design.md D4."""

from datetime import datetime, timedelta

import pytest

from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.contacts.models import Contact, Segment
from careloop.domains.conversations.queries import message_row
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.hands import change_status
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database


def day(count: float) -> datetime:
    return NOW + timedelta(days=count)


def ask(number: int, at: datetime, *, answers: str = "") -> None:
    receive(
        written(text=f"Question {number}", message_id=f"<q{number}@customer.example>", answers=answers, at=at), at=at
    )


def answer(house: House, at: datetime) -> str:
    """Answer the only case and return the Message-ID the customer sees."""
    message_id = reply(
        case_id=case_id_of_number(number=1, viewer=HOUSE),
        words=Words(text="An answer", html=""),
        actor=house.actor("ada"),
        at=at,
    )
    row = message_row(message_id)
    assert row is not None
    assert row.mail is not None
    return row.mail.rfc_message_id


def contacts() -> list[tuple[datetime, datetime | None, str]]:
    return list(Contact.objects.order_by("arrived_at").values_list("arrived_at", "ended_at", "outcome"))


class TestThreeQuestionsOverTwoWeeks:
    def test_make_three_contacts_of_one_answered_segment_each(self, house: House) -> None:
        with workspace_scope(house.north):
            ask(1, day(0))
            first = answer(house, day(0.1))
            ask(2, day(5), answers=first)
            second = answer(house, day(5.1))
            ask(3, day(13), answers=second)
            answer(house, day(13.5))

            assert contacts() == [
                (day(0), day(3.1), "handled"),
                (day(5), day(8.1), "handled"),
                (day(13), None, "open"),
            ]
            segments = Segment.objects.order_by("queued_at").values_list("queued_at", "answered_at", "agent_id")
            assert list(segments) == [
                (day(0), day(0.1), house.ids["ada"]),
                (day(5), day(5.1), house.ids["ada"]),
                (day(13), day(13.5), house.ids["ada"]),
            ]

    def test_within_the_quiet_time_stay_one_contact(self, house: House) -> None:
        with workspace_scope(house.north):
            ask(1, day(0))
            first = answer(house, day(0.5))
            ask(2, day(2), answers=first)
            answer(house, day(2.5))

            assert contacts() == [(day(0), None, "open")]
            assert Segment.objects.count() == 1

    def test_end_when_the_matter_is_solved(self, house: House) -> None:
        with workspace_scope(house.north):
            ask(1, day(0))
            answer(house, day(0.5))
            from careloop.domains.cases.queries import statuses

            solved = next(s.id for s in statuses() if s.category == "solved")
            change_status(
                case_id=case_id_of_number(number=1, viewer=HOUSE),
                status_id=solved,
                actor=house.actor("ada"),
                at=day(1),
            )

            assert contacts() == [(day(0), day(1), "handled")]
