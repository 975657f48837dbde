"""What becomes of a chat by itself: silence, and the mail that carries on."""

import pytest

from careloop.domains.cases.queries import case_detail, statuses
from careloop.domains.chats.queries import chat_row
from careloop.domains.chats.services import note_read_by_visitor
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import (
    leave,
    mail_unread,
    pick,
    ring_answer_due,
    ring_visitor_silent,
    words_of,
)
from careloop.processes.hands import change_status
from careloop.processes.working import drain
from tests.cast import House
from tests.chatting import OMAR, answer, begin, later, put_on_site, say
from tests.mailing import receive, written

pytestmark = pytest.mark.database


def letters(chat: ChatRow) -> list[MessageRow]:
    said = messages([(chat.conversation_id, None, None)], limit=20, for_customer=True)
    return [row for row in said if row.mail is not None]


class TestSilence:
    def test_of_the_visitor_ends_the_chat_and_mails_what_was_not_read(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))
        answer(north, chat, "It comes tomorrow.", at=later(20))

        ring_visitor_silent(chat.id, later(620))

        row = chat_row(chat.id)
        assert (row.state, row.ended_by) == (State.ENDED, EndedBy.SILENCE)
        (letter,) = letters(chat)
        assert letter.mail is not None
        assert letter.mail.to == (OMAR,)

    def test_of_the_agent_gives_the_chat_back(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))
        say(chat, "Hello?", at=later(30))

        ring_answer_due(chat.id, later(330))

        row = chat_row(chat.id)
        assert (row.state, row.agent_id, row.queued_at) == (State.WAITING, None, later(330))
        assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.assignee_id is None


class TestTheMail:
    def test_holds_each_unread_word_once(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))
        read = answer(north, chat, "Hello Omar.", at=later(2))
        note_read_by_visitor(chat_id=chat.id, message_id=read)
        answer(north, chat, "It comes tomorrow.", at=later(3))

        mail_unread(chat_id=chat.id, at=later(130))
        mail_unread(chat_id=chat.id, at=later(131))

        (letter,) = letters(chat)
        assert "Ada: It comes tomorrow." in letter.text
        assert "Ada: Hello Omar." not in letter.text
        assert [line.text for line in words_of(chat.id)] == ["Where is my parcel?", "Hello Omar.", "It comes tomorrow."]

    def test_can_be_answered(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))
        answer(north, chat, "It comes tomorrow.", at=later(3))
        mail_unread(chat_id=chat.id, at=later(130))
        (letter,) = letters(chat)
        assert letter.mail is not None

        raw = receive(written(text="Thank you!", answers=letter.mail.rfc_message_id, at=later(900)), at=later(900))

        said = messages([(chat.conversation_id, None, None)], limit=20, for_customer=True)
        assert raw.message_id == said[-1].id
        assert said[-1].text == "Thank you!"

    def test_of_what_was_said_comes_once(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))
        read = answer(north, chat, "It comes tomorrow.", at=later(3))
        note_read_by_visitor(chat_id=chat.id, message_id=read)

        for _time in range(2):
            leave(chat=chat_row(chat.id), wants_transcript=True, at=later(60))

        (letter,) = letters(chat)
        assert "Omar: Where is my parcel?" in letter.text
        assert "Ada: It comes tomorrow." in letter.text


class TestACaseThatIsSolvedElsewhere:
    def test_ends_its_chat_and_no_receipt_is_mailed(self, committed: None, house: House) -> None:
        with workspace_scope(house.north):
            chat = begin(put_on_site())
            solved = next(row for row in statuses() if row.category == "solved" and row.is_default)
        drain()
        with workspace_scope(house.north):
            assert letters(chat) == []
            change_status(case_id=chat.case_id, status_id=solved.id, actor=house.actor("ada"), at=later(60))

        drain()

        with workspace_scope(house.north):
            assert chat_row(chat.id).state == State.ENDED
