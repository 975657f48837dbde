"""Tasks: who is asked, who sees and does what, what becomes of them, and that no case is solved over them in silence."""

from datetime import timedelta

import pytest

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.errors import CaseNotFound, MayNotWorkOnCases, OpenTasks
from careloop.domains.cases.queries import cases, is_done
from careloop.domains.people.services import end_membership
from careloop.domains.tasks import queries, services
from careloop.domains.tasks.errors import BadTask, CaseNotOpen, TaskNotFound, TaskOver, TaskTaken
from careloop.domains.tasks.models import Task
from careloop.domains.tasks.states import Share, State, Which, Why
from careloop.kernel.actors import HOUSE, Actor, ActorKind, Role
from careloop.kernel.errors import Refusal
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes import hands
from tests.cast import NOW, House, open_house
from tests.domains.tasks.conftest import Office, later, open_office
from tests.processes.test_two_at_once import at_once

pytestmark = pytest.mark.database

ASKED = {"field": "has_open_tasks", "operator": "is", "value": True}


def told(office: Office) -> list[str]:
    """Return what the log has of tasks in the case, the oldest first."""
    found = reversed(history([subject("case", office.case_id)], limit=50))
    return [one.name for one in found if one.name.startswith("task.")]


def with_tasks(office: Office) -> list[int]:
    page = cases(viewer=office("ada"), condition=as_tree(ASKED), order="-activity_at", now=NOW)
    return [row.id for row in page.items]


class TestAsking:
    def test_a_department_answers_without_seeing_the_case(self, office: Office) -> None:
        task_id = office.asks(words="Twice in May?", due_at=later(120))
        with pytest.raises(CaseNotFound):
            hands.close(case_id=office.case_id, actor=office("cole"), at=later(1))
        assert with_tasks(office) == [office.case_id]

        services.accept_task(task_id=task_id, actor=office("cole"), at=later(10))
        office.answers(task_id)

        row = office.task(task_id)
        assert (row.state, row.said, row.taken_by, row.ended_by) == (
            State.DONE,
            "Paid twice.",
            office("cole").id,
            str(office("cole")),
        )
        assert told(office) == ["task.asked", "task.accepted", "task.done"]
        assert with_tasks(office) == []
        done = history([subject("case", office.case_id)], limit=1)[0].event
        assert (done.seconds, done.is_late) == (1800, False)  # type: ignore[attr-defined]

    def test_a_refusal_has_a_reason_and_ends_the_task(self, office: Office) -> None:
        task_id = office.asks(due_at=later(5))
        with pytest.raises(BadTask) as problem:
            services.refuse_task(task_id=task_id, reason="  ", actor=office("cole"), at=later(9))
        assert set(problem.value.fields) == {"reason"}
        with pytest.raises(BadTask):
            services.finish_task(task_id=task_id, answer="", actor=office("cole"), at=later(9))
        assert told(office) == ["task.asked"]

        services.refuse_task(task_id=task_id, reason="Ask Logistics.", actor=office("cole"), at=later(9))

        row = office.task(task_id, viewer="ada")
        assert (row.state, row.said, row.is_late(later(9))) == (State.REFUSED, "Ask Logistics.", True)
        for act in (office.answers, lambda task: services.accept_task(task_id=task, actor=office("cole"), at=later(9))):
            with pytest.raises(TaskOver):
                act(task_id)
        with pytest.raises(TaskOver):
            services.withdraw_task(task_id=task_id, actor=office("ada"), at=later(9))
        assert told(office) == ["task.asked", "task.refused"]

    def test_a_person_is_asked_by_name_and_another_is_not_shown_it(self, office: Office) -> None:
        task_id = office.asks(team_id=None, person_id=office("cole").id)

        assert office.task(task_id).person_id == office("cole").id
        stranger = Actor(kind=ActorKind.USER, id=99, role=Role.COLLEAGUE)
        for refused in (
            lambda: queries.task_of(task_id=task_id, viewer=stranger),
            lambda: services.accept_task(task_id=task_id, actor=stranger, at=later(1)),
            lambda: queries.task_of(task_id=task_id, viewer=office("vera")),
            lambda: services.finish_task(task_id=task_id, answer="Mine", actor=office("ada"), at=later(1)),
        ):
            with pytest.raises(TaskNotFound):
                refused()
        assert queries.tasks_of(viewer=stranger, which=Which.OURS).items == []
        assert queries.tasks_in(case_id=office.case_id, viewer=office("vera")) == []
        office.answers(task_id, name="mina")  # a manager does it in their place

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"title": "  "}, "title"),
            ({"title": "x" * 201}, "title"),
            ({"words": "x" * 4001}, "words"),
            ({"team_id": None}, "team_id"),
            ({"team_id": 987_654}, "team_id"),
            ({"person_id": 987_654}, "person_id"),
            ({"due_at": NOW}, "due_at"),
            ({"due_at": NOW + timedelta(days=400)}, "due_at"),
        ],
    )
    def test_refuses_what_cannot_be_done(self, office: Office, said: dict[str, object], field: str) -> None:
        with pytest.raises(BadTask) as problem:
            office.asks(**{"title": "Check the invoice", **said})  # type: ignore[arg-type]

        assert set(problem.value.fields) == {field}
        assert not Task.objects.exists()

    def test_a_reader_of_the_client_is_not_asked(self, office: Office) -> None:
        with pytest.raises(BadTask):
            office.asks(team_id=None, person_id=office("vera").id)

    @pytest.mark.parametrize(
        ("name", "refusal"), [("anh", MayNotWorkOnCases), ("vera", MayNotWorkOnCases), ("cole", CaseNotFound)]
    )
    def test_only_whoever_works_on_the_case_asks(self, office: Office, name: str, refusal: type[Refusal]) -> None:
        with pytest.raises(refusal):
            office.asks(name=name)

    def test_nobody_is_asked_in_a_case_that_is_over(self, office: Office) -> None:
        office.solves()
        with pytest.raises(CaseNotOpen):
            office.asks(at=later(61))

    def test_it_stays_with_the_team_when_the_asked_person_has_left(self, office: Office) -> None:
        task_id = office.asks(person_id=office("cole").id)
        end_membership(user_id=office("cole").id, actor=office("mina"), at=later(1))

        office.answers(task_id, name="olga")
        assert office.task(task_id, viewer="ada").state is State.DONE


