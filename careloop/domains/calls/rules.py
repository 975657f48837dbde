"""Who sees calls, and who deals with them."""

from careloop.domains.cases import rules as cases_rules
from careloop.kernel.actors import Actor, Role

__all__ = ["may_end", "may_go_into", "may_handle", "may_hear", "may_pause", "may_see", "may_see_all", "may_write_up"]


def may_see_all(actor: Actor) -> bool:
    """Those who lead, manage or judge see every call of the workspace."""
    readers = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.ANALYST)
    return actor.is_house or (actor.has_role(*readers) and actor.allows("cases:read"))


def may_see(actor: Actor) -> bool:
    """Agents see their own calls, their teams', and those that nobody answered; colleagues and client viewers none."""
    return may_see_all(actor) or (actor.has_role(Role.AGENT) and actor.allows("cases:read"))


def may_handle(actor: Actor) -> bool:
    """Whoever answers cases says who called, and what the call belongs to."""
    return may_see(actor) and cases_rules.may_work(actor)


def may_write_up(actor: Actor, *, agent_id: int | None) -> bool:
    """A call is written up by who answered it, or by who leads or manages; one that nobody of ours answered, by anybody."""
    if not may_handle(actor):
        return False
    leads = actor.is_house or actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD)
    return leads or agent_id is None or actor.user_id == agent_id


def may_end(actor: Actor, *, agent_id: int | None) -> bool:
    """Whoever talks to the caller ends the call, and whoever leads or manages as well."""
    return may_pause(actor, agent_id=agent_id)


def may_go_into(actor: Actor) -> bool:
    """Those who lead or manage listen to calls, whisper to agents and join."""
    return actor.user_id is not None and actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and may_handle(actor)


def may_hear(actor: Actor) -> bool:
    """Those who lead, manage or judge calls hear recordings."""
    return actor.user_id is not None and may_see_all(actor)


def may_pause(actor: Actor, *, agent_id: int | None) -> bool:
    """Whoever talks to the caller pauses the recording, and whoever leads or manages as well."""
    leads = actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD)
    return actor.user_id is not None and may_handle(actor) and (leads or actor.user_id == agent_id)
