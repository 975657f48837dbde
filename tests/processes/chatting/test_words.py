"""Words of a chat: none lost, none doubled, none out of order, whatever the line does."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.chats.errors import EarlierMissing
from careloop.domains.chats.types import WidgetRow
from careloop.domains.conversations.errors import MessageEmpty
from careloop.kernel.errors import TooMany
from careloop.processes.chatting import look_at, pick, words_of
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
