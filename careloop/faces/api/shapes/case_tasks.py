"""What others are asked to do for a case, and the parts of it that they see with it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.tasks.states import Share
from careloop.domains.tasks.types import NewTask, TaskRow
from careloop.faces.api.shapes.common import Given, Id, Moment, Shown
from careloop.processes.tasks import SharedCase

__all__ = [
    "TaskAnswerGiven",
    "TaskGiven",
    "TaskList",
    "TaskPage",
    "TaskReasonGiven",
    "TaskShown",
    "TaskWithCase",
    "TaskWithdrawalGiven",
    "new_task",
    "task_shown",
    "task_with_case",
]

Words = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$")]
SharedPart = Literal["subject", "customer", "words", "notes"]


class TaskGiven(Given):
    """What somebody is asked to do.

    team_id, person_id: who is asked; at least one. due_at: by when it is wished. shares: the parts of the case that they see.
    """

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]
    words: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    team_id: Id | None = None
    person_id: Id | None = None
    due_at: Moment | None = None
    shares: Annotated[list[SharedPart], Field(max_length=4)] = ["subject", "words"]


class TaskAnswerGiven(Given):
    """answer: what was done or found out; colleagues read it in the case."""

    answer: Words


class TaskReasonGiven(Given):
    """reason: why it cannot be done; colleagues read it in the case."""

    reason: Words


class TaskWithdrawalGiven(Given):
    """reason: why, for whoever was asked; may be empty."""

    reason: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


class TaskShown(Shown):
    """state: asked, accepted, done, refused or withdrawn. said: the answer, or why it was refused or withdrawn.

    due_at: by when it is wished. agreed_at: by when we agreed to do such tasks, if we did.
    asked_by, ended_by: as the log names them. taken_by: user who is on it. why: of a withdrawn one: person, customer or spam.
    """

    id: int
    title: str
    words: str
    team_id: int | None
    person_id: int | None
    due_at: datetime | None
    agreed_at: datetime | None
    shares: list[str]
    state: str
    asked_by: str
    asked_at: datetime
    taken_by: int | None
    taken_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    said: str
    why: str | None


class TaskList(Shown):
    items: list[TaskShown]


class TaskPage(Shown):
    items: list[TaskShown]
    next_cursor: str | None


class SharedMessageShown(Shown):
    """written_by: empty where nobody is known."""

    id: int
    at: datetime
    author: str
    written_by: str
    text: str


class SharedNoteShown(Shown):
    id: int
    at: datetime
    written_by: str
    text: str


class SharedCaseShown(Shown):
    """The parts of its case that are shown with a task. customer_name, customer_addresses, subject: null where they are not.

    messages, notes: the newest hundred, oldest first.
    """

    number: int
    subject: str | None
    customer_name: str | None
    customer_addresses: list[str] | None
    messages: list[SharedMessageShown] | None
    notes: list[SharedNoteShown] | None


class TaskWithCase(TaskShown):
    shared_case: SharedCaseShown


def new_task(given: TaskGiven) -> NewTask:
    """Return what was given as the domain takes it."""
    return NewTask(
        title=given.title,
        words=given.words,
        team_id=given.team_id,
        person_id=given.person_id,
        due_at=given.due_at,
        shares=frozenset(map(Share, given.shares)),
    )


def task_shown(row: TaskRow) -> dict[str, Any]:
    """Return a task as the API shows it."""
    return {
        "id": row.id,
        "title": row.title,
        "words": row.words,
        "team_id": row.team_id,
        "person_id": row.person_id,
        "due_at": row.due_at,
        "agreed_at": row.agreed_at,
        "shares": [share.value for share in Share if share in row.shares],
        "state": row.state.value,
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "taken_by": row.taken_by,
        "taken_at": row.taken_at,
        "ended_by": row.ended_by,
        "ended_at": row.ended_at,
        "said": row.said,
        "why": row.why.value if row.why is not None else None,
    }


def task_with_case(row: TaskRow, shared: SharedCase) -> dict[str, Any]:
    """Return a task with the parts of its case that are shown with it."""
    customer = shared.customer
    words = [
        {"id": one.id, "at": one.at, "author": one.author, "written_by": one.writer, "text": one.text}
        for one in shared.words
    ]
    notes = [{"id": one.id, "at": one.at, "written_by": one.author, "text": one.text} for one in shared.notes]
    return {
        **task_shown(row),
        "shared_case": {
            "number": shared.number,
            "subject": shared.subject or None,
            "customer_name": customer.name if customer is not None else None,
            "customer_addresses": [one.value for one in customer.identities] if customer is not None else None,
            "messages": words if Share.WORDS in row.shares else None,
            "notes": notes if Share.NOTES in row.shares else None,
        },
    }
