"""No set of rules runs for ever, and reading the log again changes nothing."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.automation import services
from careloop.domains.automation.services.running import MOST_A_DAY, MOST_DEPTH
from careloop.domains.automation.states import ActionKind, Outcome, When, Why
from careloop.domains.automation.types import Action
from careloop.domains.cases import services as case_services
from careloop.domains.cases.queries import statuses
from careloop.domains.cases.states import Category
from careloop.kernel.events import events_between, head_position, history, subject
from careloop.processes.automation.running import run_rules
from tests.cast import NOW
from tests.processes.automation.conftest import Desk, does, later

pytestmark = pytest.mark.database

CAUSES = (When.OPENED, When.STATUS_CHANGED, When.SOLVED, When.REOPENED, When.PRIORITIZED, When.TAGGED, When.NOTED)


def actions() -> st.SearchStrategy[Action]:
    """Make actions that other rules wait for. A status is named by its category, for the test to look up."""
    return st.one_of(
        st.sampled_from("1234").map(lambda value: does(ActionKind.PRIORITY, value)),
        st.sampled_from(("open", "waiting", "solved")).map(lambda value: does(ActionKind.STATUS, value)),
        st.sampled_from("abc").map(lambda value: does(ActionKind.TAG, value)),
        st.sampled_from("abc").map(lambda value: does(ActionKind.UNTAG, value)),
        st.just(does(ActionKind.NOTE, "again")),
    )


def rule_sets() -> st.SearchStrategy[list[tuple[list[When], list[Action]]]]:
    whens = st.lists(st.sampled_from(CAUSES), min_size=1, max_size=4, unique=True)
    done = st.lists(actions(), min_size=1, max_size=3, unique_by=lambda action: action.kind)
    return st.lists(st.tuples(whens, done), min_size=1, max_size=7)


class TestGuard:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rules=rule_sets())
    def test_any_set_of_rules_comes_to_an_end_and_reading_again_changes_nothing(
        self, desk: Desk, rules: list[tuple[list[When], list[Action]]]
    ) -> None:
        by_category = {row.category: str(row.id) for row in statuses() if row.is_default}
        made = []
        for index, (when, done) in enumerate(rules):
            said = [
                Action(kind=one.kind, value=by_category[one.value]) if one.kind is ActionKind.STATUS else one
                for one in done
            ]
            made.append(desk.rule(f"Rule {index}", when=tuple(when), actions=tuple(said)))
        begin = head_position()
        case_id = desk.opens()
        try:
            desk.follow()
            runs = desk.runs(case_id=case_id)

            ran = [(run.rule_id, run.event_id) for run in runs]
            assert len(set(ran)) == len(ran)
            acted = [run.rule_id for run in runs if run.outcome is Outcome.DONE]
            assert len(set(acted)) == len(acted), "one event from outside, one chain, each rule once"
            assert all(run.depth < MOST_DEPTH for run in runs if run.outcome is Outcome.DONE)
            story = history([subject("case", case_id)], limit=1000)
            run_rules(events_between(begin, head_position(), limit=10_000))
            assert desk.unread() == []
            assert history([subject("case", case_id)], limit=1000) == story
            assert desk.runs(case_id=case_id) == runs
        finally:
            for rule_id in made:
                services.retire_rule(rule_id=rule_id, actor=desk.mina, at=NOW)

    def test_two_rules_that_undo_each_other_stop_and_say_so(self, desk: Desk) -> None:
        up = desk.rule("Up", when=(When.OPENED, When.PRIORITIZED), actions=(does(ActionKind.PRIORITY, 4),))
        low = {"field": "priority", "operator": "is", "value": "4"}
        down = desk.rule("Down", when=(When.PRIORITIZED,), conditions=low, actions=(does(ActionKind.PRIORITY, 1),))
        case_id = desk.opens()
        desk.follow()

        told = [(run.rule_id, run.outcome, run.why, run.depth) for run in reversed(desk.runs(case_id=case_id))]
        assert told == [
            (up, Outcome.DONE, Why.NONE, 0),
            (up, Outcome.STOPPED, Why.LOOP, 1),
            (down, Outcome.DONE, Why.NONE, 1),
            (up, Outcome.STOPPED, Why.LOOP, 2),
        ]

    def test_a_chain_is_only_so_long(self, desk: Desk) -> None:
        steps: list[int] = []
        # The later step is asked first, so that each needs an event of the one before it.
        for depth in reversed(range(MOST_DEPTH + 1)):
            tag = {"field": "tag", "operator": "any_of", "value": [f"t{depth}"]}
            done = (does(ActionKind.TAG, f"t{depth + 1}"),)
            steps.append(desk.rule(f"Step {depth}", when=(When.TAGGED,), conditions=tag, actions=done))
        case_id = desk.opens()
        case_services.tag(case_id=case_id, add=["t0"], remove=[], actor=desk.ada, at=NOW)
        desk.follow()

        assert desk.case(case_id).tags == tuple(f"t{depth}" for depth in range(MOST_DEPTH + 1))
        (stopped,) = desk.runs(rule_id=steps[0])
        assert (stopped.outcome, stopped.why, stopped.depth) == (Outcome.STOPPED, Why.DEPTH, MOST_DEPTH)

    def test_what_passes_through_the_world_outside_is_held_by_the_day(self, desk: Desk) -> None:
        desk.rule(when=(When.CUSTOMER_WROTE,), actions=(does(ActionKind.NOTE, "They wrote"),))
        case_id = desk.opens()
        for minute in range(MOST_A_DAY + 3):
            wrote(desk, case_id, later(minute / 60))
        desk.follow()
        wrote(desk, case_id, later(25))
        desk.follow()

        outcomes = desk.outcomes(case_id=case_id)
        assert outcomes == [Outcome.DONE] * MOST_A_DAY + [Outcome.STOPPED] * 3 + [Outcome.DONE]

    def test_a_rule_acts_again_on_what_people_do_anew(self, desk: Desk) -> None:
        desk.rule(when=(When.SOLVED,), actions=(does(ActionKind.NOTE, "Solved"),))
        case_id = desk.opens()
        for category in (Category.SOLVED, Category.OPEN, Category.SOLVED):
            case_services.change_status(case_id=case_id, status_id=desk.status(category), actor=desk.ada, at=NOW)
        desk.follow()

        assert desk.outcomes(case_id=case_id) == [Outcome.DONE, Outcome.DONE]


def wrote(desk: Desk, case_id: int, at: datetime) -> None:
    case_services.customer_wrote(case_id=case_id, message_id=1, customer_id=desk.omar, actor=desk.ada, at=at)
