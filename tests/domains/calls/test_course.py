"""The course of a call, step by step, in whatever order and however often it is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.calls.course import CallCourse, Happened, Step, stepped
from careloop.domains.calls.states import CallState, Ending
from tests.calling import SEAT, steps

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)


def after(told: list[Step]) -> CallCourse:
    course = None
    for step in told:
        course = stepped(course, step)
    assert course is not None
    return course


def lone(*told: tuple[Happened, float]) -> CallCourse:
    return after([Step(what=what, key="1.1", at=AT + timedelta(seconds=s), queue="", seat="A") for what, s in told])


class TestStepped:
    def test_follows_a_call_from_the_queue_to_its_end(self) -> None:
        states = [after(steps(at=AT)[: end + 1]).state for end in range(8)]
        whole = after(steps(at=AT))

        assert states == ["waiting", "waiting", "ringing", "waiting", "ringing", "talking", "handed_on", "ended"]
        assert (whole.number, whole.queue, whole.seat, whole.ending) == ("01012345678", "billing", SEAT, "handled")
        assert whole.missed == ()
        assert whole.answered_at == AT + timedelta(seconds=16)

    def test_keeps_who_let_it_ring(self) -> None:
        assert after(steps(at=AT)[:4]).missed == (SEAT,)

    @pytest.mark.parametrize("times", [2, 5])
    def test_takes_what_is_told_several_times_once(self, times: int) -> None:
        told = [step for step in steps(at=AT) for _time in range(times)]

        assert after(told) == after(steps(at=AT))

    def test_takes_what_is_told_all_over_again_once(self) -> None:
        assert after([*steps(at=AT)[:6], *steps(at=AT)[:6], *steps(at=AT)[6:], *steps(at=AT)]) == after(steps(at=AT))

    def test_ends_without_an_answer_as_given_up(self) -> None:
        queued = [*steps(at=AT)[:2], Step(what=Happened.GAVE_UP, key="1", at=AT + timedelta(seconds=9))]
        over = after([*queued, Step(what=Happened.HUNG_UP, key="1", at=AT + timedelta(seconds=9))])

        assert over.ending == Ending.GIVEN_UP
        assert lone((Happened.BEGAN, 0), (Happened.HUNG_UP, 4)).ending == Ending.GIVEN_UP

    def test_ends_as_left_when_the_queue_let_it_go(self) -> None:
        let_go = after([*steps(at=AT)[:2], Step(what=Happened.HUNG_UP, key="1", at=AT + timedelta(seconds=9))])

        assert let_go.ending == Ending.LEFT

    def test_is_on_the_line_elsewhere_once_it_left_the_queue(self) -> None:
        left = Step(what=Happened.LEFT, key="1", at=AT + timedelta(seconds=9), queue="billing")
        answered = replace(left, what=Happened.ANSWERED, seat=SEAT)
        moved = replace(left, what=Happened.QUEUED, queue="claims")

        assert after([*steps(at=AT)[:3], left]).state == CallState.HANDED_ON
        assert after([*steps(at=AT)[:3], left, answered, left]).state == CallState.TALKING
        assert after([*steps(at=AT)[:3], moved, left]).state == CallState.WAITING

    def test_is_handed_on_by_whoever_talks_where_nobody_is_named(self) -> None:
        assert after(
            [*steps(at=AT)[:6], Step(what=Happened.RELEASED, key="1", at=AT + timedelta(seconds=30))]
        ).state == (CallState.HANDED_ON)

    def test_ends_as_not_known_when_nobody_heard_it(self) -> None:
        gone = after([*steps(at=AT)[:3], Step(what=Happened.GONE, key="1", at=AT + timedelta(seconds=9))])

        assert (gone.ending, gone.ringing) == (Ending.UNKNOWN, ())

    def test_begins_in_the_middle_but_not_with_its_end(self) -> None:
        assert stepped(None, Step(what=Happened.HUNG_UP, key="1", at=AT)) is None
        assert stepped(None, Step(what=Happened.RELEASED, key="1", at=AT, seat="A")) is None
        assert lone((Happened.ANSWERED, 0)).state == CallState.TALKING

    def test_is_answered_by_nobody_knows_whom_when_it_is_put_through_without_a_queue(self) -> None:
        course = lone((Happened.BEGAN, 0), (Happened.PUT_THROUGH, 5))

        assert (course.state, course.seat) == (CallState.TALKING, "")
        assert after([*steps(at=AT)[:2], Step(what=Happened.PUT_THROUGH, key="1", at=AT)]).state == CallState.WAITING

    def test_waits_again_in_the_queue_it_is_passed_to(self) -> None:
        passed = Step(what=Happened.QUEUED, key="1", at=AT + timedelta(seconds=30), queue="claims")
        course = after([*steps(at=AT)[:6], passed])

        assert (course.state, course.queue, course.seat) == (CallState.WAITING, "claims", SEAT)

    @given(
        st.lists(
            st.tuples(st.sampled_from(Happened), st.integers(0, 60), st.sampled_from("AB"), st.sampled_from(["", "q"])),
            max_size=30,
        )
    )
    def test_keeps_what_holds_of_every_call(self, told: list[tuple[Happened, int, str, str]]) -> None:
        courses: list[CallCourse | None] = [None]
        for what, seconds, seat, queue in told:
            step = Step(what=what, key="1", at=AT + timedelta(seconds=seconds), seat=seat, queue=queue)
            courses.append(stepped(courses[-1], step))

        for before, course in pairwise(courses):
            if course is None:
                continue
            assert (course.state == CallState.ENDED) == (course.ended_at is not None) == bool(course.ending)
            assert bool(course.ringing) == (course.state == CallState.RINGING) or course.gave_up
            assert course.state != CallState.TALKING or course.answered_at is not None
            assert before is None or before.ended_at is None or course == before
            assert course.began_at <= course.seen_at
