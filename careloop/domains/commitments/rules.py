"""Who may see what is promised, and who may promise. docs/reference/roles.md shows the same as a table."""

from careloop.domains.cases import rules as cases_rules
from careloop.kernel.actors import Actor, Role

__all__ = ["may_call_back", "may_promise", "may_see_policies", "may_see_promises"]


def may_see_policies(actor: Actor) -> bool:
    """Everybody who works here knows what was promised; so does the client, to whom it was."""
    return actor.is_house or (actor.role is not None and actor.allows("settings:read"))


def may_see_promises(actor: Actor) -> bool:
    """Whoever sees a case as one of ours or as the client sees its promises; a customer sees no target that we set ourselves."""
    return actor.is_house or (actor.role is not None and actor.allows("cases:read"))


def may_promise(actor: Actor) -> bool:
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_call_back(actor: Actor) -> bool:
    """Whoever answers customers gives them their word, and keeps it for a colleague."""
    return cases_rules.may_work(actor)
