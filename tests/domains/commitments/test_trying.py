"""What a policy would have changed: told before it is saved, from what happened, and never written."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import Category
from careloop.domains.commitments import queries
from careloop.domains.commitments.errors import BadPolicy, MayNotPromise, PolicyNotFound
from careloop.domains.commitments.models import Clock, ClockTurn, PolicyVersion
from careloop.domains.commitments.replay import Terms, outcome_of, waits_of
from careloop.domains.commitments.states import Measure, Outcome
from careloop.domains.commitments.trying import (
    what_moving_would_change,
    what_retiring_would_change,
    what_would_change,
)
from careloop.domains.commitments.types import PolicySettings, Trial
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import stories, subject, trail
from tests.domains.commitments.conftest import HOURS, MONDAY, Desk, later
from tests.domains.commitments.test_following import live, moves

pytestmark = pytest.mark.database
FIRST, NEXT, SOLUTION = Measure.FIRST_RESPONSE, Measure.NEXT_RESPONSE, Measure.RESOLUTION
URGENT = {"field": "priority", "operator": "is", "value": "4"}
EVENING = later(10)


def tried(desk: Desk, said: PolicySettings, policy_id: int | None, **wish: Any) -> Trial:
    desk.follow()
    wishes = {"at": EVENING, **wish}
    return what_would_change(policy_id=policy_id, settings=said, viewer=desk.house.actor("mina"), **wishes)


def told(trial: Trial) -> list[tuple[Measure, Outcome | None, Outcome | None]]:
    return sorted((change.measure, change.was, change.now) for change in trial.changes)


def promising(hours: float, *measures: Measure) -> Mapping[Measure, Mapping[int, int]]:
    return {measure: dict.fromkeys(range(1, 5), int(hours * 3600)) for measure in measures}


class TestTrial:
    def test_of_a_shorter_time_says_which_promises_would_have_been_missed(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(4, FIRST))
        slow, quick = desk.opens(), desk.opens()
        desk.answers(slow, at=later(3))
        desk.answers(quick, at=later(1))

        trial = tried(desk, desk.said(targets=promising(2, FIRST)), policy)

        assert [(one.case_id, one.was, one.now) for one in trial.changes] == [(slow, Outcome.KEPT, Outcome.MISSED)]
        assert (trial.before(FIRST, Outcome.KEPT), trial.after(FIRST, Outcome.KEPT)) == (2, 1)
        assert (trial.before(FIRST, Outcome.MISSED), trial.after(FIRST, Outcome.MISSED)) == (0, 1)
        assert (trial.case_count, trial.held_count, trial.held_before_count) == (2, 2, 2)

    def test_of_the_first_policy_says_what_it_would_have_promised(self, desk: Desk) -> None:
        case = desk.opens()
        desk.answers(case, at=later(1))

        trial = tried(desk, desk.said(targets=promising(2, FIRST, SOLUTION), pauses=()), None)

        assert told(trial) == [(FIRST, None, Outcome.KEPT), (SOLUTION, None, Outcome.MISSED)]
        assert (trial.held_count, trial.held_before_count) == (1, 0)

    def test_of_another_measure_counts_it_as_new(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(4, FIRST))
        case = desk.opens()
        desk.answers(case, at=later(1))
        desk.omar_writes(case, at=later(2))
        desk.answers(case, at=later(5))

        trial = tried(desk, desk.said(targets={**promising(4, FIRST), **promising(2, NEXT)}), policy)

        assert told(trial) == [(NEXT, None, Outcome.MISSED)]
        assert trial.after(FIRST, Outcome.KEPT) == 1

    def test_of_narrower_conditions_lets_the_others_go(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(4, FIRST))
        plain, urgent = desk.opens(), desk.opens(priority=4)
        for case in (plain, urgent):
            desk.answers(case, at=later(1))

        trial = tried(desk, desk.said(targets=promising(4, FIRST), conditions=URGENT), policy)

        assert [(one.case_id, one.was, one.now) for one in trial.changes] == [(plain, Outcome.KEPT, None)]
        assert (trial.held_count, trial.held_before_count) == (1, 2)

    def test_of_a_policy_behind_one_that_holds_for_all_changes_nothing(self, desk: Desk) -> None:
        desk.promise(targets=promising(4, FIRST))
        desk.opens()

        trial = tried(desk, desk.said("Another", targets=promising(1, FIRST)), None)

        assert trial.changes == ()
        assert trial.held_count == 0

    def test_of_pauses_lets_the_clock_of_the_solution_run_on(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(4, SOLUTION))
        case = desk.opens()
        desk.answers(case, at=later(1), status=Category.WAITING)
        desk.becomes(case, Category.SOLVED, at=later(6))

        trial = tried(desk, desk.said(targets=promising(4, SOLUTION), pauses=()), policy)

        assert told(trial) == [(SOLUTION, Outcome.KEPT, Outcome.MISSED)]

    def test_around_the_clock_counts_the_night(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(9, FIRST))
        case = desk.opens()
        desk.answers(case, at=later(23))

        trial = tried(desk, desk.said(targets=promising(9, FIRST), calendar_id=None), policy, at=later(30))

        assert told(trial) == [(FIRST, Outcome.KEPT, Outcome.MISSED)]

    def test_holds_a_case_to_the_priority_it_had(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(4, FIRST))
        case = desk.opens()
        desk.follow()
        cases.prioritize(case_id=case, priority=4, actor=desk.ada, at=later(1))
        desk.answers(case, at=later(3))

        trial = tried(desk, desk.said(targets={FIRST: {2: 8 * 3600, 4: 2 * 3600}}), policy)

        assert told(trial) == [(FIRST, Outcome.KEPT, Outcome.MISSED)]

    def test_writes_nothing(self, desk: Desk) -> None:
        policy = desk.promise()
        desk.answers(desk.opens(), at=later(1))
        desk.follow()
        counts = [model.objects.count() for model in (Clock, ClockTurn, PolicyVersion)]
        log, row = [one.id for one in trail(limit=1000)], queries.policy_of(HOUSE, policy_id=policy)

        tried(desk, desk.said(targets=promising(1, SOLUTION)), policy)

        assert [model.objects.count() for model in (Clock, ClockTurn, PolicyVersion)] == counts
        assert [one.id for one in trail(limit=1000)] == log
        assert queries.policy_of(HOUSE, policy_id=policy) == row

    def test_looks_at_the_newest_of_too_many_and_says_so(self, desk: Desk) -> None:
        policy = desk.promise(targets=promising(4, FIRST))
        old, new = desk.opens(), desk.opens(at=later(1))
        for case in (old, new):
            desk.answers(case, at=later(4))

        trial = tried(desk, desk.said(targets=promising(1, FIRST)), policy, most=1)

        assert (trial.case_count, trial.is_cut, [one.case_id for one in trial.changes]) == (1, True, [new])

    def test_leaves_out_what_is_longer_ago(self, desk: Desk) -> None:
        desk.opens()

        assert tried(desk, desk.said(), None, at=MONDAY + timedelta(days=8), days=7).case_count == 0

    def test_refuses_what_could_not_be_saved_and_whoever_may_not_save_it(self, desk: Desk) -> None:
        with pytest.raises(BadPolicy):
            tried(desk, desk.said(targets={}), None)
        with pytest.raises(PolicyNotFound):
            tried(desk, desk.said(), 10**9)
        with pytest.raises(MayNotPromise):
            what_would_change(policy_id=None, settings=desk.said(), viewer=desk.house.actor("grace"), at=MONDAY)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=moves)
def test_what_is_worked_out_is_what_became_of_the_clocks(desk: Desk, what: list[tuple[str, int]]) -> None:
    """A policy tried as it is changes nothing, and what is replayed from the log is what the clocks said."""
    if not queries.policies_of(desk.ada):
        desk.promise()
    (policy,) = queries.policies_of(desk.ada)
    case, at = live(desk, what), MONDAY + timedelta(days=20)
    clocks = [clock for found in desk.clocks(case, at=at).values() for clock in found]

    trial = tried(desk, policy.settings, policy.id, at=at)
    terms = Terms(targets=HOURS, calendar=hours_by_id(at=at)[desk.calendar], pauses=("waiting",))
    events = [one.event for one in stories([subject("case", case)])]
    replayed = {
        (wait.measure, wait.started_at): outcome_of(wait, lambda _at: terms, now=at) for wait in waits_of(events)
    }

    assert trial.changes == ()
    assert replayed == {
        (clock.measure, clock.started_at): Outcome.MISSED if clock.is_late(at) else clock.outcome for clock in clocks
    }


class TestOrder:
    def test_says_what_another_policy_would_have_promised(self, desk: Desk) -> None:
        desk.promise("All", targets=promising(4, FIRST))
        strict = desk.promise("Strict", targets=promising(2, FIRST))
        slow, quick = desk.opens(), desk.opens()
        desk.answers(slow, at=later(3))
        desk.answers(quick, at=later(1))
        desk.follow()
        mina = desk.house.actor("mina")

        trial = what_moving_would_change(policy_id=strict, position=0, viewer=mina, at=EVENING)
        stays = what_moving_would_change(policy_id=strict, position=7, viewer=mina, at=EVENING)

        assert [(one.case_id, one.was, one.now) for one in trial.changes] == [(slow, Outcome.KEPT, Outcome.MISSED)]
        assert (trial.held_count, trial.held_before_count) == (2, 0)
        assert stays.changes == ()
        assert [row.settings.name for row in queries.policies_of(mina)] == ["All", "Strict"]

    def test_of_policies_that_never_meet_changes_nothing(self, desk: Desk) -> None:
        desk.promise("Urgent", conditions=URGENT, targets=promising(1, FIRST))
        rest = desk.promise("Others", conditions={"not": URGENT}, targets=promising(4, FIRST))
        urgent, usual = desk.opens(priority=4), desk.opens()
        desk.answers(urgent, at=later(2))
        desk.answers(usual, at=later(2))
        desk.follow()

        trial = what_moving_would_change(policy_id=rest, position=0, viewer=desk.house.actor("mina"), at=EVENING)

        assert trial.changes == ()
        assert (trial.held_count, trial.held_before_count) == (1, 1)

    def test_without_a_policy_the_next_one_would_have_promised_or_nothing(self, desk: Desk) -> None:
        first = desk.promise("Strict", conditions=URGENT, targets=promising(2, FIRST))
        last = desk.promise("All", targets=promising(4, FIRST))
        urgent, usual = desk.opens(priority=4), desk.opens()
        for case in (urgent, usual):
            desk.answers(case, at=later(3))
        desk.follow()
        mina = desk.house.actor("mina")

        without_first = what_retiring_would_change(policy_id=first, viewer=mina, at=EVENING)
        without_last = what_retiring_would_change(policy_id=last, viewer=mina, at=EVENING)

        assert [(one.case_id, one.was, one.now) for one in without_first.changes] == [
            (urgent, Outcome.MISSED, Outcome.KEPT)
        ]
        assert [(one.case_id, one.was, one.now) for one in without_last.changes] == [(usual, Outcome.KEPT, None)]
        assert len(queries.policies_of(mina)) == 2

    def test_is_for_those_who_may_promise_and_of_what_is_there(self, desk: Desk) -> None:
        policy = desk.promise()

        with pytest.raises(MayNotPromise):
            what_moving_would_change(policy_id=policy, position=0, viewer=desk.ada, at=EVENING)
        with pytest.raises(MayNotPromise):
            what_retiring_would_change(policy_id=policy, viewer=desk.ada, at=EVENING)
        with pytest.raises(PolicyNotFound):
            what_retiring_would_change(policy_id=policy + 999, viewer=desk.house.actor("mina"), at=EVENING)
