"""Many who come at once are served together, in their order, and none suffers for another."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from careloop.kernel.gathering import Gathering

PEOPLE = 40


class Desk:
    """Doubles numbers; the first batch waits until it is let go, so that all the others gather behind it."""

    def __init__(self, *, spoilt: int | None = None) -> None:
        self.batches: list[list[int]] = []
        self.first_is_at_work, self.go_on = threading.Event(), threading.Event()
        self._spoilt = spoilt

    def work(self, numbers: Sequence[int]) -> list[int]:
        self.first_is_at_work.set()
        self.go_on.wait(30)
        if self._spoilt in numbers:
            raise ValueError(self._spoilt)
        self.batches.append(list(numbers))
        return [2 * number for number in numbers]


def brought(desk: Desk, *, most: int) -> dict[int, int | ValueError]:
    """Let one come alone, and the others, each in a thread, while it is served; return what each got."""
    gathering = Gathering(desk.work, most=most)
    got: dict[int, int | ValueError] = {}

    def come(number: int) -> None:
        try:
            got[number] = gathering.bring(number)
        except ValueError as problem:
            got[number] = problem

    with ThreadPoolExecutor(PEOPLE) as people:
        people.submit(come, 0)
        assert desk.first_is_at_work.wait(30)
        for number in range(1, PEOPLE):
            people.submit(come, number)
        while len(gathering._waiting) < PEOPLE - 1:
            pass
        desk.go_on.set()
    return got


def test_those_who_come_together_are_served_together() -> None:
    desk = Desk()

    got = brought(desk, most=25)

    assert got == {number: 2 * number for number in range(PEOPLE)}
    assert [len(batch) for batch in desk.batches] == [1, 25, PEOPLE - 26]


def test_one_who_spoils_a_batch_spoils_it_for_nobody_else() -> None:
    got = brought(Desk(spoilt=7), most=PEOPLE)

    problem = got.pop(7)
    assert isinstance(problem, ValueError)
    assert got == {number: 2 * number for number in range(PEOPLE) if number != 7}


def test_one_who_comes_alone_hears_what_went_wrong() -> None:
    desk = Desk(spoilt=7)
    desk.go_on.set()

    with pytest.raises(ValueError, match="7"):
        Gathering(desk.work, most=5).bring(7)
