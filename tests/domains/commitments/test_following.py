"""Clocks follow cases: what is promised when, what stops the clock and what does not, and how each promise ends."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.types import DayRow
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import Category
from careloop.domains.commitments import queries, services
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.states import BY_POLICY, Measure, Outcome, Whom, Why
from careloop.domains.commitments.types import USUAL, Escalation
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import events_between, head_position, trail
from careloop.kernel.models import Timer
from careloop.kernel.readers import number_events
from tests.domains.commitments.conftest import HOURS, MONDAY, Desk, later

pytestmark = pytest.mark.database
FIRST, NEXT, SOLUTION = Measure.FIRST_RESPONSE, Measure.NEXT_RESPONSE, Measure.RESOLUTION
KEPT, MISSED, CALLED_OFF = Outcome.KEPT, Outcome.MISSED, Outcome.CALLED_OFF


def told(name: str) -> list[datetime]:
    """Return when something became of a promise, the newest first."""
    return [recorded.event.at for recorded in trail(limit=200) if recorded.name == f"commitment.{name}"]


class TestBegin:
    def test_with_the_customers_first_word(self, desk: Desk) -> None:
        desk.promise()

        clocks = desk.clocks(desk.opens(), at=MONDAY)

        assert set(clocks) == {FIRST, SOLUTION}
        assert [clock.due_at for (clock,) in clocks.values()] == [later(4), later(4)]
        assert told("made") == [MONDAY, MONDAY]

    def test_without_a_first_answer_where_one_of_us_wrote_first(self, desk: Desk) -> None:
        desk.promise()

        assert set(desk.clocks(desk.opens(actor=desk.ada, waits=False), at=MONDAY)) == {SOLUTION}

    def test_not_with_what_was_imported(self, desk: Desk) -> None:
        desk.promise()

        assert desk.clocks(desk.opens(is_quiet=True), at=MONDAY) == {}
        assert not Clock.objects.exists()

    def test_not_where_nothing_is_promised(self, desk: Desk) -> None:
        desk.promise(conditions={"field": "priority", "operator": "is", "value": "4"})

        case = desk.opens()
        assert desk.clocks(case, at=MONDAY) == {}
        desk.answers(case, at=later(1), status=Category.SOLVED)
        assert desk.clocks(case, at=later(2)) == {}
        assert not Clock.objects.exists()

    def test_by_the_first_policy_that_fits(self, desk: Desk) -> None:
        desk.promise("For urgent matters", conditions={"field": "priority", "operator": "is", "value": "4"})
        slow = desk.promise("For all", targets={SOLUTION: dict.fromkeys(range(1, 5), 8 * 3600)})
        urgent, usual = desk.opens(priority=4), desk.opens()

        assert desk.clock(urgent, SOLUTION, at=MONDAY).policy == "For urgent matters"
        assert desk.clock(usual, SOLUTION, at=MONDAY).policy == "For all"

        services.move_policy(policy_id=slow, position=0, actor=desk.house.actor("mina"), at=MONDAY)
        assert desk.clock(desk.opens(priority=4), SOLUTION, at=MONDAY).policy == "For all"

    def test_of_the_wait_counts_though_the_promise_came_later(self, desk: Desk) -> None:
        desk.promise(conditions={"field": "priority", "operator": "is", "value": "4"})
        case = desk.opens()
        desk.follow()

        cases.prioritize(case_id=case, priority=4, actor=desk.ada, at=later(1))

        assert desk.clock(case, FIRST, at=later(1)).due_at == later(4)

    def test_of_the_promise_is_the_earliest_at_which_it_can_be_broken(self, desk: Desk) -> None:
        desk.promise(conditions={"field": "priority", "operator": "is", "value": "4"})
        case = desk.opens()
        desk.follow()

        cases.prioritize(case_id=case, priority=4, actor=desk.ada, at=later(6))

        assert desk.clock(case, FIRST, at=later(6)).due_at == later(6)


class TestAnswer:
    def test_in_time_keeps_the_promise(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        desk.answers(case, at=later(3))

        clock = desk.clock(case, FIRST, at=later(9))
        assert (clock.outcome, clock.ended_at, clock.spent_s) == (KEPT, later(3), 3 * 3600)
        assert told("kept") == [later(3)]

    def test_too_late_misses_it_at_the_moment_it_was_due(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        desk.answers(case, at=later(5))

        assert desk.clock(case, FIRST, at=later(9)).outcome == MISSED
        assert told("missed") == [later(4)]

    def test_is_promised_again_when_the_customer_writes_again(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()
        desk.answers(case, at=later(1))

        desk.omar_writes(case, at=later(2))
        desk.omar_writes(case, at=later(3))

        assert desk.clock(case, NEXT, at=later(3)).due_at == later(6)
        desk.answers(case, at=later(4))
        assert desk.outcomes(case)[NEXT] == [KEPT]

    def test_to_a_second_word_before_the_first_answer_is_the_first_answer(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        desk.omar_writes(case, at=later(1))

        assert set(desk.clocks(case, at=later(2))) == {FIRST, SOLUTION}

    def test_is_waited_for_in_whatever_status(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        desk.becomes(case, Category.WAITING, at=later(1))

        assert desk.clock(case, FIRST, at=later(1)).due_at == later(4)

    def test_that_never_came_is_no_promise_kept(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        desk.becomes(case, Category.SOLVED, at=later(1))

        assert desk.outcomes(case) == {FIRST: [CALLED_OFF], SOLUTION: [KEPT]}

    def test_that_never_came_in_time_was_missed(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        desk.becomes(case, Category.SOLVED, at=later(5))

        assert desk.outcomes(case) == {FIRST: [MISSED], SOLUTION: [MISSED]}


class TestSolution:
    def test_waits_while_the_customer_does_not_answer(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()
        desk.answers(case, at=later(1))
        assert desk.clock(case, SOLUTION, at=later(2)).due_at is None

        desk.omar_writes(case, at=later(5))

        clock = desk.clock(case, SOLUTION, at=later(6))
        assert clock.due_at == later(8)  # an hour spent, three to go, at three in the afternoon
        assert [part.why for part in clock.stretches] == [Why.PROMISED, Why.PAUSED, Why.RESUMED]
        assert [part.spent_s for part in clock.stretches] == [3600, 0, 3600]

    def test_waits_only_where_the_policy_says_so(self, desk: Desk) -> None:
        desk.promise(pauses=())
        case = desk.opens()

        desk.answers(case, at=later(1))

        assert desk.clock(case, SOLUTION, at=later(1)).due_at == later(4)

    def test_is_promised_anew_for_a_case_that_opens_again(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()
        desk.answers(case, at=later(1), status=Category.SOLVED)

        cases.reopen(case_id=case, actor=desk.ada, at=later(2))

        assert desk.clock(case, SOLUTION, at=later(2)).due_at == later(6)
        assert desk.outcomes(case)[SOLUTION] == [KEPT, Outcome.RUNNING]

    def test_stands_still_for_spam_and_goes_on_when_it_was_none(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()

        cases.mark_spam(case_id=case, actor=desk.ada, at=later(1))
        assert {clock.due_at for (clock,) in desk.clocks(case, at=later(1)).values()} == {None}
        cases.unmark_spam(case_id=case, actor=desk.ada, at=later(3))

        assert {clock.due_at for (clock,) in desk.clocks(case, at=later(3)).values()} == {later(6)}


class TestChange:
    def test_of_the_priority_changes_what_is_promised(self, desk: Desk) -> None:
        desk.promise(targets={SOLUTION: {2: 4 * 3600, 4: 2 * 3600}})
        case = desk.opens()
        desk.follow()

        cases.prioritize(case_id=case, priority=4, actor=desk.ada, at=later(1))
        assert desk.clock(case, SOLUTION, at=later(1)).due_at == later(2)
        cases.prioritize(case_id=case, priority=1, actor=desk.ada, at=later(1.5))

        clock = desk.clock(case, SOLUTION, at=later(1.5))
        assert (clock.due_at, clock.outcome) == (None, Outcome.RUNNING)

    def test_of_the_priority_does_not_undo_what_was_missed(self, desk: Desk) -> None:
        desk.promise(targets={SOLUTION: {2: 3600, 1: 8 * 3600}})
        case = desk.opens()
        desk.follow()

        cases.prioritize(case_id=case, priority=1, actor=desk.ada, at=later(2))
        desk.follow()
        desk.becomes(case, Category.SOLVED, at=later(3))

        assert desk.outcomes(case) == {SOLUTION: [MISSED]}

    def test_of_a_policy_is_for_what_begins_afterwards(self, desk: Desk) -> None:
        policy = desk.promise()
        before = desk.opens()
        desk.follow()

        hour = {measure: dict.fromkeys(range(1, 5), 3600) for measure in BY_POLICY}
        services.change_policy(
            policy_id=policy, settings=desk.said(targets=hour), actor=desk.house.actor("mina"), at=later(0.5)
        )
        after = desk.opens(at=later(0.5))
        cases.rename(case_id=before, subject_line="Other", requester_name="Omar", actor=desk.ada, at=later(1))
        cases.prioritize(case_id=before, priority=3, actor=desk.ada, at=later(1))

        assert desk.clock(before, FIRST, at=later(1)).due_at == later(4)
        assert desk.clock(after, FIRST, at=later(1)).due_at == later(1.5)

    def test_of_the_hours_moves_what_is_due_and_nothing_that_is_over(self, desk: Desk) -> None:
        desk.promise()
        done, case = desk.opens(), desk.opens(at=later(6))
        desk.answers(done, at=later(1), status=Category.SOLVED)
        desk.follow()
        assert desk.clock(case, FIRST, at=later(6)).due_at == later(25)
        over = queries.clocks_of_cases([done], viewer=desk.ada, at=later(30))[done]

        calendars.set_day(
            calendar_id=desk.calendar,
            day=DayRow(date=date(2026, 11, 3), name="We move house"),
            actor=desk.house.actor("mina"),
            at=later(7),
        )
        assert services.recount(calendar_id=desk.calendar, at=later(7), limit=1) is not None
        while (after := services.recount(calendar_id=desk.calendar, at=later(7), limit=100)) is not None:
            assert after

        assert desk.clock(case, FIRST, at=later(7)).due_at == later(49)
        assert [clock.due_at for clock in queries.clocks_of_cases([done], viewer=desk.ada, at=later(30))[done]] == [
            clock.due_at for clock in over
        ]


class TestRing:
    def ring(self, at: datetime) -> None:
        for clock_id in Clock.objects.order_by("id").values_list("id", flat=True):
            services.ring(clock_id=clock_id, at=at)

    def test_takes_each_step_once(self, desk: Desk) -> None:
        urgent = Escalation(share=2.0, tell=(Whom.MANAGERS,), priority=4)
        desk.promise(targets={FIRST: HOURS[FIRST]}, steps=(*USUAL, urgent))
        desk.opens()
        desk.follow()

        rings = []
        for hours in (1, 3, 3.1, 4.5, 5, 8, 9, 50):
            self.ring(later(hours))
            rings.append(Timer.objects.filter(kind=services.COMMITMENT).values_list("due_at", flat=True).first())

        assert rings == [later(3), later(4), later(4), later(8), later(8), None, None, None]
        assert (told("escalated"), told("missed")) == ([later(8), later(4), later(3)], [later(4)])

    def test_again_when_there_is_more_time_again(self, desk: Desk) -> None:
        desk.promise(targets={FIRST: {2: 4 * 3600, 1: 8 * 3600}})
        case = desk.opens()
        desk.follow()
        self.ring(later(3.5))

        cases.prioritize(case_id=case, priority=1, actor=desk.ada, at=later(3.5))
        desk.follow()

        assert Timer.objects.get(kind=services.COMMITMENT).due_at == later(6)

    def test_of_what_was_answered_meanwhile_says_nothing(self, desk: Desk) -> None:
        desk.promise(targets={FIRST: HOURS[FIRST]})
        case = desk.opens()
        desk.follow()
        desk.answers(case, at=later(1))
        desk.follow()

        self.ring(later(5))

        assert not Timer.objects.filter(kind=services.COMMITMENT).exists()
        assert (told("escalated"), told("missed")) == ([], [])

    def test_that_came_too_late_says_when_it_was_missed(self, desk: Desk) -> None:
        desk.promise(targets={FIRST: HOURS[FIRST]})
        desk.opens()
        desk.follow()

        self.ring(later(9))

        assert (told("escalated"), told("missed")) == ([later(4), later(3)], [later(4)])


class TestVisibility:
    def test_a_colleague_sees_those_of_the_cases_they_see(self, desk: Desk) -> None:
        desk.promise()
        case = desk.opens()
        desk.follow()

        assert queries.clocks_of_cases([case], viewer=desk.house.actor("cole"), at=MONDAY) == {}


moves = st.lists(
    st.tuples(
        st.sampled_from(["writes", "answers", "waiting", "open", "solved", "again"]),
        st.sampled_from([0, 60, 3600, 7200, 20_000, 100_000]),
    ),
    max_size=10,
)


def live(desk: Desk, what: list[tuple[str, int]]) -> int:
    """Let a case live as far as its moves are allowed."""
    case, at = desk.opens(), MONDAY
    category = Category.NEW
    for move, seconds in what:
        at += timedelta(seconds=seconds)
        done = category == Category.SOLVED
        match move:
            case "writes":
                desk.omar_writes(case, at=at)
                category = Category.OPEN if done or category == Category.WAITING else category
            case "answers" if not done:
                desk.answers(case, at=at)
                category = Category.WAITING
            case "waiting" | "open" | "solved" if not done and move != category:
                category = Category(move)
                desk.becomes(case, category, at=at)
            case "again" if done:
                cases.reopen(case_id=case, actor=HOUSE, at=at)
                category = Category.OPEN
    return case


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=moves, batch=st.integers(1, 4))
def test_clocks_are_the_same_in_whatever_portions_the_log_is_read(
    desk: Desk, what: list[tuple[str, int]], batch: int
) -> None:
    if not queries.policies_of(desk.ada):
        desk.promise()
    at_once, in_parts = live(desk, what), live(desk, what)

    told = []
    for case, portion in ((at_once, 1000), (in_parts, batch)):
        number_events()
        its_own = [
            one for one in events_between(0, head_position(), limit=10_000) if one.event.subject == f"case:{case}"
        ]
        for first in range(0, len(its_own), portion):
            services.follow_cases(its_own[first : first + portion])
        clocks = queries.clocks_of_cases([case], viewer=desk.ada, at=MONDAY + timedelta(days=20))[case]
        told.append([(one.measure, one.outcome, one.due_at, one.spent_s, one.stretches) for one in clocks])

    assert told[0] == told[1]
