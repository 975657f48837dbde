"""Who talks to visitors, who listens in, and who keeps the widgets."""

from typing import Final

from careloop.domains.cases import rules as cases_rules
from careloop.domains.queues.rules import may_move_work
from careloop.kernel.actors import Actor, Role

__all__ = ["TALKING", "may_chat", "may_keep_widgets", "may_move", "may_read_widgets", "may_see"]

TALKING: Final = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT)
"""Who answers visitors, where their sign-in lets them."""
_READING: Final = (Role.OWNER, Role.MANAGER, Role.ANALYST, Role.LEAD, Role.AGENT)


def may_chat(actor: Actor) -> bool:
    """Whoever answers cases answers chats."""
    return actor.user_id is not None and cases_rules.may_work(actor)


def may_see(actor: Actor) -> bool:
    """Whoever answers cases, and analysts, who read along; colleagues and client viewers read what was said in the case."""
    return actor.is_house or (actor.has_role(*_READING) and actor.allows("cases:read"))


def may_read_widgets(actor: Actor) -> bool:
    """Whoever keeps them reads how they are set."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:read"))


def may_move(actor: Actor) -> bool:
    """Whoever leads or manages takes chats over, and gives them to others."""
    return actor.user_id is not None and may_move_work(actor) and may_chat(actor)


def may_keep_widgets(actor: Actor) -> bool:
    """Owners and managers put the chat on their sites."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))
