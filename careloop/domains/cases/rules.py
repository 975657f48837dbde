"""Who may see cases and do what with them. Lists, details, search, export, the API, streams and files all ask here.

docs/reference/roles.md shows the same as a table.
"""

from collections.abc import Collection
from dataclasses import dataclass

from careloop.kernel.actors import Actor, Role

__all__ = [
    "CaseFacts",
    "may_be_given",
    "may_configure",
    "may_note",
    "may_read_notes",
    "may_see",
    "may_see_all",
    "may_share_views",
    "may_work",
]

_WORKING = (Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the rules look at. follower_ids: users who follow the case, which everybody mentioned in it does."""

    requester_id: int
    participant_ids: Collection[int]
    assignee_id: int | None
    team_id: int | None
    follower_ids: Collection[int]


def may_be_given(role: Role) -> bool:
    """Say whether cases may be put into the hands of people with a role: whoever works on them or solves a part, no mere reader."""
    return role in {*_WORKING, Role.COLLEAGUE}


def may_see_all(actor: Actor) -> bool:
    """Those who work on cases, judge them, or read for the client see every case of the workspace."""
    if not actor.allows("cases:read"):
        return False
    return actor.is_house or actor.has_role(*_WORKING, Role.ANALYST, Role.CLIENT_VIEWER)


def may_see(actor: Actor, case: CaseFacts) -> bool:
    """A colleague sees the cases of his teams and those he is drawn into; a customer those he takes part in."""
    if may_see_all(actor):
        return True
    if actor.is_customer:
        return actor.id == case.requester_id or actor.id in case.participant_ids
    if not actor.has_role(Role.COLLEAGUE) or not actor.allows("cases:read"):
        return False
    return actor.id == case.assignee_id or case.team_id in actor.team_ids or actor.id in case.follower_ids


def may_work(actor: Actor) -> bool:
    """Say who answers customers and changes cases."""
    return actor.is_house or (actor.has_role(*_WORKING) and actor.allows("cases:write"))


def may_read_notes(actor: Actor) -> bool:
    """Notes are words among colleagues: never for a client viewer, never for a customer."""
    return actor.is_house or actor.has_role(*_WORKING, Role.ANALYST, Role.COLLEAGUE)


def may_note(actor: Actor) -> bool:
    """Whoever reads notes may write them, on cases he sees; so may a rule of the house."""
    return (actor.is_house or actor.user_id is not None) and may_read_notes(actor) and actor.allows("cases:write")


def may_configure(actor: Actor) -> bool:
    """Owners and managers keep statuses, types and reasons."""
    return actor.is_house or (actor.has_role(Role.OWNER, Role.MANAGER) and actor.allows("settings:write"))


def may_share_views(actor: Actor) -> bool:
    """Leads and above make views for everybody; everybody makes his own."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD)
