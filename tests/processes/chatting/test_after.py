"""What becomes of a chat by itself: silence, and the mail that carries on."""

from datetime import datetime

import pytest

from careloop.domains.cases.queries import case_detail, statuses
from careloop.domains.chats.errors import ChatTaken
from careloop.domains.chats.queries import chat_row
from careloop.domains.chats.services import ANSWER_DUE, NOBODY_CAME, VISITOR_SILENT, note_read_by_visitor
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.models import Timer
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import (
    ask_for_mail,
    hand_over,
    leave,
    mail_unread,
    pick,
    ring_answer_due,
    ring_nobody_came,
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


def rings_at(chat: ChatRow, kind: str) -> datetime | None:
    return Timer.objects.filter(kind=kind, subject_id=chat.id).values_list("due_at", flat=True).first()


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

    def test_of_an_agent_who_never_says_a_word_gives_it_back_too(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        assert rings_at(chat, ANSWER_DUE) == later(301)

    def test_that_is_the_visitors_turn_is_no_silence_of_whoever_it_is_handed_to(
        self, north: House, widget: WidgetRow
    ) -> None:
        chat, ada = begin(widget), north.actor("ada")
        pick(chat_id=chat.id, actor=ada, at=later(1))
        answer(north, chat, "Which parcel?", at=later(5))

        hand_over(chat_id=chat.id, user_id=north.ids["grace"], about="Parcel.", actor=ada, at=later(6))

        assert (rings_at(chat, ANSWER_DUE), rings_at(chat, VISITOR_SILENT)) == (None, later(605))


class TestNobody:
    def test_comes_and_the_wait_ends_with_a_mail(self, north: House) -> None:
        chat = begin(put_on_site(most_wait_s=120))

        ring_nobody_came(chat.id, later(120))
        ring_nobody_came(chat.id, later(121))

        row = chat_row(chat.id)
        assert (row.state, row.ended_by, row.ended_at) == (State.ENDED, EndedBy.NOBODY, later(120))
        (letter,) = letters(chat)
        assert f"its number is {chat.case_number}" in letter.text
        assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.category == "new"
        assert rings_at(chat, NOBODY_CAME) is None

    def test_ends_no_chat_that_somebody_took(self, north: House) -> None:
        chat = begin(put_on_site(most_wait_s=120))
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(119))

        ring_nobody_came(chat.id, later(120))

        assert chat_row(chat.id).state == State.ACTIVE

    def test_is_waited_for_anew_when_the_chat_waits_again(self, north: House) -> None:
        chat = begin(put_on_site(most_wait_s=120, agent_silence_s=60))
        moments = [rings_at(chat, NOBODY_CAME)]
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(100))
        moments.append(rings_at(chat, NOBODY_CAME))
        ring_answer_due(chat.id, later(160))
        moments.append(rings_at(chat, NOBODY_CAME))

        assert moments == [later(120), None, later(280)]

    def test_need_come_where_the_visitor_would_rather_be_answered_by_mail(
        self, north: House, widget: WidgetRow
    ) -> None:
        chat = begin(widget)

        for _time in range(2):
            ask_for_mail(chat=chat, at=later(30))

        assert (chat_row(chat.id).ended_by, chat_row(chat.id).ended_at) == (EndedBy.VISITOR, later(30))
        assert len(letters(chat)) == 1

    def test_is_wrong_once_somebody_has_come(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        with pytest.raises(ChatTaken, match="just come for you"):
            ask_for_mail(chat=chat, at=later(2))

        assert (chat_row(chat.id).state, letters(chat)) == (State.ACTIVE, [])


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
