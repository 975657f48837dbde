"""Who asks for help and who comes, and who is protected from abuse. docs/reference/roles.md shows the same as a table."""

from careloop.domains.cases import rules as cases_rules
from careloop.domains.workforce.rules import may_set_own
from careloop.kernel.actors import Actor, Role

__all__ = [
    "may_give_rest",
    "may_help",
    "may_note_abuse",
    "may_raise",
    "may_see_abuse",
    "may_see_hands",
    "may_tell_teams",
]


def may_raise(actor: Actor) -> bool:
    """Say who asks for help: whoever serves customers."""
    return actor.user_id is not None and may_set_own(actor)


def may_help(actor: Actor) -> bool:
    """Say who comes when somebody asks for help: whoever leads or manages."""
    return actor.user_id is not None and (
        actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD) and actor.allows("cases:write")
    )


def may_see_hands(actor: Actor) -> bool:
    """Say who sees all who ask for help: whoever runs, leads or judges the work."""
    return actor.is_house or (
        actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.ANALYST) and actor.allows("people:read")
    )


def may_tell_teams(actor: Actor) -> bool:
    """Say who sends a message to a team, and sees who has read it: whoever leads or manages."""
    return may_help(actor)


def may_note_abuse(actor: Actor) -> bool:
    """Say who writes down that a customer abused them, warns the customer and ends the contact: whoever serves customers."""
    return actor.user_id is not None and cases_rules.may_work(actor)


def may_see_abuse(actor: Actor) -> bool:
    """Say who reads what was written down about abuse in a case that they see: whoever serves customers or judges the work."""
    return actor.is_house or (
        actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT, Role.ANALYST) and actor.allows("cases:read")
    )


def may_give_rest(actor: Actor, *, user_id: int) -> bool:
    """Say who lets somebody rest who was abused: they themselves, or whoever leads or manages."""
    return (actor.user_id == user_id and may_note_abuse(actor)) or may_help(actor)
