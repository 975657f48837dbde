"""What a waiting visitor is told: only what the last waits can carry."""

import random

from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.chats.waits import FEWEST, SHARE, still_to_wait

WAITS = st.lists(st.floats(min_value=0, max_value=10_000), max_size=60)


class TestStillToWait:
    def test_says_nothing_of_seven(self) -> None:
        assert still_to_wait(range(1, 8), waited=0) is None

    def test_says_the_middle_and_where_three_of_four_lie(self) -> None:
        wait = still_to_wait([60.0 * minutes for minutes in range(1, 9)], waited=0)

        assert wait is not None
        assert (wait.middle, wait.least, wait.most) == (270, 60, 480)

    def test_listens_only_to_those_who_waited_longer(self) -> None:
        wait = still_to_wait([10.0] * 40 + [100.0] * 8, waited=50)

        assert wait is not None
        assert (wait.middle, wait.least, wait.most) == (50, 50, 50)

    @given(waits=WAITS, waited=st.floats(min_value=0, max_value=10_000))
    def test_is_in_order_and_never_past(self, waits: list[float], waited: float) -> None:
        wait = still_to_wait(waits, waited=waited)

        assert (wait is None) == (sum(one > waited for one in waits) < FEWEST)
        if wait is not None:
            assert 0 < wait.least <= wait.middle <= wait.most

    def test_keeps_its_word_for_any_law_of_waiting(self) -> None:
        chance, kept, told = random.Random(7), 0, 4000
        for _visitor in range(told):
            *last, this = (chance.paretovariate(1.2) for _wait in range(21))
            wait = still_to_wait(last, waited=0)
            assert wait is not None
            kept += wait.least <= this <= wait.most

        # 20 waits allow (21 - 2 * 2) / 21 = 0.81; three standard errors below and above.
        assert SHARE <= 17 / 21 - 0.02 <= kept / told <= 17 / 21 + 0.02
