"""Who may see which numbers. Boards, tiles, cards of numbers, contacts behind them, exports and the API all ask here.

docs/reference/roles.md shows the same as a table.
"""

from careloop.kernel.actors import Actor, Role

__all__ = [
    "may_export",
    "may_keep",
    "may_see",
    "may_see_catalogue",
    "may_see_people",
    "may_share",
]

_LEADING = (Role.OWNER, Role.MANAGER, Role.ANALYST, Role.LEAD)


def may_see(actor: Actor) -> bool:
    """Whoever runs, judges or does the work sees boards, a client viewer the client's; a colleague elsewhere none."""
    return actor.is_house or (
        actor.has_role(*_LEADING, Role.AGENT, Role.CLIENT_VIEWER) and actor.allows("numbers:read")
    )


def may_see_catalogue(actor: Actor) -> bool:
    """Say who may ask any number of the workspace; a client viewer sees those of the client report only."""
    return may_see(actor) and not actor.has_role(Role.CLIENT_VIEWER)


def may_see_people(actor: Actor) -> bool:
    """Numbers about people who work here are for those who answer for them, and each person's own for that person."""
    return actor.is_house or (actor.has_role(*_LEADING) and actor.allows("numbers:read"))


def may_keep(actor: Actor) -> bool:
    """Whoever sees the catalogue makes boards of their own."""
    return actor.user_id is not None and may_see_catalogue(actor) and actor.allows("numbers:write")


def may_share(actor: Actor) -> bool:
    """Those who lead and those who judge make boards for everybody."""
    return may_keep(actor) and actor.has_role(*_LEADING)


def may_export(actor: Actor) -> bool:
    """Rows of contacts and cases name who did what, so they leave the house only with those who answer for the people in them."""
    return may_see_people(actor) and actor.allows("cases:read")
