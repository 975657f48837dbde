"""What others are asked to do."""

from collections.abc import Collection
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.queries import visible_among
from careloop.domains.cases.rules import may_read_notes
from careloop.domains.tasks import rules
from careloop.domains.tasks.errors import TaskNotFound
from careloop.domains.tasks.models import Task
from careloop.domains.tasks.states import OVER, Share, State, Which, Why
from careloop.domains.tasks.types import TaskRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged

__all__ = ["facts_of", "row_of", "shares_case", "task_of", "tasks_by_id", "tasks_in", "tasks_of", "tasks_seen"]

MOST: Final = 200
RUNNING: Final = [state for state in State if state not in OVER]


def tasks_in(*, case_id: int, viewer: Actor) -> list[TaskRow]:
    """Return the tasks of a case, those that are not done first, the newest first. Who may see the case is settled before.

    Whoever reads no notes of ours sees none of them.
    """
    if not may_read_notes(viewer):
        return []
    found = [row_of(task) for task in Task.objects.filter(case_id=case_id).order_by("-pk")[:MOST]]
    return sorted(found, key=lambda row: row.is_over)


def task_of(*, task_id: int, viewer: Actor) -> TaskRow:
    """Return a task to whoever was asked, or reads notes in its case. Raises TaskNotFound, also for what is not theirs."""
    task = Task.objects.filter(pk=task_id).first()
    if task is not None:
        row = row_of(task)
        sees_case = may_read_notes(viewer) and bool(visible_among([row.case_id], viewer=viewer))
        if viewer.is_house or sees_case or rules.may_see(viewer, facts_of(row)):
            return row
    raise TaskNotFound(_("There is no such task."))


def tasks_of(*, viewer: Actor, which: Which, cursor: str | None = None, limit: int = 30) -> Page[TaskRow]:
    """Return one page of somebody's tasks.

    which: what they are asked for, the one wished first before all; what they asked for, or what they were asked for and
    is over, the newest first.

    Raises BadCursor.
    """
    if not rules.may_list(viewer):
        return Page(items=[], next_cursor=None)
    newest = [Order(column="id")]
    match which:
        case Which.OURS:
            found = _asked(viewer).filter(state__in=RUNNING)
            order = [
                Order(column="by_at", is_descending=False, is_nullable=True),
                Order(column="id", is_descending=False),
            ]
        case Which.MINE:
            found, order = Task.objects.filter(asked_by=str(viewer)), newest
        case Which.PAST:
            found, order = _asked(viewer).filter(state__in=OVER), newest
    return paged(found, order=order, cursor=cursor, limit=limit).map(row_of)


def tasks_by_id(task_ids: Collection[int]) -> dict[int, TaskRow]:
    """Return some tasks. For the house, and for readers who see their case."""
    return {task.pk: row_of(task) for task in Task.objects.filter(pk__in=set(task_ids))} if task_ids else {}


def tasks_seen(task_ids: Collection[int], *, viewer: Actor) -> dict[int, TaskRow]:
    """Return those of some tasks that somebody may see, as `task_of` does."""
    rows = tasks_by_id(task_ids)
    cases = visible_among({row.case_id for row in rows.values()}, viewer=viewer) if may_read_notes(viewer) else set()
    return {key: row for key, row in rows.items() if row.case_id in cases or rules.may_see(viewer, facts_of(row))}


def shares_case(*, case_id: int, share: Share, viewer: Actor) -> bool:
    """Say whether a part of a case is shown to somebody with any task that they were asked for and that is not withdrawn."""
    if not rules.may_list(viewer):
        return False
    shared = _asked(viewer).filter(case_id=case_id, shares__contains=[share])
    return shared.exclude(state=State.WITHDRAWN).exists()


def facts_of(row: TaskRow) -> rules.TaskFacts:
    """Return what the rules look at."""
    return rules.TaskFacts(team_id=row.team_id, person_id=row.person_id)


def row_of(task: Task) -> TaskRow:
    """Return a task as its readers know it."""
    return TaskRow(
        id=task.pk,
        case_id=task.case_id,
        title=task.title,
        words=task.words,
        team_id=task.team_id,
        person_id=task.person_id,
        due_at=task.due_at,
        agreed_at=task.agreed_at,
        by_at=task.by_at,
        shares=frozenset(map(Share, task.shares)),
        state=State(task.state),
        asked_by=task.asked_by,
        asked_at=task.asked_at,
        taken_by=task.taken_by_id,
        taken_at=task.taken_at,
        ended_by=task.ended_by,
        ended_at=task.ended_at,
        said=task.said,
        why=Why(task.why) if task.why else None,
    )


def _asked(viewer: Actor) -> QuerySet[Task]:
    return Task.objects.filter(Q(person_id=viewer.id) | Q(team_id__in=viewer.team_ids))
