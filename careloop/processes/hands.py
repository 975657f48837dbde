"""What happens to the contacts of a case when the case changes hands or is solved."""

from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import Category
from careloop.domains.contacts import services as contacts
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.workspace import quiet_time

__all__ = ["assign", "change_status", "close", "close_by_customer", "end_contacts_if_done"]


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
def close(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Close a case for good. Raises CaseNotFound, MayNotWorkOnCases, MoveNotAllowed."""
    closed = next(s for s in cases_queries.statuses() if s.category == Category.CLOSED and s.is_default)
    change_status(case_id=case_id, status_id=closed.id, actor=actor, at=at)


@act
def close_by_customer(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Let a customer say that the matter is solved. Raises CaseNotFound, MoveNotAllowed."""
    cases.close_solved(case_id=case_id, actor=actor, at=at)
    end_contacts_if_done(case_id, actor, at)


def end_contacts_if_done(case_id: int, actor: Actor, at: datetime) -> None:
    """End the open contacts of a case that is solved or closed."""
    if cases_queries.is_done(case_id):
        conversation_ids = [c.conversation_id for c in cases_queries.conversations_of(case_id)]
        contacts.matter_solved(conversation_ids=conversation_ids, actor=actor, at=at)
