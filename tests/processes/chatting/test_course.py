"""A chat from the first word to the end: who has it, what its case and its contact become."""

from datetime import timedelta

import pytest

from careloop.domains.cases.queries import case_detail, notes_of, reasons, statuses
from careloop.domains.cases.services import Branch, publish_reasons
from careloop.domains.chats import services
from careloop.domains.chats.errors import ChatEnded, ChatNotFound, ChatTaken, MayNotChat, NotYourChat
from careloop.domains.chats.queries import chat_row, chats_of, place_of, waiting_chats
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import WidgetRow
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.contacts.types import ContactRow
from careloop.kernel.actors import HOUSE
from careloop.processes.chatting import (
    Proved,
    hand_over,
    leave,
    pick,
    resume,
    secret_hash,
    whisper,
    words_of,
    wrap_up,
)
from tests.cast import NOW, House
from tests.chatting import OMAR, answer, begin, later, say, words

pytestmark = pytest.mark.database


def contact_of(conversation_id: int) -> ContactRow:
    (contact,) = contacts_of_conversations([conversation_id])
    return contact


def status(category: str) -> int:
    return next(row.id for row in statuses() if row.category == category and row.is_default)


class TestBeginning:
    def test_is_a_conversation_a_contact_and_a_case(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)

        assert chat.state == State.WAITING
        assert chat.customer == "Omar"
        detail = case_detail(case_id=chat.case_id, viewer=north.actor("ada"))
        assert detail.row.channel == "chat"
        contact = contact_of(chat.conversation_id)
        assert (contact.channel, contact.outcome) == ("chat", "open")
        assert [line.text for line in words_of(chat.id)] == ["Where is my parcel?"]

    def test_twice_with_one_secret_begins_once(self, widget: WidgetRow) -> None:
        first, again = (begin(widget, secret="one browser", first="m1") for _time in range(2))

        assert first.id == again.id
        assert len(words_of(first.id)) == 1


