"""What a rule would have touched, by the log: the cases as they were then, and honest about what it does not tell."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.automation.errors import BadRule, MayNotMakeRules
from careloop.domains.automation.models import Run
from careloop.domains.automation.states import When
from careloop.domains.cases import services as case_services
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import case_types, cases_by_id, holding, reasons, status_ids
from careloop.domains.cases.states import Category
from careloop.domains.commitments.events import CommitmentMissed
from careloop.kernel.actors import HOUSE
from careloop.kernel.conditions import matches
from careloop.kernel.events import record, stories, subject
from careloop.processes.automation.then import facts_at
from careloop.processes.automation.trying import Trial, what_it_would_have_touched
from tests.cast import NOW
from tests.processes.automation.conftest import Desk, later

pytestmark = pytest.mark.database

URGENT = {"field": "priority", "operator": "is", "value": "4"}
WAITING = {"field": "waiting_since", "operator": "is_set"}


def tried(desk: Desk, *, hours: float = 48, who: str = "mina", **said: object) -> Trial:
    viewer = desk.house.actor(who)
    return what_it_would_have_touched(settings=desk.said(**said), viewer=viewer, at=later(hours))  # type: ignore[arg-type]


def touched(trial: Trial) -> dict[int | None, int]:
    return {one.case_id: one.times for one in trial.touched}


class TestTrial:
    def test_looks_at_cases_as_they_were_then(self, desk: Desk) -> None:
        was_urgent, became_urgent = desk.opens(priority=4), desk.opens(priority=2)
        for case_id, priority in ((was_urgent, 1), (became_urgent, 4)):
            case_services.prioritize(case_id=case_id, priority=priority, actor=desk.ada, at=later(1))

        trial = tried(desk, conditions=URGENT)

        assert touched(trial) == {was_urgent: 1}
        assert (trial.event_count, trial.run_count, trial.as_today) == (2, 1, ())
        assert touched(tried(desk, when=(When.PRIORITIZED,), conditions=URGENT)) == {became_urgent: 1}
        assert not Run.objects.exists()

    def test_leaves_out_what_is_older_and_what_was_imported(self, desk: Desk) -> None:
        desk.opens(at=later(-24 * 8))
        desk.opens(is_quiet=True)
        case_id = desk.opens()

        assert touched(tried(desk)) == {case_id: 1}

    def test_a_rule_that_waits_looks_when_its_time_has_come(self, desk: Desk) -> None:
        unanswered, answered = desk.opens(), desk.opens()
        desk.opens(at=later(45))
        case_services.answered(case_id=answered, message_id=1, status_id=None, actor=desk.ada, at=later(3))

        trial = tried(desk, delay_s=4 * 3600, conditions=WAITING)

        assert touched(trial) == {unanswered: 1}
        assert (trial.touched[0].at, trial.pending_count) == (later(4), 1)

    def test_silence_begins_again_with_the_last_answer(self, desk: Desk) -> None:
        case_id = desk.opens()
        for hours in (1, 3, 12):
            case_services.answered(case_id=case_id, message_id=1, status_id=None, actor=desk.ada, at=later(hours))

        trial = tried(desk, when=(When.ANSWERED,), delay_s=6 * 3600, from_last=True)

        assert touched(trial) == {case_id: 2}
        assert trial.touched[0].at == later(9)

    def test_says_what_the_log_does_not_tell(self, desk: Desk) -> None:
        case_id = desk.opens(subject="A refund")
        words = {"field": "words", "operator": "contains_words", "value": "refund"}

        trial = tried(desk, conditions=words)

        assert (touched(trial), trial.as_today) == ({case_id: 1}, ("words",))

    def test_takes_no_caller_who_waits_for_a_case(self, desk: Desk) -> None:
        case_id = desk.opens()
        said: dict[str, Any] = {"actor": str(HOUSE), "measure": "wait", "version_id": None, "clock_id": 1}
        for kind, hours in (("case", 1), ("call", 2)):
            record(CommitmentMissed(subject=subject(kind, case_id), at=later(hours), **said))

        assert touched(tried(desk, when=(When.PROMISE_MISSED,))) == {case_id: 1}

    def test_refuses_others_and_what_cannot_be_kept(self, desk: Desk) -> None:
        with pytest.raises(MayNotMakeRules):
            tried(desk, who="grace")
        with pytest.raises(BadRule):
            tried(desk, actions=())


CONDITIONS = [
    URGENT,
    WAITING,
    {"field": "category", "operator": "any_of", "value": ["solved", "closed"]},
    {"field": "assignee", "operator": "is_set"},
    {"field": "tag", "operator": "all_of", "value": ["a", "b"]},
    {"field": "tag", "operator": "none_of", "value": ["a"]},
    {"field": "reopen_count", "operator": "at_least", "value": 1},
    {"field": "first_response_at", "operator": "is_not_set"},
    {"field": "solved_at", "operator": "within_last", "value": {"amount": 3, "unit": "hours"}},
    {"field": "waiting_since", "operator": "older_than", "value": {"amount": 2, "unit": "hours"}},
    {"field": "activity_at", "operator": "older_than", "value": {"amount": 2, "unit": "hours"}},
    {"field": "is_spam", "operator": "is", "value": True},
    {"not": {"or": [URGENT, WAITING]}},
]
MOVES = (
    "answer",
    "write",
    "solve",
    "open",
    "take",
    "tag a",
    "tag b",
    "untag a",
    "urgent",
    "normal",
    "spam",
    "ham",
    "type",
)


class TestTwin:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(moves=st.lists(st.sampled_from(MOVES), max_size=10))
    def test_what_the_log_tells_of_now_is_what_the_case_is(self, desk: Desk, moves: list[str]) -> None:
        case_id = desk.opens()
        for index, move in enumerate(moves, start=1):
            _make(desk, case_id, move, index)
        now = later(len(moves) + 1)

        story = stories([subject("case", case_id)])
        facts = facts_at(
            story,
            [now],
            today=cases_by_id([case_id], viewer=HOUSE)[case_id],
            status_id=status_ids([case_id])[case_id],
            reasons={row.code: row.id for row in reasons()},
        )[now]

        more = [
            {"field": "status", "operator": "is", "value": status_ids([case_id])[case_id]},
            {"field": "type", "operator": "is", "value": case_types()[0].id},
        ]
        asked: list[Any] = [*CONDITIONS, *more]
        held = holding([case_id], asked, now=now)[case_id]
        told = {index for index, one in enumerate(asked) if matches(as_tree(one), facts, now)}
        assert told == held, (moves, facts)


def _make(desk: Desk, case_id: int, move: str, index: int) -> None:
    at, category = NOW + timedelta(hours=index), desk.case(case_id).category
    match move:
        case "answer" if category != Category.SOLVED:
            case_services.answered(case_id=case_id, message_id=1, status_id=None, actor=desk.ada, at=at)
        case "write":
            case_services.customer_wrote(case_id=case_id, message_id=1, customer_id=desk.omar, actor=HOUSE, at=at)
        case "solve" | "open":
            status = desk.status(Category.SOLVED if move == "solve" else Category.OPEN)
            case_services.change_status(case_id=case_id, status_id=status, actor=desk.ada, at=at)
        case "take":
            case_services.assign(
                case_id=case_id, assignee_id=desk.house.ids["ada"], team_id=None, actor=desk.ada, at=at
            )
        case "tag a" | "tag b":
            case_services.tag(case_id=case_id, add=[move[-1]], remove=[], actor=desk.ada, at=at)
        case "untag a":
            case_services.tag(case_id=case_id, add=[], remove=["a"], actor=desk.ada, at=at)
        case "urgent" | "normal":
            case_services.prioritize(case_id=case_id, priority=4 if move == "urgent" else 2, actor=desk.ada, at=at)
        case "spam":
            case_services.mark_spam(case_id=case_id, actor=desk.ada, at=at)
        case "ham":
            case_services.unmark_spam(case_id=case_id, actor=desk.ada, at=at)
        case "type":
            case_services.set_type(case_id=case_id, type_id=case_types()[0].id, actor=desk.ada, at=at)
