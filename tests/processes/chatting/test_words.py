"""Words of a chat: none lost, none doubled, none out of order, whatever the line does."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.chats.errors import ChatEnded, EarlierMissing
from careloop.domains.chats.types import WidgetRow
from careloop.domains.conversations.errors import MessageEmpty
from careloop.domains.files.errors import FileNotFound
from careloop.kernel.errors import TooMany
from careloop.kernel.events import stories
from careloop.processes.chatting import Utterance, leave, look_at, pick, visitors_say, words_of
from tests.cast import House
from tests.chatting import answer, begin, later, mark, say

pytestmark = pytest.mark.database


class TestAVisitorsWord:
    def test_sent_twice_is_kept_once(self, widget: WidgetRow) -> None:
        chat, one = begin(widget), mark()

        first, again = (say(chat, "It is blue.", by=one, at=later(1)) for _time in range(2))

        assert first == again
        assert [line.text for line in words_of(chat.id)] == ["Where is my parcel?", "It is blue."]

    def test_that_overtook_another_is_sent_back(self, widget: WidgetRow) -> None:
        first, second, third = mark(), mark(), mark()
        chat = begin(widget, first=first)

        with pytest.raises(EarlierMissing):
            say(chat, "Third", by=third, previous=second, at=later(2))
        say(chat, "Second", by=second, previous=first, at=later(3))
        say(chat, "Third", by=third, previous=second, at=later(4))

        assert [line.text for line in words_of(chat.id)][1:] == ["Second", "Third"]

    def test_of_a_flood_waits_in_a_clear_sentence(self, widget: WidgetRow) -> None:
        chat = begin(widget)
        for n in range(29):
            say(chat, f"{n}", at=later(n))

        with pytest.raises(TooMany, match="nothing is lost"):
            say(chat, "One too many", at=later(30))
        say(chat, "A minute later", at=later(95))

        assert len(words_of(chat.id)) == 31

    @pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
    def test_has_to_be_one(self, widget: WidgetRow, text: str) -> None:
        chat = begin(widget)

        with pytest.raises(MessageEmpty):
            say(chat, text)

        assert len(words_of(chat.id)) == 1


class TestWordsOfManyVisitors:
    def test_are_written_together_and_refused_one_by_one(self, north: House, widget: WidgetRow) -> None:
        first = mark()
        calm, hasty, gone = (
            begin(widget, first=first if number == 0 else "", address=f"{mark()}@customer.example")
            for number in range(3)
        )
        leave(chat=gone, wants_transcript=False, at=later(1))
        one, two = mark(), mark()

        answers = visitors_say(
            [
                Utterance(chat=calm, mark=one, previous=first, text="First"),
                Utterance(chat=hasty, mark=mark(), previous=mark(), text="Too early"),
                Utterance(chat=gone, mark=mark(), previous="", text="Too late"),
                Utterance(chat=calm, mark=two, previous=one, text="Second"),
                Utterance(chat=hasty, mark=mark(), previous="", text="   "),
                Utterance(chat=calm, mark=one, previous=first, text="First"),
                Utterance(chat=hasty, mark=mark(), previous="", text="Here", file_ids=(2**40,)),
                Utterance(chat=hasty, mark=mark(), previous="", text="Here I am"),
            ],
            at=later(2),
        )

        said = {chat.id: [line.text for line in words_of(chat.id)][1:] for chat in (calm, hasty, gone)}
        assert said == {calm.id: ["First", "Second"], hasty.id: ["Here I am"], gone.id: []}
        assert [type(answer) for answer in answers] == [
            int,
            EarlierMissing,
            ChatEnded,
            int,
            MessageEmpty,
            int,
            FileNotFound,
            int,
        ]
        assert answers[5] == answers[0]

    def test_are_each_their_own_writers(self, widget: WidgetRow) -> None:
        chats = [begin(widget, address=f"{mark()}@customer.example") for _chat in range(2)]

        visitors_say([Utterance(chat=chat, mark=mark(), previous="", text="Hello?") for chat in chats], at=later(1))

        for chat in chats:
            told = stories([f"conversation:{chat.conversation_id}", f"case:{chat.case_id}"])
            wrote = [one.event.actor for one in told if one.name in {"message.received", "case.customer_wrote"}]
            assert wrote[-2:] == [f"customer:{chat.customer_id}"] * 2


class TestAnyLine:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(cuts=st.lists(st.integers(min_value=0, max_value=3), max_size=12), seed=st.integers(0, 10**6))
    def test_loses_doubles_and_turns_round_nothing(self, widget: WidgetRow, cuts: Sequence[int], seed: int) -> None:
        """cuts: how often each word is sent again before its answer arrives; now and then the next one tries to overtake."""
        chance = random.Random(seed)
        first = mark()
        chat = begin(widget, first=first, address=f"{mark()}@customer.example")
        marks = [first, *(mark() for _cut in cuts)]
        heard: list[str] = []
        known = 0
        for n, again in enumerate(cuts):
            if n + 2 < len(marks) and chance.random() < 0.3:
                with pytest.raises(EarlierMissing):
                    say(chat, f"{n + 1}", by=marks[n + 2], previous=marks[n + 1], at=later(n))
            for _time in range(again + 1):
                say(chat, f"{n}", by=marks[n + 1], previous=marks[n], at=later(n))
            if chance.random() < 0.5:  # the stream was away, and comes back with what it heard last
                lines = look_at({chat.id: known})[chat.id].lines
                heard += [line.text for line in lines]
                known = lines[-1].id if lines else known
        heard += [line.text for line in look_at({chat.id: known})[chat.id].lines]

        assert heard == ["Where is my parcel?", *(str(n) for n in range(len(cuts)))]


class TestAnAgentsWord:
    def test_sent_twice_is_kept_once(self, north: House, widget: WidgetRow) -> None:
        chat, one = begin(widget), mark()
        pick(chat_id=chat.id, actor=north.actor("ada"), at=later(1))

        first, again = (answer(north, chat, "Tomorrow.", by=one, at=later(2)) for _time in range(2))

        assert first == again
        assert len(words_of(chat.id)) == 2
