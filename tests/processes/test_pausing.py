"""Phones and people follow each other: whoever spoke last is heard, and both sides agree in the end, whatever is late."""

from collections import deque
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.workforce.pauses import FACTS_OF_PAUSES, reason_of, said_by_pause
from careloop.domains.workforce.states import REASONS, State
from careloop.processes.pausing import Order, Pauses, Word

ADA, PHONE = "Ada P.", "PJSIP/101"
BREAK = reason_of(State.BREAK, "meal")


def member(queue: str = "billing", reason: str = "", *, paused: bool = False) -> Mapping[str, str]:
    return {
        "Queue": queue,
        "Name": ADA,
        "Location": PHONE,
        "Paused": str(int(paused)),
        "PausedReason": reason,
    }


def told(queue: str = "billing", reason: str = "", *, paused: bool) -> Mapping[str, str]:
    fields = member(queue, reason, paused=paused)
    return {**fields, "MemberName": ADA, "Interface": PHONE}


class Line:
    """A telephone system with two queues. Its events come one after the other, each as late as it likes."""

    def __init__(self) -> None:
        self.pauses, self.now_s = Pauses(), 0.0
        self.reasons: dict[str, str | None] = {"billing": None, "orders": None}
        self.on_the_way: deque[tuple[str, str | None]] = deque()
        self.wish, self.words = "", list[Word]()
        self.pauses.stand([member("billing"), member("orders")])

    def pause(self, reason: str | None) -> None:
        """Let the telephone system pause the phone in all queues, or none, and say so later."""
        for queue in self.reasons:
            self.reasons[queue] = reason
            self.on_the_way.append((queue, reason))

    def hear(self, count: int) -> None:
        for _event in range(min(count, len(self.on_the_way))):
            queue, reason = self.on_the_way.popleft()
            self.pauses.hear("QueueMemberPause", told(queue, reason or "", paused=reason is not None))

    def look(self, *, seconds: float = 1.0) -> list[Order]:
        self.now_s += seconds
        orders, words = self.pauses.due({ADA: self.wish}, now_s=self.now_s)
        self.words += words
        for word in words:  # as people then do here
            self.wish = BREAK if word.is_paused else ""
        for order in orders:
            self.pause(order.reason or None)
        return orders

    def settle(self) -> None:
        for _look in range(12):
            self.hear(9)
            self.look()

    @property
    def is_rung(self) -> bool:
        return None in self.reasons.values()


class TestPauses:
    def test_follow_what_people_do(self) -> None:
        line = Line()
        assert line.look() == []

        line.wish = BREAK
        assert line.look() == [Order(interface=PHONE, reason="careloop break meal")]
        line.hear(2)
        assert line.look(seconds=60) == []
        line.wish = reason_of(State.MEETING, "")
        assert line.look() == [Order(interface=PHONE, reason="careloop meeting")]
        line.wish = ""
        assert line.look() == [Order(interface=PHONE, reason="")]
        line.settle()
        assert (line.words, line.is_rung) == ([], True)

    def test_are_followed_by_people_both_ways(self) -> None:
        line = Line()
        line.settle()
        line.pause("Lunch")
        line.settle()
        assert (line.words, line.wish) == ([Word(seat=ADA, is_paused=True, reason="Lunch")], BREAK)
        assert line.reasons["orders"] == "Lunch"  # nobody says it in other words

        line.pause(None)
        line.settle()
        assert (line.words[1:], line.wish) == ([Word(seat=ADA, is_paused=False)], "")

    def test_give_way_to_what_is_chosen_right_afterwards(self) -> None:
        line = Line()
        line.settle()
        line.pause("Lunch")
        line.hear(2)
        line.look()
        line.wish = ""
        line.settle()

        assert (line.is_rung, line.wish) == (True, "")

    def test_of_one_queue_among_several_are_no_break(self) -> None:
        line = Line()
        line.settle()
        line.pauses.hear("QueueMemberPause", told("orders", "Too much", paused=True))

        assert (line.look(seconds=60), line.words) == ([], [])

    def test_that_are_late_are_nobodys_word(self) -> None:
        line = Line()
        line.settle()
        line.wish = BREAK
        line.look()
        orders = [line.look(seconds=4), line.look(seconds=4)]

        assert line.words == []
        assert orders == [[], [Order(interface=PHONE, reason=BREAK)]]  # it is asked again

    def test_hold_for_who_comes_into_a_queue_meanwhile(self) -> None:
        line = Line()
        line.wish = BREAK
        line.settle()
        line.reasons["night"] = None
        line.pauses.hear("QueueMemberAdded", told("night", paused=False))

        assert line.look() == [Order(interface=PHONE, reason=BREAK)]
        assert line.words == []

    def test_of_a_house_that_died_are_undone(self) -> None:
        pauses = Pauses()
        pauses.stand([member(reason="careloop wrap", paused=True)])
        assert pauses.due({ADA: ""}, now_s=0) == ([Order(interface=PHONE, reason="")], [])

        pauses = Pauses()
        pauses.stand([member(reason="Lunch", paused=True)])
        assert pauses.due({ADA: ""}, now_s=0) == ([], [Word(seat=ADA, is_paused=True, reason="Lunch")])

    def test_are_none_of_ours_where_nobody_says_what_they_do(self) -> None:
        pauses = Pauses()
        pauses.stand([member(reason="Lunch", paused=True)])

        assert pauses.due({}, now_s=0) == pauses.due({"Ben": ""}, now_s=9) == ([], [])

    @given(
        st.lists(
            st.one_of(
                st.sampled_from(["look", "phone free", "phone pause"]),
                st.sampled_from(["", BREAK, reason_of(State.WRAP, "")]),
                st.integers(min_value=1, max_value=6),
            ),
            max_size=30,
        )
    )
    def test_agree_with_people_in_the_end_whatever_is_late(self, acts: list[str | int]) -> None:
        line = Line()
        for act in acts:
            match act:
                case "look":
                    line.look()
                case "phone free":
                    line.pause(None)
                case "phone pause":
                    line.pause("Lunch")
                case int():
                    line.hear(act)
                case _:
                    line.wish = act

        line.settle()
        line.settle()

        assert line.is_rung is (line.wish == "")
        assert line.look() == []


def test_reasons_are_told_apart_in_facts_and_can_be_chosen() -> None:
    ours = {reason_of(state, code) for state in State for code in ("", *REASONS.get(state, {}))} - {""}
    assert ours == FACTS_OF_PAUSES.keys()
    assert FACTS_OF_PAUSES["careloop wrap"] == "wrap"
    assert FACTS_OF_PAUSES["careloop contact"] == "aux_productive"
    assert said_by_pause("system_issue") == (State.SYSTEM_ISSUE, "telephone")
    assert said_by_pause("wrap") == (State.AUX_PRODUCTIVE, "")