class TestTaking:
    def test_gives_the_chat_and_its_case(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)

        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(40))

        assert chat_row(chat.id).agent == "Ada"
        assert [row.id for row in chats_of(north.actor("ada"))] == [chat.id]
        assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.assignee == "Ada"

    def test_is_for_one_only(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        with pytest.raises(ChatTaken):
            pick(chat_id=chat.id, actor=north.actor("grace"), at=later(2))

        assert chat_row(chat.id).agent == "Ada"

    @pytest.mark.parametrize("who", ["anh", "cole", "vera"])
    def test_is_not_for_those_who_do_not_answer(self, north: House, widget: WidgetRow, who: str) -> None:
        chat = begin(widget)

        with pytest.raises(MayNotChat):
            pick(chat_id=chat.id, actor=north.actor(who), at=later(1))

        assert chat_row(chat.id).state == State.WAITING

    def test_of_several_at_once_keeps_them_in_order(self, north: House, widget: WidgetRow) -> None:
        chats = [begin(widget, address=f"visitor{n}@customer.example", at=later(n)) for n in range(3)]
        for n, chat in enumerate(chats):
            pick(chat_id=chat.id, actor=north.actor("ada"), at=later(10 + n))

        assert [row.id for row in chats_of(north.actor("ada"))] == [chat.id for chat in chats]


class TestAnswering:
    def test_needs_the_chat(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)

        with pytest.raises(NotYourChat):
            answer(north, chat, "Hello")

        assert len(words_of(chat.id)) == 1

    def test_ends_the_waiting(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(40))

        answer(north, chat, "I am looking.", at=later(60))

        (segment,) = contact_of(chat.conversation_id).segments
        assert segment.answered_at == later(60)
        assert [line.is_ours for line in words_of(chat.id)] == [False, True]

    def test_shows_the_visitor_nothing_of_a_whisper(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        whisper(chat_id=chat.id, words=words("He has written before."), actor=north.actor("grace"), at=later(2))

        assert len(words_of(chat.id)) == 1
        assert [note.text for note in notes_of(case_id=chat.case_id, viewer=north.actor("ada"))] == [
            "He has written before."
        ]


class TestHanding:
    def test_cold_tells_why_and_moves_the_case(self, north: House, widget: WidgetRow) -> None:
        ada, grace = north.actor("ada"), north.actor("grace")
        chat = begin(widget)
        pick(chat_id=chat.id, actor=ada, at=later(1))
        answer(north, chat, "One moment.", at=later(2))

        hand_over(chat_id=chat.id, user_id=grace.id, about="Wants money back.", actor=ada, at=later(3))

        assert chat_row(chat.id).agent == "Grace"
        assert case_detail(case_id=chat.case_id, viewer=ada).row.assignee == "Grace"
        assert [note.text for note in notes_of(case_id=chat.case_id, viewer=north.actor("ada"))] == [
            "Wants money back."
        ]
        with pytest.raises(NotYourChat):
            answer(north, chat, "Still me?", at=later(4))
        assert len(contact_of(chat.conversation_id).segments) == 2

    def test_cold_without_a_word_is_refused(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        with pytest.raises(NotYourChat, match="should not have to ask"):
            hand_over(chat_id=chat.id, user_id=north.ids["grace"], about=" ", actor=north.actor("ada"), at=later(2))

        assert chat_row(chat.id).agent == "Ada"

    def test_warm_lets_a_colleague_read_along_first(self, north: House, widget: WidgetRow) -> None:
        ada, grace = north.actor("ada"), north.actor("grace")
        chat = begin(widget)
        pick(chat_id=chat.id, actor=ada, at=later(1))

        services.call_in(chat_id=chat.id, user_id=grace.id, actor=ada, at=later(2))
        answer(north, chat, "I can help with that.", who="grace", at=later(3))
        hand_over(chat_id=chat.id, user_id=grace.id, about="", actor=ada, at=later(4))

        assert (chat_row(chat.id).agent, chat_row(chat.id).helper_ids) == ("Grace", ())

    def test_goes_only_to_those_who_answer(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        with pytest.raises(NotYourChat):
            hand_over(chat_id=chat.id, user_id=north.ids["vera"], about="Yours.", actor=north.actor("ada"), at=later(2))


class TestEnding:
    def test_by_wrapping_up_says_what_it_was_about(self, north: House, widget: WidgetRow) -> None:
        ada, chat = north.actor("ada"), begin(widget)
        pick(chat_id=chat.id, actor=ada, at=later(1))
        answer(north, chat, "It comes tomorrow.", at=later(30))
        publish_reasons(branches=[Branch(name="Parcel is late")], actor=HOUSE, at=NOW)
        (reason,) = reasons()

        wrap_up(chat_id=chat.id, reason_id=reason.id, status_id=status("solved"), actor=ada, at=later(90))

        row = chat_row(chat.id)
        assert (row.state, row.ended_by) == (State.ENDED, EndedBy.AGENT)
        detail = case_detail(case_id=chat.case_id, viewer=ada)
        assert (detail.row.category, detail.reason_id) == ("solved", reason.id)
        contact = contact_of(chat.conversation_id)
        assert (contact.outcome, contact.ended_at) == ("handled", later(90))

    def test_by_the_visitor_in_the_queue_is_an_abandoned_contact(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)

        leave(chat=chat, wants_transcript=False, at=later(50))
        leave(chat=chat, wants_transcript=False, at=later(51))

        assert chat_row(chat.id).ended_at == later(50)
        assert contact_of(chat.conversation_id).outcome == "abandoned_queue"
        assert waiting_chats(viewer=north.actor("ada")) == []

    def test_leaves_no_word_behind_it(self, north: House, widget: WidgetRow) -> None:
        chat = begin(widget)
        leave(chat=chat, wants_transcript=False, at=later(1))

        with pytest.raises(ChatEnded):
            say(chat, "One more thing", at=later(2))

        assert len(words_of(chat.id)) == 1


class TestComingBack:
    def test_on_another_device_needs_the_word_of_the_site(self, widget: WidgetRow) -> None:
        omar = Proved(address=OMAR, name="Omar")
        named = begin(widget, proved=omar)

        found = resume(widget=widget, proved=omar, secret="telephone", at=later(5))

        assert found.id == named.id
        assert secret_hash("telephone") != secret_hash("other")

    def test_is_not_to_a_chat_whose_visitor_only_claimed_the_address(self, widget: WidgetRow) -> None:
        begin(widget)

        with pytest.raises(ChatNotFound):
            resume(widget=widget, proved=Proved(address=OMAR, name="Omar"), secret="telephone", at=later(5))


class TestTheQueue:
    def test_says_who_is_ahead_and_what_to_expect_only_when_enough_is_known(
        self, north: House, widget: WidgetRow
    ) -> None:
        ada = north.actor("ada")
        for n in range(8):
            chat = begin(widget, address=f"v{n}@customer.example", at=NOW)
            pick(chat_id=chat.id, actor=ada, at=NOW + timedelta(minutes=n + 1))
        at = NOW + timedelta(hours=1)
        first = begin(widget, address="first@customer.example", at=at)
        second = begin(widget, address="second@customer.example", at=at + timedelta(seconds=1))

        shown = place_of(second, at=at + timedelta(seconds=1))

        assert place_of(first, at=at).ahead == 0
        assert shown.ahead == 1
        assert shown.wait is not None
        assert (shown.wait.middle, shown.wait.least, shown.wait.most) == (270, 60, 480)
        assert place_of(second, at=at + timedelta(minutes=2)).wait is None
