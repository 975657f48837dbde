"""What happens to the contacts of a case when the case changes hands or is solved."""

from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import Category
from careloop.domains.contacts import services as contacts
from careloop.domains.tasks import services as tasks
from careloop.domains.tasks.states import Why
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.processes.workspace import quiet_time

__all__ = [
    "assign",
    "change_status",
    "change_status_without_tasks",
    "close",
    "close_by_customer",
    "closed_status_id",
    "end_contacts_if_done",
    "mark_spam",
]


@act
def assign(
    *,
    case_id: int,
    assignee_id: int | None,
    team_id: int | None,
    revision: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Put a case into somebody's hands, and its open contacts with it. Arguments and refusals as cases.services.assign."""
    changed = cases.assign(
        case_id=case_id, assignee_id=assignee_id, team_id=team_id, revision=revision, actor=actor, at=at
    )
    if changed:
        contacts.hand_over(
            conversation_ids=[c.conversation_id for c in cases_queries.conversations_of(case_id)],
            team_id=team_id,
            agent_id=assignee_id,
            quiet=quiet_time(),
            actor=actor,
            at=at,
        )


@act
def change_status(*, case_id: int, status_id: int, revision: int | None = None, actor: Actor, at: datetime) -> None:
    """Give a case another status; its contacts end with it when that solves the matter. Refusals as cases.services."""
    cases.change_status(case_id=case_id, status_id=status_id, revision=revision, actor=actor, at=at)
    end_contacts_if_done(case_id, actor, at)


@act
def change_status_without_tasks(*, case_id: int, status_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take back all tasks of a case that are not done, then give it another status.

    reason: why, for those who were asked; may be empty. Refusals as tasks.services and cases.services.
    """
    tasks.withdraw_tasks(case_id=case_id, why=Why.PERSON, reason=reason, actor=actor, at=at)
    change_status(case_id=case_id, status_id=status_id, actor=actor, at=at)


@act
def mark_spam(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Put a case among the spam; nobody is to work on a task of it. Raises CaseNotFound, MayNotWorkOnCases."""
    tasks.withdraw_tasks(case_id=case_id, why=Why.SPAM, actor=actor, at=at)
    cases.mark_spam(case_id=case_id, actor=actor, at=at)


@act
def close(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Close a case for good. Raises CaseNotFound, MayNotWorkOnCases, MoveNotAllowed."""
    change_status(case_id=case_id, status_id=closed_status_id(), actor=actor, at=at)


def closed_status_id() -> int:
    """Return the status of a case that is closed for good."""
    return next(s.id for s in cases_queries.statuses() if s.category == Category.CLOSED and s.is_default)


@act
def close_by_customer(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Let a customer say that the matter is solved. Raises CaseNotFound, MoveNotAllowed."""
    if cases_queries.visible_among([case_id], viewer=actor):
        # What we asked each other for is no business of theirs, and nobody needs it any more.
        tasks.withdraw_tasks(case_id=case_id, why=Why.CUSTOMER, actor=HOUSE, at=at)
    cases.close_solved(case_id=case_id, actor=actor, at=at)
    end_contacts_if_done(case_id, actor, at)


def end_contacts_if_done(case_id: int, actor: Actor, at: datetime) -> None:
    """End the open contacts of a case that is solved or closed."""
    if cases_queries.is_done(case_id):
        conversation_ids = [c.conversation_id for c in cases_queries.conversations_of(case_id)]
        contacts.matter_solved(conversation_ids=conversation_ids, actor=actor, at=at)
