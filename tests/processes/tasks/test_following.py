"""What follows from tasks: notices to whoever is asked and whoever waits, and rules that ask."""

import pytest

from careloop.domains.automation.checking import problem_with_actions
from careloop.domains.automation.states import ActionKind, Result
from careloop.domains.automation.types import Action, Step, rule_actor
from careloop.domains.cases import queries as cases
from careloop.domains.cases import services as case_services
from careloop.domains.notifications.queries import notices_of, pending_for
from careloop.domains.notifications.types import Waiting
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.tasks import queries, services
from careloop.domains.tasks.tallies import count_tasks
from careloop.domains.tasks.types import USUAL_SHARES
from careloop.kernel.events import events_between, head_position
from careloop.kernel.readers import number_events
from careloop.processes.automation.acting import act_for_rule
from careloop.processes.subscriptions import SUBSCRIPTIONS
from careloop.processes.tasks import tell_about_task
from tests.cast import NOW, House
from tests.domains.tasks.conftest import Office, later, open_office
from tests.fixtures import house, north, quick_passwords

__all__ = ["house", "north", "quick_passwords"]

pytestmark = pytest.mark.database

RULE = rule_actor(rule_id=1, run_id=1)


@pytest.fixture
def office(north: House) -> Office:
    return open_office(north)


def follow() -> None:
    """Read the whole log as the reader of reactions does."""
    number_events()
    events = events_between(0, head_position(), limit=10_000)
    tell_about_task([one for one in events if tell_about_task in SUBSCRIPTIONS.get(one.name, ())])


def count(since: int = 0) -> None:
    number_events()
    events = events_between(since, head_position(), limit=10_000)
    count_tasks([one for one in events if count_tasks in SUBSCRIPTIONS.get(one.name, ())])


def waits(office: Office, name: str) -> int:
    return pending_for(office(name)).get(Waiting.TASK, 0)


def heard(office: Office, name: str) -> list[tuple[str, int | None]]:
    """Return the kinds of the notices that somebody got, the oldest first, each with its task."""
    found = notices_of(viewer=office(name)).items
    return [(row.kind, row.task_id) for row in reversed(found)]


class TestNotices:
    def test_those_who_are_asked_and_those_who_wait_hear_once(self, office: Office) -> None:
        case_services.assign(
            case_id=office.case_id, assignee_id=office("grace").id, team_id=None, actor=office("mina"), at=NOW
        )
        done, refused, gone = office.asks(), office.asks("Find it"), office.asks("Call them")
        services.accept_task(task_id=gone, actor=office("cole"), at=later(1))
        office.answers(done)
        services.refuse_task(task_id=refused, reason="Not ours.", actor=office("cole"), at=later(31))
        services.withdraw_task(task_id=gone, actor=office("ada"), at=later(32))

        follow()
        follow()

        asked = [("task_asked", task) for task in (done, refused, gone)]
        came = [("task_done", done), ("task_refused", refused)]
        assert heard(office, "cole") == [*asked, ("task_withdrawn", gone)]
        assert heard(office, "ada") == came
        assert heard(office, "grace") == came
        assert heard(office, "vera") == heard(office, "anh") == []

    def test_a_person_asked_by_name_hears_and_the_rest_of_the_team_does_not(self, office: Office) -> None:
        add_to_team(team_id=office.billing, user_id=office("olga").id, actor=office("mina"), at=NOW)
        task_id = office.asks(person_id=office("cole").id)

        follow()

        assert heard(office, "cole") == [("task_asked", task_id)]
        assert heard(office, "olga") == []

    def test_where_a_rule_asked_in_a_case_of_nobody_the_leads_hear(self, office: Office) -> None:
        front = create_team(name="Front", actor=office("mina"), at=NOW)
        add_to_team(team_id=front, user_id=office("grace").id, actor=office("mina"), at=NOW)
        case_services.assign(case_id=office.case_id, assignee_id=None, team_id=front, actor=office("mina"), at=NOW)
        (step,) = by_rule(office, f"{office.billing}\nCheck the invoice")
        assert step.made_id is not None
        services.refuse_task(task_id=step.made_id, reason="Not ours.", actor=office("cole"), at=later(5))

        follow()

        assert heard(office, "grace") == [("task_refused", step.made_id)]


class TestCounts:
    def test_what_nobody_is_on_waits_for_the_team_or_for_the_person_asked(self, office: Office) -> None:
        taken, free, named = office.asks(), office.asks("Find it"), office.asks("Call", person_id=office("cole").id)
        add_to_team(team_id=office.billing, user_id=office("olga").id, actor=office("mina"), at=NOW)
        services.accept_task(task_id=taken, actor=office("cole"), at=later(1))

        count()
        assert [waits(office, name) for name in ("cole", "olga", "ada")] == [2, 1, 0]

        read = head_position()
        office.answers(taken)
        services.refuse_task(task_id=named, reason="Not ours.", actor=office("cole"), at=later(31))
        services.withdraw_task(task_id=free, actor=office("ada"), at=later(32))
        count(read)
        assert [waits(office, name) for name in ("cole", "olga", "ada")] == [0, 0, 0]


class TestRules:
    def test_a_rule_asks_a_team_and_shows_what_is_usual(self, office: Office) -> None:
        (step,) = by_rule(office, f"{office.billing}\nCheck the invoice\nOf May.\nBoth of them.")

        (row,) = queries.tasks_in(case_id=office.case_id, viewer=office("ada"))
        assert (step.result, step.made_id) == (Result.DONE, row.id)
        assert (row.title, row.words, row.team_id) == ("Check the invoice", "Of May.\nBoth of them.", office.billing)
        assert (row.shares, row.asked_by) == (USUAL_SHARES, str(RULE))

    def test_a_rule_is_refused_in_a_solved_case_and_solves_none_over_a_task(self, office: Office) -> None:
        office.asks()
        solved = next(row.id for row in cases.statuses() if row.category == "solved")
        (step,) = act_for_rule(
            [Action(kind=ActionKind.STATUS, value=str(solved))],
            case_id=office.case_id,
            event_id=1,
            actor=RULE,
            at=later(1),
        )
        assert (step.result, step.code) == (Result.REFUSED, "open_tasks")

        services.withdraw_task(
            task_id=queries.tasks_in(case_id=office.case_id, viewer=office("ada"))[0].id,
            actor=office("ada"),
            at=later(2),
        )
        office.solves()
        (step,) = by_rule(office, f"{office.billing}\nCheck the invoice")
        assert (step.result, step.code) == (Result.REFUSED, "case_not_open")

    def test_a_task_that_names_no_team_or_says_nothing_is_not_kept(self, office: Office) -> None:
        def problem(value: str) -> object:
            return problem_with_actions((Action(kind=ActionKind.TASK, value=value),))

        assert problem(f"{office.billing}\nCheck the invoice") is None
        assert problem("987654\nCheck the invoice") is not None
        assert problem(f"{office.billing}\n \n") is not None
        assert problem("") is not None


def by_rule(office: Office, value: str) -> list[Step]:
    return act_for_rule(
        [Action(kind=ActionKind.TASK, value=value)], case_id=office.case_id, event_id=1, actor=RULE, at=later(1)
    )
