"""Notices name who did it: for a mail its writer, not the house that read it."""

from datetime import timedelta

import pytest
from django.core import mail

from careloop.domains.cases.queries import find_cases, statuses
from careloop.domains.notifications.queries import notices_of
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.mailing_notices import mail_notices_to
from careloop.processes.working import follow_log
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database


@pytest.fixture
def omar_wrote_back(house: House) -> House:
    """Let Omar ask by mail, Ada answer and solve it, and Omar write again, which opens the case again."""
    with workspace_scope(house.north):
        receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        (case,) = find_cases(text="parcel", viewer=HOUSE)
        reply(
            case_id=case.id,
            words=Words(text="On its way.", html=""),
            status_id=solved_status(),
            actor=house.actor("ada"),
            at=NOW + timedelta(hours=1),
        )
        again = NOW + timedelta(hours=2)
        receive(
            written(text="Still nothing!", message_id="<2@c.example>", answers="one@customer.example", at=again),
            at=again,
        )
    while follow_log():
        pass
    return house


def solved_status() -> int:
    return next(status.id for status in statuses() if status.category == "solved")


def test_the_list_names_the_customer_once(omar_wrote_back: House) -> None:
    with workspace_scope(omar_wrote_back.north):
        found = notices_of(viewer=omar_wrote_back.actor("ada")).items

    assert [notice.kind for notice in found] == ["customer_wrote"]
    assert found[0].actor.startswith("customer:")


def test_the_mail_names_the_customer(omar_wrote_back: House) -> None:
    mail_notices_to(workspace_id=omar_wrote_back.north, user_id=omar_wrote_back.ids["ada"])

    (letter,) = mail.outbox
    assert "(Omar Customer)" in letter.body
