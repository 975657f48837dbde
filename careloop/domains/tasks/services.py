"""Acts on tasks: ask, take, answer, refuse, withdraw. Whoever locks a task has locked its case before."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise as Lazily
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.rules import may_be_given
from careloop.domains.cases.services import hold_for_decision, hold_for_step, note_open_tasks
from careloop.domains.cases.states import DONE
from careloop.domains.people.queries import actor_for, is_team, names_of
from careloop.domains.tasks import rules
from careloop.domains.tasks.errors import (
    BadTask,
    CaseNotOpen,
    MayNotDoTask,
    TaskNotFound,
    TaskOver,
    TaskTaken,
    TooManyTasks,
)
from careloop.domains.tasks.events import TaskAccepted, TaskAsked, TaskDone, TaskRefused, TaskWithdrawn
from careloop.domains.tasks.models import Task
from careloop.domains.tasks.queries import RUNNING, facts_of, row_of
from careloop.domains.tasks.states import MOVES, Share, State, Why
from careloop.domains.tasks.types import NewTask
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = ["accept_task", "ask_task", "finish_task", "note_agreed", "refuse_task", "withdraw_task", "withdraw_tasks"]

LONGEST_TITLE: Final = 200
LONGEST_WORDS: Final = 4000
MOST_RUNNING: Final = 50
LATEST: Final = timedelta(days=366)

Problem = str | Lazily


@act
def ask_task(*, case_id: int, task: NewTask, actor: Actor, at: datetime) -> int:
    """Ask a team or a person to do something for a case, and return the primary key of the task.

    Raises CaseNotFound, MayNotWorkOnCases, CaseNotOpen for a case that is solved or spam, TooManyTasks, BadTask.
    Records TaskAsked.
    """
    case = hold_for_step(case_id=case_id, actor=actor)
    if case.category in DONE:
        raise CaseNotOpen(_("This case is solved. Reopen it to ask somebody for something."))
    if case.is_spam:
        raise CaseNotOpen(_("This case lies in the spam. Take it out before you ask somebody for something."))
    if Task.objects.filter(case_id=case_id, state__in=RUNNING).count() >= MOST_RUNNING:
        raise TooManyTasks(_("50 tasks of this case are not done yet. Wait for some of them before you ask for more."))
    _check(task, at=at)
    made = Task.objects.create(
        case_id=case_id,
        title=" ".join(task.title.split()),
        words=task.words.strip(),
        team_id=task.team_id,
        person_id=task.person_id,
        due_at=task.due_at,
        by_at=task.due_at,
        shares=[share.value for share in Share if share in task.shares],
        asked_by=str(actor),
        asked_at=at,
    )
    record(TaskAsked(**_about(made, actor, at), due_at=made.due_at, shares=tuple(made.shares)))
    _count(case_id, at)
    return made.pk


@act
def accept_task(*, task_id: int, actor: Actor, at: datetime) -> None:
    """Say that one is on it. Raises TaskNotFound, MayNotDoTask, TaskTaken, TaskOver. Records TaskAccepted."""
    task = _held_for_doing(task_id, State.ACCEPTED, actor)
    task.state, task.taken_by_id, task.taken_at = State.ACCEPTED, actor.id, at
    task.save(update_fields=["state", "taken_by", "taken_at"])
    record(TaskAccepted(**_about(task, actor, at), waited_seconds=_seconds(task, at)))
    _count(task.case_id, at)


@act
def finish_task(*, task_id: int, answer: str, actor: Actor, at: datetime) -> None:
    """Answer what was asked. answer: 1 to 4000 characters, which whoever asked reads in the case.

    Raises TaskNotFound, MayNotDoTask, TaskOver, BadTask. Records TaskDone.
    """
    task = _held_for_doing(task_id, State.DONE, actor)
    said = _said(answer, "answer", _("Write what you did or found out, in at most 4000 characters."))
    _end(task, State.DONE, said, actor, at)
    is_late = task.due_at is not None and task.due_at < at
    record(TaskDone(**_ended(task, actor, at), seconds=_seconds(task, at), is_late=is_late))


@act
def refuse_task(*, task_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say that it cannot be done. reason: why, 1 to 4000 characters, which whoever asked reads in the case.

    Raises TaskNotFound, MayNotDoTask, TaskOver, BadTask. Records TaskRefused.
    """
    task = _held_for_doing(task_id, State.REFUSED, actor)
    said = _said(reason, "reason", _("Say why it cannot be done, in at most 4000 characters."))
    _end(task, State.REFUSED, said, actor, at)
    record(TaskRefused(**_ended(task, actor, at), seconds=_seconds(task, at)))


@act
def withdraw_task(*, task_id: int, reason: str = "", actor: Actor, at: datetime) -> None:
    """Take back what was asked. reason: why, for whoever was asked; may be empty.

    Raises TaskNotFound, CaseNotFound, MayNotWorkOnCases, TaskOver, BadTask. Records TaskWithdrawn.
    """
    case_id = _case_of(task_id)
    hold_for_step(case_id=case_id, actor=actor)
    task = Task.objects.get(pk=task_id)
    _refuse_if_over(task)
    _withdraw(task, Why.PERSON, reason, actor, at)