class TestLists:
    def test_what_is_wished_first_comes_first_and_each_is_seen_once(self, office: Office) -> None:
        late, soon, free = (
            office.asks("Late", due_at=later(90)),
            office.asks("Soon", due_at=later(60)),
            office.asks("Free"),
        )
        over = office.asks("Over")
        office.answers(over)
        cole = office("cole")

        first = queries.tasks_of(viewer=cole, which=Which.OURS, limit=2)
        second = queries.tasks_of(viewer=cole, which=Which.OURS, limit=2, cursor=first.next_cursor)

        assert [row.id for row in (*first.items, *second.items)] == [soon, late, free]
        assert [row.id for row in queries.tasks_of(viewer=cole, which=Which.PAST).items] == [over]
        assert queries.tasks_of(viewer=cole, which=Which.MINE).items == []
        assert [row.id for row in queries.tasks_of(viewer=office("ada"), which=Which.MINE).items] == [
            over,
            free,
            soon,
            late,
        ]
        assert queries.tasks_of(viewer=office("anh"), which=Which.OURS).items == []

    def test_another_workspace_sees_nothing(self, house: House) -> None:
        with workspace_scope(house.north):
            task_id = open_office(house).asks()
        with workspace_scope(house.south):
            ines = house.actor("ines")
            assert queries.tasks_by_id([task_id]) == {}
            with pytest.raises(TaskNotFound):
                services.finish_task(task_id=task_id, answer="Mine", actor=ines, at=later(1))


class TestSharing:
    def test_a_part_is_shown_only_while_a_task_shows_it(self, office: Office) -> None:
        task_id = office.asks(shares=frozenset({Share.NOTES}))

        def sees(share: Share, name: str = "cole") -> bool:
            return queries.shares_case(case_id=office.case_id, share=share, viewer=office(name))

        assert sees(Share.NOTES)
        assert not sees(Share.WORDS)
        assert not sees(Share.NOTES, "anh")
        services.withdraw_task(task_id=task_id, reason="Found it.", actor=office("ada"), at=later(1))
        assert not sees(Share.NOTES)


class TestSolving:
    def test_a_case_is_not_solved_over_a_task_in_silence(self, office: Office) -> None:
        first, second = office.asks(), office.asks("Find the parcel")
        with pytest.raises(OpenTasks) as refusal:
            office.solves()
        assert "2 tasks" in str(refusal.value)
        assert not is_done(office.case_id)

        office.answers(first)
        closed = hands.closed_status_id()
        hands.change_status_without_tasks(
            case_id=office.case_id, status_id=closed, reason="No need.", actor=office("ada"), at=later(61)
        )

        row = office.task(second)
        assert (row.state, row.why, row.said) == (State.WITHDRAWN, Why.PERSON, "No need.")
        assert office.task(first).state is State.DONE
        assert is_done(office.case_id)

    def test_a_customer_who_says_it_is_solved_ends_what_we_asked_each_other(self, office: Office) -> None:
        task_id = office.asks()
        omar = Actor(kind=ActorKind.CUSTOMER, id=_requester(office))

        hands.close_by_customer(case_id=office.case_id, actor=omar, at=later(5))

        assert (office.task(task_id).state, office.task(task_id).why) == (State.WITHDRAWN, Why.CUSTOMER)
        stranger = Actor(kind=ActorKind.CUSTOMER, id=omar.id + 1)
        with pytest.raises(CaseNotFound):
            hands.close_by_customer(case_id=office.case_id, actor=stranger, at=later(6))

    def test_nobody_works_on_spam(self, office: Office) -> None:
        task_id = office.asks()

        hands.mark_spam(case_id=office.case_id, actor=office("ada"), at=later(5))

        assert office.task(task_id).why is Why.SPAM
        with pytest.raises(CaseNotOpen):
            office.asks(at=later(6))


class TestAtOnce:
    def test_two_take_it_and_one_is_told(self, committed: None) -> None:
        house = open_house()
        with workspace_scope(house.north):
            office = open_office(house)
            task_id = office.asks()
            people = [office("cole"), office("mina")]

        def takes(actor: Actor) -> None:
            with workspace_scope(house.north):
                services.accept_task(task_id=task_id, actor=actor, at=later(1))

        outcomes = at_once(lambda: takes(people[0]), lambda: takes(people[1]))

        assert [type(one) for one in outcomes if one is not None] == [TaskTaken]
        with workspace_scope(house.north):
            assert told(office) == ["task.asked", "task.accepted"]


def _requester(office: Office) -> int:
    page = cases(viewer=HOUSE, condition=as_tree(None), order="-activity_at", now=NOW)
    return next(row.requester_id for row in page.items if row.id == office.case_id)
