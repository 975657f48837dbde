"""Who may see which flags, and who may answer them. docs/reference/roles.md shows the same as a table."""

from careloop.domains.integrity.types import About
from careloop.kernel.actors import Actor, Role

__all__ = ["may_answer", "may_answer_some", "may_see", "may_see_all", "may_see_some"]

_LEADING = (Role.OWNER, Role.MANAGER, Role.ANALYST, Role.LEAD)


def may_see_some(actor: Actor) -> bool:
    """Whoever asks the numbers of the catalogue sees what is wrong with them, with the exception of `may_see`."""
    return actor.is_house or (actor.has_role(*_LEADING, Role.AGENT) and actor.allows("numbers:read"))


def may_see_all(actor: Actor) -> bool:
    """Who leads or judges sees flags about persons, too."""
    return actor.is_house or (actor.has_role(*_LEADING) and actor.allows("numbers:read"))


def may_see(actor: Actor, *, about: About, user_id: int | None) -> bool:
    """A flag about a person is for that person and those who lead, never for peers."""
    if about is not About.AGENT or may_see_all(actor):
        return may_see_some(actor)
    return may_see_some(actor) and user_id is not None and actor.user_id == user_id


def may_answer_some(actor: Actor) -> bool:
    """Those who run the program and those who judge its quality answer for its numbers."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.ANALYST) and actor.allows("numbers:write")


def may_answer(actor: Actor, *, user_id: int | None) -> bool:
    """Nobody answers a flag about their own work. user_id: whom it is about, or None."""
    return may_answer_some(actor) and (user_id is None or actor.user_id != user_id)