@act
def withdraw_tasks(*, case_id: int, why: Why, reason: str = "", actor: Actor, at: datetime) -> int:
    """Take back all that was asked in a case and is not done, and say how many tasks that were.

    why: PERSON where the actor decides it. reason: as in `withdraw_task`.

    Raises CaseNotFound, MayNotWorkOnCases, BadTask. Records TaskWithdrawn for each.
    """
    hold_for_step(case_id=case_id, actor=actor)
    tasks = list(Task.objects.filter(case_id=case_id, state__in=RUNNING).order_by("pk"))
    for task in tasks:
        _withdraw(task, why, reason, actor, at)
    return len(tasks)


@act
def note_agreed(*, task_id: int, agreed_at: datetime | None) -> None:
    """Keep by when we agreed to do a task. For whoever times it, in the transaction of their act; records nothing."""
    agreed = Value(agreed_at, output_field=DateTimeField())
    Task.objects.filter(pk=task_id).update(agreed_at=agreed_at, by_at=Coalesce(F("due_at"), agreed))


def _withdraw(task: Task, why: Why, reason: str, actor: Actor, at: datetime) -> None:
    said = reason.strip()
    if len(said) > LONGEST_WORDS or "\x00" in said:
        problem = _("Write at most 4000 characters.")
        raise BadTask(problem, fields={"reason": problem})
    task.why = why
    _end(task, State.WITHDRAWN, said, actor, at)
    record(TaskWithdrawn(**_ended(task, actor, at), why=why.value))


def _end(task: Task, state: State, said: str, actor: Actor, at: datetime) -> None:
    task.state, task.said, task.ended_by, task.ended_at = state, said, str(actor), at
    task.save(update_fields=["state", "said", "ended_by", "ended_at", "why"])
    _count(task.case_id, at)


def _case_of(task_id: int) -> int:
    case_id = Task.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise TaskNotFound(_("There is no such task."))
    return case_id


def _held_for_doing(task_id: int, state: State, actor: Actor) -> Task:
    """Return a task for somebody who was asked, its case locked until the transaction ends: they need not see the case."""
    hold_for_decision(case_id=_case_of(task_id), actor=HOUSE)
    task = Task.objects.get(pk=task_id)
    facts = facts_of(row_of(task))
    if not rules.may_see(actor, facts):
        raise TaskNotFound(_("There is no such task."))
    if not rules.may_do(actor, facts):
        raise MayNotDoTask(_("This token reads tasks but does not do them."))
    if state is State.ACCEPTED and task.state == State.ACCEPTED:
        who = names_of([task.taken_by_id or 0]).get(task.taken_by_id or 0, "")
        raise TaskTaken(_("%(who)s is on it already.") % {"who": who})
    _refuse_if_over(task)
    return task


def _refuse_if_over(task: Task) -> None:
    if MOVES[State(task.state)]:
        return
    match task.state:
        case State.DONE:
            raise TaskOver(_("This task was answered meanwhile. Nothing was changed."))
        case State.REFUSED:
            raise TaskOver(_("This task was refused meanwhile. Nothing was changed."))
        case _:
            raise TaskOver(_("This task is not needed any more. Nothing was changed."))


def _check(task: NewTask, *, at: datetime) -> None:
    problems: dict[str, Problem] = {}
    title = " ".join(task.title.split())
    if not 1 <= len(title) <= LONGEST_TITLE or not title.isprintable():
        problems["title"] = _("Say in 1 to 200 characters what is to be done.")
    if len(task.words.strip()) > LONGEST_WORDS or "\x00" in task.words:
        problems["words"] = _("Write at most 4000 characters.")
    if task.team_id is None and task.person_id is None:
        problems["team_id"] = _("Choose a team or a person to ask.")
    elif task.team_id is not None and not is_team(task.team_id):
        problems["team_id"] = _("This team does not exist any more. Choose another one.")
    if task.person_id is not None:
        person = actor_for(task.person_id, current_workspace())
        if person is None or person.role is None:
            problems["person_id"] = _("This person does not work here any more. Choose somebody else.")
        elif not may_be_given(person.role):
            problems["person_id"] = _("This person only reads. Choose somebody else.")
    if task.due_at is not None and task.due_at <= at:
        problems["due_at"] = _("This time is over. Choose one that lies ahead.")
    elif task.due_at is not None and task.due_at > at + LATEST:
        problems["due_at"] = _("Choose a time within a year.")
    if problems:
        raise BadTask(next(iter(problems.values())), fields=problems)


def _said(text: str, field: str, problem: Problem) -> str:
    said = text.strip()
    if not 1 <= len(said) <= LONGEST_WORDS or "\x00" in said:
        raise BadTask(problem, fields={field: problem})
    return said


def _count(case_id: int, at: datetime) -> None:
    note_open_tasks(case_id=case_id, count=Task.objects.filter(case_id=case_id, state__in=RUNNING).count(), at=at)


def _seconds(task: Task, at: datetime) -> int:
    return max(0, int((at - task.asked_at).total_seconds()))


def _about(task: Task, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "subject": subject("case", task.case_id),
        "actor": str(actor),
        "at": at,
        "task_id": task.pk,
        "team_id": task.team_id,
        "person_id": task.person_id,
    }


def _ended(task: Task, actor: Actor, at: datetime) -> dict[str, Any]:
    return {**_about(task, actor, at), "was_taken": task.taken_by_id is not None}
