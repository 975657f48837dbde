"""Who may do what with people, teams and tokens. docs/reference/roles.md shows the same as a table."""

from typing import Final

from careloop.domains.people.types import Scope
from careloop.kernel.actors import Actor, Role

__all__ = [
    "given_roles",
    "may_administer_people",
    "may_change_role",
    "may_end_membership",
    "may_fill_team",
    "may_invite",
    "may_make_tokens",
    "may_manage_teams",
    "may_read_audit",
    "may_revoke_token",
    "may_see_people",
]

_RANK: Final = {role: rank for rank, role in enumerate(Role)}
_ADMINISTRATORS: Final = frozenset({Role.OWNER, Role.MANAGER})


def may_see_people(actor: Actor) -> bool:
    """Say whether the actor may look up who works here: everybody of the operation, not the client's readers."""
    return actor.is_house or (
        actor.role is not None and actor.role is not Role.CLIENT_VIEWER and actor.allows(Scope.PEOPLE_READ)
    )


def may_administer_people(actor: Actor) -> bool:
    """Say whether the actor administers people at all; which roles is said by the rules below."""
    return actor.is_house or (actor.role in _ADMINISTRATORS and actor.allows(Scope.SETTINGS_WRITE))


def may_invite(actor: Actor, *, role: Role) -> bool:
    """Say whether the actor may bring somebody in with a role: nobody gives more than they have."""
    return may_administer_people(actor) and _reaches(actor, role)


def given_roles(actor: Actor) -> list[Role]:
    """Return the roles that the actor may give, the most powerful first."""
    return [role for role in Role if may_invite(actor, role=role)]


def may_change_role(actor: Actor, *, was: Role, role: Role) -> bool:
    """Say whether the actor may turn one role into another: neither may be above their own."""
    return may_invite(actor, role=was) and may_invite(actor, role=role)


def may_end_membership(actor: Actor, *, user_id: int, role: Role) -> bool:
    """Say whether the actor may end somebody's membership: everybody their own, administrators up to their own role."""
    if actor.user_id == user_id:
        return actor.scopes is None
    return may_administer_people(actor) and _reaches(actor, role)


def may_manage_teams(actor: Actor) -> bool:
    """Say whether the actor may make, rename and retire teams."""
    return may_administer_people(actor)


def may_fill_team(actor: Actor, *, team_id: int) -> bool:
    """Say whether the actor may decide who is in a team: administrators any, a team lead their own."""
    if may_manage_teams(actor):
        return True
    return actor.has_role(Role.LEAD) and team_id in actor.team_ids and actor.allows(Scope.SETTINGS_WRITE)


def may_make_tokens(actor: Actor) -> bool:
    """Say whether the actor may make API tokens for themselves: signed-in staff; a token makes no tokens."""
    return actor.has_role(Role.OWNER, Role.MANAGER, Role.ANALYST, Role.LEAD, Role.AGENT) and actor.scopes is None


def may_revoke_token(actor: Actor, *, user_id: int) -> bool:
    """Say whether the actor may revoke a token of somebody: everybody their own, administrators all."""
    return actor.user_id == user_id or may_administer_people(actor)


def may_read_audit(actor: Actor) -> bool:
    """Say whether the actor may read who did what in the whole workspace."""
    return actor.is_house or (actor.role in _ADMINISTRATORS and actor.allows(Scope.AUDIT_READ))


def _reaches(actor: Actor, role: Role) -> bool:
    return actor.role is None or _RANK[role] >= _RANK[actor.role]
