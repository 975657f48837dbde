"""Agreements on tasks of other teams: the clock of each, in hours of ours, apart from what a customer waits for."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.services import prioritize
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.queries import clocks_of_cases, due_counts, standings_of_cases
from careloop.domains.commitments.services import follow_tasks
from careloop.domains.commitments.states import Measure, Outcome
from careloop.domains.notifications.queries import notices_of
from careloop.domains.tasks import queries, services
from careloop.domains.tasks.types import TaskRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import events_between, head_position
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.domains.tasks.conftest import Office, open_office
from tests.fixtures import house, quick_passwords
from tests.promising import follow, promise, ring

__all__ = ["house", "quick_passwords"]

pytestmark = pytest.mark.database

HOURS_2 = {Measure.TASK: dict.fromkeys(range(1, 5), 7200)}
# Six in the evening in Seoul: the office is closed until nine, which is midnight in UTC.
MORNING = datetime(2026, 11, 17, 0, 0, tzinfo=NOW.tzinfo)


def opened(house: House, **said: Any) -> Office:
    promise(house, **{"targets": HOURS_2, **said})
    with workspace_scope(house.north):
        return open_office(house)


def task(office: Office, task_id: int) -> TaskRow:
    with workspace_scope(office.house.north):
        return queries.task_of(task_id=task_id, viewer=HOUSE)


def asked(office: Office, title: str = "Check the invoice", *, due_at: datetime | None = None) -> int:
    with workspace_scope(office.house.north):
        task_id = office.asks(title, due_at=due_at)
    follow()
    return task_id


def clock(office: Office, task_id: int) -> Clock:
    with workspace_scope(office.house.north):
        return Clock.objects.get(task_id=task_id)


class TestAgreement:
    def test_counts_in_office_hours_and_says_by_when(self, house: House) -> None:
        office = opened(house)
        first, second = asked(office), asked(office, "Find the parcel", due_at=NOW + timedelta(days=3))

        assert task(office, first).by_at == task(office, first).agreed_at == MORNING + timedelta(hours=2)
        # A wish counts for whoever is asked; what we agreed on is measured all the same.
        assert task(office, second).by_at == NOW + timedelta(days=3)
        assert task(office, second).agreed_at == MORNING + timedelta(hours=2)
        with workspace_scope(house.north):
            assert case_detail(case_id=office.case_id, viewer=HOUSE).row.due_at is None
            assert standings_of_cases([office.case_id], viewer=office("ada")) == {}
            assert due_counts(at=MORNING + timedelta(days=1)).overdue == 0  # type: ignore[union-attr]
            shown = clocks_of_cases([office.case_id], viewer=office("ada"), at=NOW)[office.case_id]
            assert [(row.task_id, row.title) for row in shown] == [
                (first, "Check the invoice"),
                (second, "Find the parcel"),
            ]
            assert clocks_of_cases([office.case_id], viewer=office("vera"), at=NOW) == {}

    def test_an_answer_in_time_keeps_it_and_a_refusal_calls_it_off(self, house: House) -> None:
        office = opened(house)
        done, refused, gone = asked(office), asked(office, "Find it"), asked(office, "Call them")
        at = MORNING + timedelta(hours=1)
        with workspace_scope(house.north):
            services.finish_task(task_id=done, answer="Paid.", actor=office("cole"), at=at)
            services.refuse_task(task_id=refused, reason="Not ours.", actor=office("cole"), at=at)
            services.withdraw_task(task_id=gone, actor=office("ada"), at=at)
        follow()

        outcomes = [clock(office, one).outcome for one in (done, refused, gone)]
        assert outcomes == [Outcome.KEPT, Outcome.CALLED_OFF, Outcome.CALLED_OFF]

    def test_a_late_refusal_is_a_miss_and_everybody_concerned_has_heard(self, house: House) -> None:
        office = opened(house)
        task_id = asked(office)
        ring(MORNING + timedelta(hours=1, minutes=45))
        with workspace_scope(house.north):
            assert kinds(office, "cole") == ["task_asked", "promise_due"]
            assert kinds(office, "ada") == []
        ring(MORNING + timedelta(hours=3))
        with workspace_scope(house.north):
            assert kinds(office, "cole") == ["task_asked", "promise_due", "promise_missed"]
            assert kinds(office, "ada") == ["promise_missed"]
            assert {row.task_id for row in notices_of(viewer=office("cole")).items} == {task_id}
            services.refuse_task(
                task_id=task_id, reason="Not ours.", actor=office("cole"), at=MORNING + timedelta(hours=4)
            )
        follow()

        assert clock(office, task_id).outcome == Outcome.MISSED
        assert clock(office, task_id).missed_at == MORNING + timedelta(hours=2)

    def test_an_urgent_case_gives_nobody_less_time_than_was_agreed(self, house: House) -> None:
        office = opened(house, targets={Measure.TASK: {1: 7200, 2: 7200, 3: 7200, 4: 60}})
        task_id = asked(office)
        with workspace_scope(house.north):
            prioritize(case_id=office.case_id, priority=4, actor=office("ada"), at=NOW + timedelta(minutes=1))
        follow()
        assert task(office, task_id).agreed_at == MORNING + timedelta(hours=2)

        urgent = asked(office, "At once")
        assert task(office, urgent).agreed_at == MORNING + timedelta(minutes=1)

    def test_where_nothing_is_agreed_no_clock_runs(self, house: House) -> None:
        office = opened(house, targets={Measure.RESOLUTION: dict.fromkeys(range(1, 5), 7200)})
        task_id = asked(office)

        assert task(office, task_id).agreed_at is None
        with workspace_scope(house.north):
            assert not Clock.objects.filter(task_id=task_id).exists()

    def test_read_twice_it_runs_once(self, house: House) -> None:
        office = opened(house)
        task_id = asked(office)
        with workspace_scope(house.north):
            events = [one for one in events_between(0, head_position(), limit=10_000) if one.name == "task.asked"]
            follow_tasks(events)
            assert Clock.objects.filter(task_id=task_id).count() == 1


def kinds(office: Office, name: str) -> list[str]:
    return [row.kind for row in reversed(notices_of(viewer=office(name)).items)]
