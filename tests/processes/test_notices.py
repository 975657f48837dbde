"""Notices name who did it: for a mail its writer, not the house that read it."""

from datetime import timedelta

import pytest
from django.core import mail

from careloop.domains.cases.queries import find_cases, statuses
from careloop.domains.chats.types import ChatRow
from careloop.domains.notifications.queries import notices_of
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.chatting import agent_reads, pick
from careloop.processes.mailing_notices import mail_notices_to
from careloop.processes.working import follow_log
from tests.cast import NOW, House
from tests.chatting import begin, later, put_on_site, say
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


class TestAChat:
    @pytest.fixture
    def chat(self, house: House) -> ChatRow:
        """A chat of Omar's that Ada has."""
        with workspace_scope(house.north):
            chat = begin(put_on_site())
            pick(chat_id=chat.id, actor=house.actor("ada"), at=later(1))
        return chat

    def told(self, house: House) -> list[tuple[str, bool]]:
        while follow_log():
            pass
        with workspace_scope(house.north):
            return [(row.kind, row.is_read) for row in notices_of(viewer=house.actor("ada")).items]

    def test_whose_words_its_agent_reads_as_they_come_tells_them_nothing(self, house: House, chat: ChatRow) -> None:
        with workspace_scope(house.north):
            word = say(chat, "Hello?", at=later(5))
            agent_reads(chat=chat, message_id=word, actor=house.actor("ada"), at=later(6))

        assert self.told(house) == []

    def test_tells_whoever_looks_elsewhere_once_until_they_look(self, house: House, chat: ChatRow) -> None:
        with workspace_scope(house.north):
            say(chat, "Hello?", at=later(5))
        assert self.told(house) == [("customer_wrote", False)]

        with workspace_scope(house.north):
            for seconds in (7, 8):
                last = say(chat, "Are you there?", at=later(seconds))
        assert self.told(house) == [("customer_wrote", False)]

        with workspace_scope(house.north):
            agent_reads(chat=chat, message_id=last, actor=house.actor("ada"), at=later(9))
        assert self.told(house) == [("customer_wrote", True)]
        with workspace_scope(house.north):
            say(chat, "One more thing.", at=later(10))
        assert self.told(house) == [("customer_wrote", False), ("customer_wrote", True)]
