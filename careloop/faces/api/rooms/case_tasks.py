"""What others are asked to do for a case."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Status

from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.people.types import Scope
from careloop.domains.tasks import queries, services
from careloop.domains.tasks.states import Which
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.case_tasks import (
    TaskAnswerGiven,
    TaskGiven,
    TaskList,
    TaskPage,
    TaskReasonGiven,
    TaskShown,
    TaskWithCase,
    TaskWithdrawalGiven,
    new_task,
    task_shown,
    task_with_case,
)
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes.tasks import shared_case

__all__ = ["room"]

room = Room()


class TasksAsked(PageAsked):
    """show: ours (what one is asked for), mine (what one asked for) or past (what is over)."""

    show: Literal["ours", "mine", "past"] = "ours"


@room.opens("GET", "/tasks", Scope.CASES_READ, TaskPage)
def list_tasks(request: HttpRequest, asked: Query[TasksAsked]) -> Any:
    """List the tasks of the token's person, the one wished first before all."""
    viewer = visit_of(request).actor
    page = queries.tasks_of(viewer=viewer, which=Which(asked.show), cursor=asked.cursor, limit=asked.limit)
    return {"items": [task_shown(row) for row in page.items], "next_cursor": page.next_cursor}


@room.opens("GET", "/tasks/{task_id}", Scope.CASES_READ, TaskWithCase)
def get_task(request: HttpRequest, task_id: PathId) -> Any:
    """Get a task, with the parts of its case that are shown with it."""
    row = queries.task_of(task_id=task_id, viewer=visit_of(request).actor)
    return task_with_case(row, shared_case(row))


@room.opens("GET", "/cases/{number}/tasks", Scope.CASES_READ, TaskList)
def list_case_tasks(request: HttpRequest, number: PathId) -> Any:
    """List what others are asked to do for a case, what is not done first."""
    viewer = visit_of(request).actor
    case_id = case_id_of_number(number=number, viewer=viewer)
    return {"items": [task_shown(row) for row in queries.tasks_in(case_id=case_id, viewer=viewer)]}


@room.opens("POST", "/cases/{number}/tasks", Scope.CASES_WRITE, TaskShown, status=201)
def ask_case_task(request: HttpRequest, number: PathId, given: TaskGiven) -> Any:
    """Ask a team or a person to do something for a case."""
    visit = visit_of(request)
    case_id = case_id_of_number(number=number, viewer=visit.actor)
    made = services.ask_task(case_id=case_id, task=new_task(given), actor=visit.actor, at=visit.at)
    return Status(201, _task(visit, made))


@room.opens("POST", "/tasks/{task_id}/acceptance", Scope.CASES_WRITE, TaskShown)
def accept_task(request: HttpRequest, task_id: PathId) -> Any:
    """Say that one is on it."""
    visit = visit_of(request)
    services.accept_task(task_id=task_id, actor=visit.actor, at=visit.at)
    return _task(visit, task_id)


@room.opens("POST", "/tasks/{task_id}/result", Scope.CASES_WRITE, TaskShown)
def finish_task(request: HttpRequest, task_id: PathId, given: TaskAnswerGiven) -> Any:
    """Answer what was asked."""
    visit = visit_of(request)
    services.finish_task(task_id=task_id, answer=given.answer, actor=visit.actor, at=visit.at)
    return _task(visit, task_id)


@room.opens("POST", "/tasks/{task_id}/refusal", Scope.CASES_WRITE, TaskShown)
def refuse_task(request: HttpRequest, task_id: PathId, given: TaskReasonGiven) -> Any:
    """Say that it cannot be done, with the reason."""
    visit = visit_of(request)
    services.refuse_task(task_id=task_id, reason=given.reason, actor=visit.actor, at=visit.at)
    return _task(visit, task_id)


@room.opens("POST", "/tasks/{task_id}/withdrawal", Scope.CASES_WRITE, TaskShown)
def withdraw_task(request: HttpRequest, task_id: PathId, given: TaskWithdrawalGiven) -> Any:
    """Take back what was asked."""
    visit = visit_of(request)
    queries.task_of(task_id=task_id, viewer=visit.actor)
    services.withdraw_task(task_id=task_id, reason=given.reason, actor=visit.actor, at=visit.at)
    return _task(visit, task_id)


def _task(visit: Visit, task_id: int) -> dict[str, Any]:
    return task_shown(queries.task_of(task_id=task_id, viewer=visit.actor))
