"""Tell those who are asked, and those who asked what came of it."""

from collections.abc import Sequence
from typing import Final

from careloop.domains.cases.queries import case_briefs
from careloop.domains.cases.types import CaseBrief
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind, Notice
from careloop.domains.people.queries import people_choices, people_in_teams
from careloop.domains.tasks.queries import tasks_by_id
from careloop.domains.tasks.rules import may_list
from careloop.domains.tasks.types import TaskRow
from careloop.kernel.actors import Actor, ActorKind, Role
from careloop.kernel.events import Recorded

__all__ = ["tell_about_task"]

TELLER: Final = Actor(kind=ActorKind.HOUSE, name="tasks")
KINDS: Final = {
    "task.asked": Kind.TASK_ASKED,
    "task.done": Kind.TASK_DONE,
    "task.refused": Kind.TASK_REFUSED,
    "task.withdrawn": Kind.TASK_WITHDRAWN,
}


def tell_about_task(recorded: Sequence[Recorded]) -> None:
    """Tell whoever is asked; whoever asked what came of it; and whoever was on it that it is not needed any more."""
    rows = tasks_by_id({_task_id(one) for one in recorded})
    cases = case_briefs({row.case_id for row in rows.values()})
    roles = {user_id: Role(role) for user_id, _name, role in people_choices(TELLER)}
    for one in recorded:
        row = rows.get(_task_id(one))
        if row is None or row.case_id not in cases:
            continue  # erased since
        case = cases[row.case_id]
        notify(
            [
                Notice(
                    user_id=user_id,
                    kind=KINDS[one.name],
                    case_id=case.id,
                    case_number=case.number,
                    task_id=row.id,
                    actor=one.event.actor,
                    event_id=one.id,
                    at=one.event.at,
                )
                for user_id in sorted(_told(one.name, row, case, roles))
                if one.event.actor != f"user:{user_id}"
            ]
        )


def _task_id(one: Recorded) -> int:
    return int(getattr(one.event, "task_id", 0))


def _told(name: str, row: TaskRow, case: CaseBrief, roles: dict[int, Role]) -> set[int]:
    match name:
        case "task.asked":
            return _asked(row, roles)
        case "task.withdrawn":
            return {row.taken_by or row.person_id or 0} & roles.keys()
    return _asking(row, case, roles)


def _asked(row: TaskRow, roles: dict[int, Role]) -> set[int]:
    """Return who is asked: a person by name, or else everybody of the team who can do it."""
    if row.person_id is not None:
        return {row.person_id} & roles.keys()
    team = people_in_teams([row.team_id] if row.team_id is not None else [])
    return {key for key in team & roles.keys() if may_list(Actor(kind=ActorKind.USER, id=key, role=roles[key]))}


def _asking(row: TaskRow, case: CaseBrief, roles: dict[int, Role]) -> set[int]:
    """Return who waits for the answer: whoever asked and whoever has the case; where that is nobody, leads, then managers."""
    kind, _colon, key = row.asked_by.partition(":")
    found = {int(key)} if kind == ActorKind.USER else set()
    found = (found | {case.assignee_id or 0}) & roles.keys()
    if not found:
        leads = people_in_teams([case.team_id] if case.team_id is not None else [])
        found = {key for key in leads if roles.get(key) is Role.LEAD}
    return found or {key for key, role in roles.items() if role is Role.MANAGER}
