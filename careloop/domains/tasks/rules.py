"""Who may see and do tasks. docs/reference/roles.md shows the same as a table."""

from dataclasses import dataclass

from careloop.domains.cases import rules as cases_rules
from careloop.kernel.actors import Actor, Role

__all__ = ["TaskFacts", "is_asked", "may_ask", "may_do", "may_list", "may_see"]

_DOING = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT, Role.COLLEAGUE)
_LAST = (Role.OWNER, Role.MANAGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What the rules look at."""

    team_id: int | None
    person_id: int | None


def may_list(actor: Actor) -> bool:
    """Whoever can be asked for something has a list of it."""
    return actor.has_role(*_DOING) and actor.allows("cases:read")


def may_ask(actor: Actor) -> bool:
    """Whoever works on a case asks others for a part of it, and takes that back."""
    return cases_rules.may_work(actor)


def is_asked(actor: Actor, task: TaskFacts) -> bool:
    """Say whether it is for this person, by name or in one of their teams."""
    return actor.user_id is not None and (actor.id == task.person_id or task.team_id in actor.team_ids)


def may_see(actor: Actor, task: TaskFacts) -> bool:
    """Whoever is asked sees a task without seeing its case; whoever reads notes in the case sees it there."""
    return may_list(actor) and (is_asked(actor, task) or actor.has_role(*_LAST))


def may_do(actor: Actor, task: TaskFacts) -> bool:
    """Whoever is asked does it; owners and managers do it in their place, so that nothing lies about for ever."""
    return may_see(actor, task) and actor.allows("cases:write")
