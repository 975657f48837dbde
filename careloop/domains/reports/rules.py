"""Who may keep which reports. docs/reference/roles.md shows the same as a table."""

from collections.abc import Iterable

from careloop.domains.boards import rules as boards
from careloop.kernel.actors import Actor

__all__ = ["may_address", "may_change", "may_keep", "may_see"]


def may_keep(actor: Actor) -> bool:
    """Whoever makes boards has them mailed; a client viewer is given the client report by others."""
    return boards.may_keep(actor)


def may_address(actor: Actor, reader_ids: Iterable[int]) -> bool:
    """Those who lead and judge address every member; everybody else only themselves."""
    return boards.may_share(actor) or (may_keep(actor) and set(reader_ids) <= {actor.user_id})


def may_change(actor: Actor, *, maker_id: int | None) -> bool:
    """One's own, and those who lead and judge everybody's."""
    return boards.may_share(actor) or (may_keep(actor) and maker_id == actor.user_id)


def may_see(actor: Actor, *, maker_id: int | None, reader_ids: Iterable[int]) -> bool:
    """Whoever may change it, and whoever gets it."""
    return boards.may_see(actor) and (may_change(actor, maker_id=maker_id) or actor.user_id in set(reader_ids))
