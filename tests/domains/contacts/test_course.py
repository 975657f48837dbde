"""The course of a contact: worked examples, and what holds for every course."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from careloop.domains.contacts.course import (
    Course,
    answered,
    customer_wrote,
    ended,
    handed_over,
    opened,
    outcome_of,
    quiet_end,
)

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
QUIET = timedelta(hours=72)
ADA, BEN = 1, 2
BILLING, NETWORK = 10, 20


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


class TestExamples:
    def test_an_answered_question_is_one_segment_and_ends_three_days_after_the_answer(self) -> None:
        course = answered(opened(at=MONDAY, team_id=BILLING), agent_id=ADA, at=MONDAY + hours(2))

        (leg,) = course.legs
        assert (leg.queued_at, leg.answered_at, leg.agent_id, leg.exit) == (MONDAY, MONDAY + hours(2), ADA, "answered")
        assert quiet_end(course, quiet=QUIET) == MONDAY + hours(74)

    def test_a_waiting_customer_is_never_ended_by_silence(self) -> None:
        course = answered(opened(at=MONDAY, team_id=None), agent_id=ADA, at=MONDAY + hours(1))

        assert quiet_end(customer_wrote(course, at=MONDAY + hours(3)), quiet=QUIET) is None
        assert quiet_end(opened(at=MONDAY, team_id=None), quiet=QUIET) is None

    def test_a_second_agent_begins_a_segment_of_his_own(self) -> None:
        course = answered(opened(at=MONDAY, team_id=BILLING), agent_id=ADA, at=MONDAY + hours(1))
        course = answered(course, agent_id=BEN, at=MONDAY + hours(5))

        first, second = course.legs
        assert (first.agent_id, first.released_at) == (ADA, MONDAY + hours(5))
        assert (second.agent_id, second.queued_at, second.answered_at) == (BEN, MONDAY + hours(5), MONDAY + hours(5))

    def test_an_unanswered_matter_handed_to_another_team_flows_out(self) -> None:
        course = handed_over(opened(at=MONDAY, team_id=BILLING), team_id=NETWORK, agent_id=None, at=MONDAY + hours(1))

        first, second = course.legs
        assert (first.exit, first.left_at, first.answered_at) == ("flow_out_queue", MONDAY + hours(1), None)
        assert (second.team_id, second.queued_at) == (NETWORK, MONDAY + hours(1))

    def test_who_solves_without_a_word_has_answered_by_deed(self) -> None:
        course = ended(opened(at=MONDAY, team_id=BILLING), at=MONDAY + hours(4), agent_id=ADA)

        (leg,) = course.legs
        assert (leg.agent_id, leg.answered_at, leg.released_at) == (ADA, MONDAY + hours(4), MONDAY + hours(4))
        assert outcome_of(course) == "handled"

    def test_what_nobody_answered_was_given_up(self) -> None:
        course = ended(opened(at=MONDAY, team_id=BILLING), at=MONDAY + hours(4), agent_id=None)

        assert course.leg.exit == "abandoned"
        assert outcome_of(course) == "abandoned_queue"

    def test_a_delayed_word_never_turns_time_back(self) -> None:
        course = customer_wrote(opened(at=MONDAY, team_id=None), at=MONDAY - hours(5))

        assert course.last_inbound_at == MONDAY


moments = st.integers(min_value=0, max_value=400).map(lambda h: MONDAY + hours(h))
agents = st.sampled_from([ADA, BEN])
teams = st.sampled_from([BILLING, NETWORK, None])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("wrote"), moments),
        st.tuples(st.just("answered"), moments, agents),
        st.tuples(st.just("handed"), moments, teams, st.one_of(st.none(), agents)),
    ),
    max_size=12,
)


def run(course: Course, steps_taken: list[tuple[object, ...]]) -> Course:
    for step in steps_taken:
        match step:
            case ("wrote", datetime() as at):
                course = customer_wrote(course, at=at)
            case ("answered", datetime() as at, int() as agent_id):
                course = answered(course, agent_id=agent_id, at=at)
            case ("handed", datetime() as at, team_id, agent_id):
                course = handed_over(course, team_id=team_id, agent_id=agent_id, at=at)  # type: ignore[arg-type]
    return course


class TestEveryCourse:
    @given(steps=steps, end=moments, solver=st.one_of(st.none(), agents))
    def test_keeps_the_invariants_of_the_facts(
        self, steps: list[tuple[object, ...]], end: datetime, solver: int | None
    ) -> None:
        course = ended(run(opened(at=MONDAY, team_id=BILLING), steps), at=end, agent_id=solver)

        assert course.ended_at is not None
        assert course.ended_at >= course.arrived_at
        for leg in course.legs:
            assert leg.left_at is not None
            assert leg.queued_at <= leg.left_at
            assert (leg.answered_at is not None) == (leg.exit == "answered")
            assert leg.answered_at in {None, leg.left_at}
            if leg.answered_at is not None:
                assert leg.agent_id is not None
                assert leg.released_at is not None
                assert leg.answered_at <= leg.released_at
            else:
                assert leg.exit in {"abandoned", "flow_out_queue"}
                assert leg.released_at is None
        for earlier, later in zip(course.legs, course.legs[1:], strict=False):
            assert (earlier.released_at or earlier.left_at) == later.queued_at
        assert (outcome_of(course) == "handled") == any(leg.answered_at for leg in course.legs)

    @given(steps=steps)
    def test_the_same_answer_told_twice_changes_nothing(self, steps: list[tuple[object, ...]]) -> None:
        course = run(opened(at=MONDAY, team_id=BILLING), steps)
        once = answered(course, agent_id=ADA, at=MONDAY + hours(500))

        assert answered(once, agent_id=ADA, at=MONDAY + hours(500)) == once

    @given(steps=steps)
    def test_only_the_last_leg_runs(self, steps: list[tuple[object, ...]]) -> None:
        course = run(opened(at=MONDAY, team_id=BILLING), steps)

        assert all(leg.released_at or leg.exit == "flow_out_queue" for leg in course.legs[:-1])
        assert replace(course, legs=course.legs[-1:]).leg == course.leg
